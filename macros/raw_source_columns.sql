{#- A source's declared columns are the columns that its files must have, but
    for those marked `optional`. -#}
{% macro raw_source_columns(source_name, needed=false) -%}
    {%- set raw_source = graph.sources.values()
        | selectattr('name', 'equalto', source_name) | first -%}
    {%- set names = [] -%}
    {%- for column in raw_source.columns.values()
        if not (needed and (column.config.meta or {}).get('optional')) -%}
        {%- do names.append(column.name) -%}
    {%- endfor -%}
    {{- return(names) -}}
{%- endmacro %}
