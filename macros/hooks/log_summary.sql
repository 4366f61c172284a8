{#- At the end of a run that published: prints the lines of `build_summary`. -#}
{% macro log_summary(results) -%}
    {%- set summary = built_model(results, 'build_summary') -%}
    {%- if summary -%}
        {%- for row in query_rows(
            "select line from " ~ summary.relation_name ~ " order by line_number, line"
        ) -%}
            {%- do log(row.line, info=true) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
