{#- The unit separator keeps ('ab', 'c') and ('a', 'bc') apart; a null counts
    as an empty text, which no cleaned column holds. -#}
{% macro surrogate_key(columns) -%}
    md5_number_lower(
        concat_ws(
            chr(31)
            {%- for column in columns -%}
                , coalesce({{ column }}::varchar, '')
            {%- endfor -%}
        )
    )
{%- endmacro %}
