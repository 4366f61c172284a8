{#- Slash dates are day first: one raw file proves it with 25/05/2020, and a
    guess row by row would turn 01/02/2020 into two different days. A year of
    two digits would be read as the first century, so it is not read at all, and
    neither are DuckDB's own words for days, such as `epoch`. Trying one format,
    told by the text's shape, costs a fifth of trying them all. -#}
{% macro parse_date(text) -%}
    {%- set day -%}
        case
            when {{ text }} like '____-%'
                then try_strptime({{ text }}, '%Y-%m-%d')
            when {{ text }} like '%/____'
                then try_strptime({{ text }}, '%d/%m/%Y')
            when {{ text }} like '% ____'
                then try_strptime({{ text }}, '%d %B %Y')
        end
    {%- endset -%}
    case when {{ day }} >= date '1000-01-01' then {{ day }}::date end
{%- endmacro %}
