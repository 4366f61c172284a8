{#- Spark knows of no table: each query names the files that it reads. -#}
{% macro spark__create_schema(relation) -%}
{%- endmacro %}


{#- Tables are views over files, so no model takes itself for incremental. -#}
{% macro spark__list_relations_without_caching(relation) -%}
    {%- set folders = "'" ~ spark_tables() | replace("'", "''") ~ "/*/*'" -%}
    {%- do spark_view_over(
        "select distinct '" ~ target.schema ~ "' as schema, split(file, '/')[-2] as name, false as is_temporary, "
        ~ "'Type: VIEW' as information from glob(" ~ folders ~ ")"
    ) -%}
    {{- return(run_query("select * from duckdb_tasks")) -}}
{%- endmacro %}


{#- What dbt shows and what tests count are rows that DuckDB gives to Spark. -#}
{% macro spark__get_limit_sql(sql, limit) -%}
    {%- do spark_view_over(sql ~ ('\nlimit ' ~ limit if limit is not none else '')) -%}
    select * from duckdb_tasks
{%- endmacro %}
