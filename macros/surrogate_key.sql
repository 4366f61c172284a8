{#- The unit separator keeps ('ab', 'c') and ('a', 'bc') apart; a null counts
    as an empty text, which no cleaned column holds. 63 bits of md5 fit a number
    of every engine. -#}
{% macro surrogate_key(columns) -%}
    {%- set text -%}
        concat(
            {%- for column in columns -%}
                {{ ', chr(31), ' if not loop.first }}coalesce(cast({{ column }} as string), '')
            {%- endfor -%}
        )
    {%- endset -%}
    {{- adapter.dispatch('number_of_md5', 'drug_mentions')(text) -}}
{%- endmacro %}


{#- DuckDB's own md5_number_lower is the same at three times the cost. -#}
{% macro duckdb__number_of_md5(text) -%}
    (md5_number({{ text }}) >> 65)::bigint
{%- endmacro %}


{#- The last eight bytes, the last one first, as DuckDB counts them. -#}
{% macro spark__number_of_md5(text) -%}
    shiftrightunsigned(
        conv(
            regexp_replace(
                right(md5({{ text }}), 16),
                '(..)(..)(..)(..)(..)(..)(..)(..)', '$8$7$6$5$4$3$2$1'
            ),
            16, -10
        )::bigint,
        1
    )
{%- endmacro %}


{#- Half by half: a number of BigQuery's has a sign. -#}
{% macro bigquery__number_of_md5(text) -%}
    {%- set digits = 'to_hex(reverse(substr(md5(' ~ text ~ '), 9)))' -%}
    (
        (cast('0x' || substr({{ digits }}, 1, 8) as int64) << 31)
        + (cast('0x' || substr({{ digits }}, 9) as int64) >> 1)
    )
{%- endmacro %}
