{#- Which record of its file a row is. -#}
{% macro place_in_file() -%}
    {{- adapter.dispatch('place_in_file', 'drug_mentions')() -}}
{%- endmacro %}


{#- The table has its records in that order, see position_in_table. -#}
{% macro duckdb__place_in_file() -%}
    cast(null as bigint)
{%- endmacro %}


{#- A task reads the parts of a file in order, and so do tasks of ascending
    numbers; a table that they write has none. -#}
{% macro spark__place_in_file() -%}
    cast(row_number() over (partition by raw_file order by monotonically_increasing_id()) as bigint)
{%- endmacro %}


{#- BigQuery reads a file in any order, so this is any number of its own. -#}
{% macro bigquery__place_in_file() -%}
    row_number() over (partition by raw_file)
{%- endmacro %}
