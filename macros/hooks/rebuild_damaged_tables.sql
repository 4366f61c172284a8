{#- At the end of a run: DuckDB finds damage in a table only when it reads it,
    and would find it again in every build. This drops the table project_version;
    a build that does not find it drops all tables and reads everything again. -#}
{% macro rebuild_damaged_tables(results) -%}
    {%- set messages = results | map(attribute='message', default='') | join('\n') -%}
    {%- if 'Corrupt database file' in messages -%}
        {%- do log(
            "The DuckDB file is damaged. Run the same command again: it rebuilds all tables.",
            info=true
        ) -%}
        drop table if exists {{ target.schema }}.project_version
    {%- endif -%}
{%- endmacro %}
