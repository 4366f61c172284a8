{#- A record of these columns, for to_json. -#}
{% macro record_of(columns) -%}
    {{- adapter.dispatch('record_of', 'drug_mentions')(columns) -}}
{%- endmacro %}


{% macro duckdb__record_of(columns) -%}
    struct_pack({{ columns | join(', ') }})
{%- endmacro %}


{% macro spark__record_of(columns) -%}
    struct({{ columns | join(', ') }})
{%- endmacro %}
