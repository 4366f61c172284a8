{#- A table of rows that are each made of one raw file, added to file by file.
    When none of the files is new, changed or gone, nothing is done, which is
    what most models find in most builds; dbt's own incremental materialization
    asks the database a dozen times before it inserts nothing.

    The files are those of `source_name` or, without one, those that the models
    are made of that this one reads. What else the rows depend on is told by
    `also_made_of`, see raw_files_to_read.

    A table is made by the version of the project that adds to it (see
    duckdb_file.py), so its columns never differ from the query's. -#}
{% materialization raw_records, adapter='duckdb' %}

    {%- set made_of = [config.get('source_name'), render(config.get('also_made_of', '0'))] -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set is_held = holds_raw_records() -%}
    {%- set is_changed = not flags.EMPTY and has_raw_files_changed(*made_of) if is_held else true -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if not is_held -%}
        {%- call statement('main') -%}
            {{ replace_table(sql) }}
        {%- endcall -%}
    {%- elif flags.EMPTY -%}
        {#- Proves that the query runs, and leaves the table alone. -#}
        {%- call statement('main') -%}
            create or replace temp table checked as {{ sql }}
        {%- endcall -%}
    {%- elif is_changed -%}
        {%- call statement('main') -%}
            delete from {{ target_relation }}
            where raw_file not in ({{ raw_files_up_to_date(*made_of) }});
            insert into {{ target_relation }} by name
            {{ sql }}
        {%- endcall -%}
    {%- else -%}
        {%- do store_raw_result('main', message='OK', code=none, rows_affected=none) -%}
    {%- endif -%}

    {%- if is_changed -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
        {%- call statement('remember') -%}
            {{ remember_files(*made_of) }}
        {%- endcall -%}
        {%- do persist_docs(target_relation, model) -%}
    {%- endif -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}


{#- Every build is a full one. -#}
{% materialization raw_records, adapter='spark' %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}


{% materialization raw_records, adapter='bigquery' %}
    {{ return(materialization_table_bigquery()) }}
{% endmaterialization %}
