{#- At the end of a run: DuckDB finds damage inside a table when it reads it,
    and would find it in every build. Without this table the next build takes
    the file for one of another version, and drops all others. -#}
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
