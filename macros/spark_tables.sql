{#- Where dbt-spark leaves a choice. A table is a folder of files below the data
    root, and nothing else knows of it: whoever connects finds the tables that
    stand there. -#}
{% macro spark_tables() -%}
    {{- data_root() ~ '/spark_tables' -}}
{%- endmacro %}


{% macro spark__create_schema(relation) -%}
    {%- do run_query(
        "create schema if not exists " ~ relation ~ " location '" ~ dbt.escape_single_quotes(spark_tables()) ~ "'"
    ) -%}
{%- endmacro %}


{% macro spark__location_clause() -%}
    location '{{ dbt.escape_single_quotes(spark_tables() ~ '/' ~ this.identifier) }}'
{%- endmacro %}


{% macro spark__list_relations_without_caching(relation) -%}
    {%- do spark__create_schema(relation.without_identifier()) -%}
    {%- set schema = relation.schema -%}
    {%- set known = run_query("show tables in " ~ schema).columns[1].values() | list -%}
    {%- do run_query(
        "create or replace temporary view table_files using raw_files options (path '"
        ~ dbt.escape_single_quotes(spark_tables()) ~ "')"
    ) -%}
    {%- set names = run_query("
        select distinct split_part(substring(file_path, " ~ (spark_tables() | length + 2) ~ "), '/', 1)
        from table_files
        where file_path like '%.parquet'
    ").columns[0].values() -%}
    {%- for name in names if name not in known -%}
        {%- do run_query(
            "create table " ~ schema ~ "." ~ name ~ " using parquet location '"
            ~ dbt.escape_single_quotes(spark_tables() ~ '/' ~ name) ~ "'"
        ) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() if node.config.materialized == 'file' and node.name not in known -%}
        {%- do register_file(api.Relation.create(schema=schema, identifier=node.name), node) -%}
    {%- endfor -%}
    {%- call statement('list_relations_without_caching', fetch_result=True) -%}
        show table extended in {{ schema }} like '*'
    {%- endcall -%}
    {{- return(load_result('list_relations_without_caching').table) -}}
{%- endmacro %}


{#- Contracts name types as DuckDB does. -#}
{% macro spark__cast(field, type) -%}
    cast({{ field }} as {{ spark_type(type) }})
{%- endmacro %}


{#- What unit tests give may be a list, which dbt-spark does not know how to
    write. -#}
{% macro spark__safe_cast(field, type) -%}
    {%- if field is string or field is number or field is boolean -%}
        {{ spark__cast(field, type) }}
    {%- else -%}
        {{ list_of_texts(field) }}
    {%- endif -%}
{%- endmacro %}


{% macro spark_type(type) -%}
    {{- return({
        'varchar': 'string',
        'varchar[]': 'array<string>',
        'ubigint': 'bigint',
        'timestamp with time zone': 'timestamp',
    }.get(type, type)) -}}
{%- endmacro %}


{#- Makes a published file a table: whoever reads the model reads what was
    published. Without a file the table has no rows. -#}
{% macro register_file(relation, node) -%}
    {%- set location = node.config.location -%}
    {%- do run_query("drop table if exists " ~ relation) -%}
    {%- do run_query(
        "create table " ~ relation ~ " (" ~ column_types(node.columns) ~ ") using "
        ~ ("json options (multiLine 'true', mode 'FAILFAST')" if location.endswith('.json') else 'parquet')
        ~ " location '" ~ data_path(location) ~ "'"
    ) -%}
{%- endmacro %}


{% macro column_types(columns) -%}
    {%- for column in columns.values() -%}
        {{ column.name }} {{ spark_type(column.data_type) }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
