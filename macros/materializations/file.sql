{#- A model whose result is one file below the data root, and a typed view over
    it: whoever reads the model reads what was published.

    dbt-duckdb's own external materialization writes one object of nulls when
    there are no rows, and `dbt build --empty` overwrites the file with it.

    The file is written beside the old one and renamed when it is complete, so
    it is whole at every moment. What a killed build leaves of the other is
    written over by the next one, since its name is always the same. -#}
{% materialization file, adapter='duckdb' %}

    {%- set location = config.require('location') -%}
    {%- set folder, name = location.rsplit('/', 1) -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set reader -%}
        {%- if location.endswith('.json') -%}
            read_json('{{ data_glob(location) }}', format = 'array', columns = {
            {%- for column in model.columns.values() -%}
                '{{ column.name }}': '{{ column.data_type }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
            })
        {%- else -%}
            read_parquet('{{ data_glob(location) }}')
        {%- endif -%}
    {%- endset -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- do get_assert_columns_equivalent(sql) -%}
    {%- set contents = get_select_subquery(sql) -%}

    {%- if flags.EMPTY -%}
        {#- Proves that the query runs, and touches neither file nor view. -#}
        {%- call statement('main') -%}
            create or replace temp table checked as {{ contents }}
        {%- endcall -%}
    {%- else -%}
        {#- Makes the folder: COPY makes one only for partitions. -#}
        {%- do run_query(
            "copy (select 1 as one, 2 as two where false) to '" ~ data_path(folder)
            ~ "' (format csv, partition_by one, overwrite_or_ignore true)"
        ) -%}
        {%- call statement('main') -%}
            copy ({{ contents }}) to '{{ data_path(location) }}' (
                format {{ 'json, array true' if location.endswith('.json') else 'parquet' }},
                use_tmp_file true
            )
        {%- endcall -%}
    {%- endif -%}

    {%- if not flags.EMPTY or existing_relation is none -%}
        {%- if existing_relation is not none and not existing_relation.is_view -%}
            {%- do adapter.drop_relation(existing_relation) -%}
        {%- endif -%}
        {%- call statement('view') -%}
            create or replace view {{ target_relation }} as
            select
            {%- for column in model.columns.values() %}
                {{ 'null' if flags.EMPTY else column.name }}::{{ column.data_type }}
                    as {{ column.name }}{{ ',' if not loop.last }}
            {%- endfor %}
            {{ 'where false' if flags.EMPTY else 'from ' ~ reader }}
        {%- endcall -%}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
