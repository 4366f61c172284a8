{#- A source's declared columns are the columns that its files must have. -#}
{% macro raw_source_columns(source_name) -%}
    {%- set raw_source = graph.sources.values()
        | selectattr('name', 'equalto', source_name) | first -%}
    {{- return(raw_source.columns.keys() | list) -}}
{%- endmacro %}
