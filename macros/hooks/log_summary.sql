{#- At the end of a run that published: prints the lines of `build_summary`. -#}
{% macro log_summary(results) -%}
    {%- for result in results if result.node.name == 'build_summary'
        and result.node.resource_type == 'model' and result.status == 'success' and not flags.EMPTY -%}
        {%- for row in run_query(
            "select line from " ~ result.node.relation_name ~ " order by line_number"
        ).rows -%}
            {%- do log(row.line, info=true) -%}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
