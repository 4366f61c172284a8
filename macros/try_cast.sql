{#- Null where the text is no such value. -#}
{% macro try_cast(text, type) -%}
    {{- adapter.dispatch('try_cast', 'drug_mentions')(text, type) -}}
{%- endmacro %}


{% macro default__try_cast(text, type) -%}
    try_cast({{ text }} as {{ type }})
{%- endmacro %}


{% macro bigquery__try_cast(text, type) -%}
    safe_cast({{ text }} as {{ type }})
{%- endmacro %}
