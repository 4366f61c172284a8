{#- SQL that ends the query with a message. -#}
{% macro stop_with(message) -%}
    {{- adapter.dispatch('stop_with', 'drug_mentions')(message) -}}
{%- endmacro %}


{% macro duckdb__stop_with(message) -%}
    error({{ message }})
{%- endmacro %}


{% macro spark__stop_with(message) -%}
    raise_error({{ message }})
{%- endmacro %}


{% macro bigquery__stop_with(message) -%}
    error({{ message }})
{%- endmacro %}
