{#- At the end of a run that published: prints the lines of `build_summary`. -#}
{% macro log_summary(results) -%}
    {%- set summary = built_model(results, 'build_summary') -%}
    {%- if summary -%}
        {%- for row in run_query(
            "select line from " ~ summary.relation_name ~ " order by line_number, line"
        ).rows -%}
            {%- do log(row.line, info=true) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
