{#- A model whose result is one file below the data root, and a typed view over
    it: whoever reads the model reads what was published.

    dbt-duckdb's own external materialization writes one object of nulls when
    there are no rows, and `dbt build --empty` overwrites the file with it.

    A file that was made of the raw files as they are now is left alone. Where a
    model has found out which rows of its file no longer hold, these stand in
    the temporary table replaced_rows, its query gives the new ones only, and
    the file is edited, see edit_file.sql.

    A file is written beside the old one and renamed when it is complete, so
    it is whole at every moment. What a killed build leaves of the other is
    written over by the next one, since its name is always the same. An object
    is put when it is complete, from a file beside the DuckDB file.

    A JSON file may be a list of the parts that hold the rows, see
    export_parts.sql. -#}
{% materialization file, adapter='duckdb' %}

    {%- set location = config.require('location') -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set existing_relation = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set is_up_to_date = is_file_up_to_date() -%}
    {%- if not is_up_to_date -%}
        {%- do get_assert_columns_equivalent(sql) -%}
        {%- set contents = get_select_subquery(sql) -%}
    {%- endif -%}

    {%- if is_up_to_date -%}
        {%- call statement('main') -%}
            select 'nothing new'
        {%- endcall -%}
    {%- elif flags.EMPTY -%}
        {#- Proves that the query runs, and touches neither file nor view. -#}
        {%- call statement('main') -%}
            create or replace temp table checked as {{ contents }}
        {%- endcall -%}
    {%- else -%}
        {%- if is_edited() -%}
            {%- do edit_file(target_relation, location, contents) -%}
        {%- else -%}
            {%- do write_file(target_relation, location, contents) -%}
        {%- endif -%}
        {%- call statement('remember') -%}
            {{ remember_files() }};
            {{ remember_written_files() }};
            {{ render(config.get('remember', '')) }}
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
            {{ 'where false' if flags.EMPTY else 'from ' ~ rows_written(location) }}
        {%- endcall -%}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}


{#- As the statement that dbt reports. -#}
{% macro write_file(relation, location, rows) -%}
    {%- set file = local_file(location) -%}
    {%- set part_bytes = part_bytes(location) -%}
    {%- if not is_object_store() -%}
        {#- Makes the folder: COPY makes one only for partitions. -#}
        {%- do run_query(
            "copy (select 1 as one, 2 as two where false) to '" ~ data_path(location.rsplit('/', 1)[0])
            ~ "' (format csv, partition_by one, overwrite_or_ignore true)"
        ) -%}
    {%- endif -%}
    {%- if part_bytes -%}
        {%- set rows = export_parts(relation, location, rows, part_bytes, not is_newline_delimited(location)) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        {{ copy_rows(rows, file, location) }}
    {%- endcall -%}
    {%- if is_object_store() -%}
        {%- do put_object(relation, file, location) -%}
    {%- endif -%}
{%- endmacro %}


{#- DuckDB forbids nulls in a Parquet column that it sees none in. What it can't
    see through, `try`, keeps one schema, whatever the rows are. -#}
{% macro copy_rows(rows, file, location) -%}
    copy (
        {%- if location.endswith('.json') %}
        {{ rows }}
        {%- else %}
        select
        {%- for column in model.columns %}
            try({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
        from ({{ rows }}) as rows
        {%- endif %}
    ) to '{{ file | replace("'", "''") }}' (
        {{ 'format json, array ' ~ (part_bytes(location) > 0 or not is_newline_delimited(location))
            if location.endswith('.json')
            else 'format parquet, compression zstd, compression_level 1, write_bloom_filter false' }},
        use_tmp_file true
    )
{%- endmacro %}


{#- SQL that reads the rows of a model's file. -#}
{% macro rows_written(location) -%}
    {%- if location.endswith('.json') -%}
        read_json({{ parts_exported(location) if part_bytes(location) else "'" ~ data_glob(location) ~ "'" }},
        format = '{{ 'newline_delimited' if is_newline_delimited(location) else 'array' }}', columns = {
        {%- for column in model.columns.values() -%}
            '{{ column.name }}': '{{ column.data_type }}'{{ ', ' if not loop.last }}
        {%- endfor -%}
        }, hive_partitioning = false)
    {%- else -%}
        read_parquet('{{ data_glob(location) }}', hive_partitioning = false)
    {%- endif -%}
{%- endmacro %}


{#- Where a file is written: where it belongs, or, for a bucket, beside the
    DuckDB file. -#}
{% macro local_file(location) -%}
    {{- return(target.path ~ '.' ~ location.rsplit('/', 1)[1] if is_object_store() else data_root() ~ '/' ~ location) -}}
{%- endmacro %}


{% macro put_object(relation, file, location) -%}
    {%- do adapter.store_relation('duckdb_file', relation, [], file, '', {'url': data_root() ~ '/' ~ location}) -%}
{%- endmacro %}


{#- Spark writes folders of files; a plugin writes one, see pyspark_one_file.py.
    It takes what comes in one partition: where the rows have an order, that of
    their sorted partitions. -#}
{% materialization file, adapter='spark' %}

    {%- set location = config.require('location') -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set is_sorted = 'order by' in sql.rsplit('select', 1)[1] -%}
    {%- if part_bytes(location) or is_newline_delimited(location) -%}
        {{- exceptions.raise_compiler_error(
            "Spark writes " ~ location ~ " as one array: leave out export_part_bytes and export_newline_delimited."
        ) -}}
    {%- endif -%}

    {{ run_hooks(pre_hooks) }}

    {%- do get_assert_columns_equivalent(sql) -%}
    {%- set contents = get_select_subquery(sql) -%}
    {%- if flags.EMPTY -%}
        {#- Proves that the query runs, and touches no file. -#}
        {%- call statement('main') -%}
            select count(*) from ({{ contents }}) as checked
        {%- endcall -%}
    {%- else -%}
        {%- do run_query(
            "create or replace temporary view unfinished ("
            ~ ('line string' if location.endswith('.json') else column_types(model.columns))
            ~ ") using one_file options (path '" ~ data_path(location) ~ "')"
        ) -%}
        {%- call statement('main') -%}
            insert into unfinished
            select /*+ {{ 'coalesce' if is_sorted else 'repartition' }}(1) */
                {{ 'to_json(struct(*)) as line' if location.endswith('.json') else '*' }}
            from ({{ contents }}) as contents
        {%- endcall -%}
        {%- do register_file(target_relation, model) -%}
    {%- endif -%}

    {{ run_hooks(post_hooks) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}


{#- A table: what BigQuery writes to a bucket is many files, whose names it
    chooses. -#}
{% materialization file, adapter='bigquery' %}
    {{ return(materialization_table_bigquery()) }}
{% endmaterialization %}
