{#- The rows of a query that a hook asks, in DuckDB's SQL on every engine. -#}
{% macro query_rows(sql) -%}
    {{- return(adapter.dispatch('query_rows', 'drug_mentions')(sql)) -}}
{%- endmacro %}


{% macro default__query_rows(sql) -%}
    {{- return(run_query(sql).rows) -}}
{%- endmacro %}
