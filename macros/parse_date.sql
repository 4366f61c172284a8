{#- A date as it is spelt: its first day, and what is known of it, `day`,
    `month`, `season` or `year`. Null when it spells none.

    Slash dates are day first: one raw file proves it with 25/05/2020, and a
    guess row by row would turn 01/02/2020 into two different days. A source
    whose dates are known to be month first says so. A year of two digits would
    be read as the first century, so it is not read at all, and neither are
    DuckDB's own words for days, such as `epoch`. Trying one format, told by the
    text's shape, costs a fifth of trying them all, and most files have one of
    these three. -#}
{% macro parse_date(text, month_first=false) -%}
    {%- set day -%}
        case
            when {{ text }} like '____-%'
                then try_strptime({{ text }}, '%Y-%m-%d')
            when {{ text }} like '%/____'
                then try_strptime(
                    {{ text }},
                    '{{ '%m/%d/%Y' if month_first else '%d/%m/%Y' }}'
                )
            when {{ text }} like '% ____'
                then try_strptime({{ text }}, '%d %B %Y')
        end
    {%- endset -%}
    case
        when {{ day }} >= date '1000-01-01'
            then struct_pack("day" := {{ day }}::date, "precision" := 'day')
        when {{ text }} is not null then {{ parse_spelt_date(text) }}
    end
{%- endmacro %}
