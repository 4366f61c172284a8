{#- A source's declared columns are the columns that its files must have. -#}
{% macro raw_source_node(raw_source) -%}
    {{- return(
        graph.sources.values()
        | selectattr('identifier', 'equalto', raw_source.identifier)
        | first
    ) -}}
{%- endmacro %}
