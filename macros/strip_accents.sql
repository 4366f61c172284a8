{#- What is left of letters without the marks that they carry. -#}
{% macro strip_accents(text) -%}
    {{- adapter.dispatch('strip_accents', 'drug_mentions')(text) -}}
{%- endmacro %}


{% macro duckdb__strip_accents(text) -%}
    strip_accents({{ text }})
{%- endmacro %}


{#- Spark has no function for it, but the library that it sorts texts with: a
    letter is taken apart, its marks left out, and what remains put together.
    The library takes no null. -#}
{% macro spark__strip_accents(text) -%}
    {%- set normalizer = "reflect('com.ibm.icu.text.Normalizer', " -%}
    case
        when {{ text }} is not null
            then {{ normalizer }}'compose', regexp_replace(
                {{ normalizer }}'decompose', {{ text }}, false), '\p{M}+', ''
            ), false)
    end
{%- endmacro %}


{% macro bigquery__strip_accents(text) -%}
    normalize(regexp_replace(normalize({{ text }}, nfd), r'\p{M}+', ''), nfc)
{%- endmacro %}
