{#- Whether a build goes on from what the last one made. Elsewhere than on DuckDB
    every build is a full one: what is known of files and their versions would
    have to be changed in the transaction that changes a table, and there is
    none. -#}
{% macro keeps_state() -%}
    {{- return(adapter.dispatch('keeps_state', 'drug_mentions')()) -}}
{%- endmacro %}


{% macro duckdb__keeps_state() -%}
    {{- return(true) -}}
{%- endmacro %}


{% macro spark__keeps_state() -%}
    {{- return(false) -}}
{%- endmacro %}


{% macro bigquery__keeps_state() -%}
    {{- return(false) -}}
{%- endmacro %}
