{#- A number by which a file's records stand as they do in the file. -#}
{% macro position_in_table() -%}
    {%- if flags.EMPTY -%}
        cast(null as bigint)
    {%- else -%}
        {{- adapter.dispatch('position_in_table', 'drug_mentions')() -}}
    {%- endif -%}
{%- endmacro %}


{#- Records are inserted in the order in which they stand in their file, so a
    record's place costs nothing. Numbering them while they are read would
    leave all cores but one idle. -#}
{% macro duckdb__position_in_table() -%}
    rowid
{%- endmacro %}


{#- A table has no order, so each record was numbered when it was read. -#}
{% macro spark__position_in_table() -%}
    record_number
{%- endmacro %}


{% macro bigquery__position_in_table() -%}
    record_number
{%- endmacro %}
