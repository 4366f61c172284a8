{#- The unit separator keeps ('ab', 'c') and ('a', 'bc') apart; a null counts
    as an empty text, which no cleaned column holds. 63 bits of md5 fit a number
    of every engine. -#}
{% macro surrogate_key(columns) -%}
    {%- set text -%}
        concat_ws(
            chr(31)
            {%- for column in columns -%}
                , coalesce({{ column }}::string, '')
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
