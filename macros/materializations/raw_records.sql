{#- A table of the records of all raw files of a source, added to file by file.
    When none of them is new, changed or gone, nothing is done, which is what
    most models find in most builds; dbt's own incremental materialization asks
    the database a dozen times before it inserts nothing.

    A table is made by the version of the project that adds to it (see
    duckdb_file.py), so its columns never differ from the query's. -#}
{% materialization raw_records, adapter='duckdb' %}

    {%- set source_name = config.require('source_name') -%}
    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if not holds_raw_records() -%}
        {%- set old_relation = load_cached_relation(this) -%}
        {%- if old_relation is not none -%}
            {%- do adapter.drop_relation(old_relation) -%}
        {%- endif -%}
        {%- call statement('main') -%}
            {{ create_table_as(false, target_relation, sql) }}
        {%- endcall -%}
        {%- set is_changed = true -%}
    {%- elif flags.EMPTY -%}
        {#- Proves that the query runs, and leaves the table alone. -#}
        {%- call statement('main') -%}
            create or replace temp table checked as {{ sql }}
        {%- endcall -%}
        {%- set is_changed = false -%}
    {%- elif not has_raw_files_changed(source_name) -%}
        {%- call statement('main') -%}
            select 'nothing new'
        {%- endcall -%}
        {%- set is_changed = false -%}
    {%- else -%}
        {%- call statement('main') -%}
            delete from {{ target_relation }}
            where raw_file not in ({{ raw_files_up_to_date(source_name) }});
            insert into {{ target_relation }} by name
            {{ sql }}
        {%- endcall -%}
        {%- set is_changed = true -%}
    {%- endif -%}

    {%- if is_changed -%}
        {{ run_hooks(post_hooks, inside_transaction=True) }}
        {%- call statement('remember') -%}
            {{ remember_files(source_name) }}
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
