{#- Regular expressions are written as RE2 and Java's both read them: character
    classes spelt out or `\p{...}`, groups in a replacement as `\1`. -#}
{% macro replace_pattern(text, pattern, replacement) -%}
    {{- adapter.dispatch('replace_pattern', 'drug_mentions')(text, pattern, replacement) -}}
{%- endmacro %}


{% macro duckdb__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}


{#- Unless told, Java takes no other letters than ASCII's for the same in two
    cases. -#}
{% macro spark__replace_pattern(text, pattern, replacement) -%}
    regexp_replace(
        {{ text }}, '{{ pattern | replace('(?i)', '(?iu)') }}', '{{ replacement | replace('\\', '$') }}'
    )
{%- endmacro %}


{% macro matches_pattern(text, pattern) -%}
    {{- adapter.dispatch('matches_pattern', 'drug_mentions')(text, pattern) -}}
{%- endmacro %}


{% macro duckdb__matches_pattern(text, pattern) -%}
    regexp_matches({{ text }}, '{{ pattern }}')
{%- endmacro %}


{% macro spark__matches_pattern(text, pattern) -%}
    regexp_like({{ text }}, '{{ pattern }}')
{%- endmacro %}
