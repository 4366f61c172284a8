{#- The texts of a group, one per line, in the order of a number. -#}
{% macro lines_in_order(text, number) -%}
    {{- adapter.dispatch('lines_in_order', 'drug_mentions')(text, number) -}}
{%- endmacro %}


{% macro duckdb__lines_in_order(text, number) -%}
    string_agg({{ text }}, chr(10) order by {{ number }})
{%- endmacro %}


{% macro spark__lines_in_order(text, number) -%}
    listagg({{ text }}, chr(10)) within group (order by {{ number }})
{%- endmacro %}


{% macro bigquery__lines_in_order(text, number) -%}
    string_agg({{ text }}, '\n' order by {{ number }})
{%- endmacro %}
