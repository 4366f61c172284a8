{#- Spark knows of no table: each query names the files that it reads. -#}
{% macro spark__create_schema(relation) -%}
{%- endmacro %}


{#- Tables are views over files, so no model takes itself for incremental. -#}
{% macro spark__list_relations_without_caching(relation) -%}
    {%- set files = "'" ~ spark_tables() | replace("'", "''") ~ "/*/*'" -%}
    {%- do spark_tasks(
        "select distinct '" ~ target.schema ~ "' as schema, "
        ~ "split(file, '/')[-2] as name, false as is_temporary, "
        ~ "'Type: VIEW' as information from glob(" ~ files ~ ")"
    ) -%}
    {{- return(run_query('select * from duckdb_tasks')) -}}
{%- endmacro %}


{#- What dbt shows and what tests count are rows that DuckDB hands to Spark. -#}
{% macro spark__get_limit_sql(sql, limit) -%}
    {%- do spark_tasks(sql ~ ('\nlimit ' ~ limit if limit is not none else '')) -%}
    select * from duckdb_tasks
{%- endmacro %}


{% macro spark__query_rows(sql) -%}
    {%- do spark_tasks(sql) -%}
    {{- return(run_query('select * from duckdb_tasks').rows) -}}
{%- endmacro %}


{#- Where dbt-duckdb has the setting external_root. -#}
{% macro spark__data_root() -%}
    {%- set root = env_var('DRUG_MENTIONS_DATA', 'data').rstrip('/') | replace('file://', '') -%}
    {{- return(root if root.startswith('/') or '://' in root else flags.PROFILES_DIR ~ '/' ~ root) -}}
{%- endmacro %}


{% macro spark_tables() -%}
    {%- set tables = env_var('DRUG_MENTIONS_SPARK_TABLES', data_root() ~ '/spark_tables') -%}
    {%- if '://' in tables -%}
        {{- exceptions.raise_compiler_error(
            "Spark keeps tables in a folder that all machines see under one path, "
            ~ "not in " ~ tables ~ ". Name it in DRUG_MENTIONS_SPARK_TABLES."
        ) -}}
    {%- endif -%}
    {{- return(tables) -}}
{%- endmacro %}


{% macro spark__keep_published_rows() -%}
    {%- if execute and not flags.EMPTY -%}
        {%- set before = spark_tables() ~ '/mentions_before/' -%}
        {%- do spark_write('select * from ' ~ this, before) -%}
    {%- endif -%}
{%- endmacro %}


{% macro spark__publish_file(file, location) -%}
    {%- if execute and not flags.EMPTY -%}
        {%- do spark_write('select * from ' ~ this, data_root() ~ '/' ~ location, copy_options(location)) -%}
    {%- endif -%}
{%- endmacro %}


{% macro spark__remove_readable_copies(results) -%}
    {%- if built_model(results, 'mentioned_drugs') -%}
        {%- do spark_write('', spark_tables() ~ '/raw_shares') -%}
    {%- endif -%}
{%- endmacro %}


{% macro spark__remove_unpublished_graph(results, location) -%}
    {%- if built_model(results, 'mentioned_drugs') and not var('publish_graph') -%}
        {%- do spark_write('', data_root() ~ '/' ~ location) -%}
    {%- endif -%}
{%- endmacro %}
