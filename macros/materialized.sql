{#- Behind `as` of a CTE: whether it is worked out once and kept, or each time
    that it is read. -#}
{% macro materialized(is_kept) -%}
    {{- adapter.dispatch('materialized', 'drug_mentions')(is_kept) -}}
{%- endmacro %}


{% macro duckdb__materialized(is_kept) -%}
    {{ '' if is_kept else 'not ' }}materialized {% endmacro %}


{#- Spark decides by itself. -#}
{% macro spark__materialized(is_kept) -%}
{%- endmacro %}


{#- So does BigQuery. -#}
{% macro bigquery__materialized(is_kept) -%}
{%- endmacro %}
