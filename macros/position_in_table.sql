{#- Records are inserted in the order in which they stand in their file, so a
    record's place costs nothing. Numbering them while they are read would
    leave all cores but one idle. -#}
{% macro position_in_table() -%}
    {{- 'null::bigint' if flags.EMPTY else 'rowid' -}}
{%- endmacro %}
