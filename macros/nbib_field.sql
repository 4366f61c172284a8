{#- The first text of a tag, with the lines in which it goes on; null when there
    is none. -#}
{% macro nbib_field(tag) -%}
    nullif(
        trim({{ pattern_group(
            'raw_text', '(?:^|\\n)' ~ '%-4s' | format(tag) ~ '-([^\\n]*(?:\\n {2,}[^\\n]*)*)', 1
        ) }}),
        ''
    )
{%- endmacro %}
