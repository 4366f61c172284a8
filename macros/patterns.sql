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


{% macro bigquery__replace_pattern(text, pattern, replacement) -%}
    regexp_replace({{ text }}, r'{{ pattern }}', r'{{ replacement }}')
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


{% macro bigquery__matches_pattern(text, pattern) -%}
    regexp_contains({{ text }}, r'{{ pattern }}')
{%- endmacro %}


{#- What a group of the pattern matched, the first time; empty where there is
    none. -#}
{% macro pattern_group(text, pattern, group) -%}
    {{- adapter.dispatch('pattern_group', 'drug_mentions')(text, pattern, group) -}}
{%- endmacro %}


{% macro default__pattern_group(text, pattern, group) -%}
    regexp_extract({{ text }}, '{{ pattern }}', {{ group }})
{%- endmacro %}


{#- BigQuery takes patterns of one group only, so the others are none here. -#}
{% macro bigquery__pattern_group(text, pattern, group) -%}
    {%- set parts = modules.re.split('(?<!\\\\)[(](?![?])', pattern) -%}
    {%- set only_group = namespace(pattern=parts[0]) -%}
    {%- for part in parts[1:] -%}
        {%- set only_group.pattern = only_group.pattern ~ ('(' if loop.index == group else '(?:') ~ part -%}
    {%- endfor -%}
    coalesce(regexp_extract({{ text }}, r'{{ only_group.pattern }}'), '')
{%- endmacro %}


{#- A pattern as a value, in which backslashes mean themselves. -#}
{% macro pattern_text(pattern) -%}
    {{- adapter.dispatch('pattern_text', 'drug_mentions')(pattern) -}}
{%- endmacro %}


{% macro default__pattern_text(pattern) -%}
    '{{ pattern }}'
{%- endmacro %}


{% macro bigquery__pattern_text(pattern) -%}
    r'{{ pattern }}'
{%- endmacro %}
