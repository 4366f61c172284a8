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
    {{- adapter.dispatch('parse_date', 'drug_mentions')(text, month_first) -}}
{%- endmacro %}


{% macro duckdb__parse_date(text, month_first) -%}
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


{#- `1 February 2020` is read like all other spellings. -#}
{% macro spark__parse_date(text, month_first) -%}
    {%- set iso = '^(\\d{4})-(\\d{1,2})-(\\d{1,2})$' -%}
    {%- set slashed = '^(\\d{1,2})/(\\d{1,2})/(\\d{4})$' -%}
    {%- set day -%}
        case
            when {{ text }} like '____-%'
                then {{ date_of_groups(text, iso, 1, 2, 3) }}
            when {{ text }} like '%/____'
                then {{ date_of_groups(text, slashed, 3, 1 if month_first else 2, 2 if month_first else 1) }}
        end
    {%- endset -%}
    case
        when {{ day }} >= date '1000-01-01'
            then named_struct('day', {{ day }}, 'precision', 'day')
        when {{ text }} is not null then {{ parse_spelt_date(text) }}
    end
{%- endmacro %}


{#- Null for 31 February; and where the pattern has no match, since an empty
    text is no number. -#}
{% macro date_of_groups(text, pattern, year, month, day) -%}
    make_date(
        cast(regexp_extract({{ text }}, '{{ pattern }}', {{ year }}) as int),
        cast(regexp_extract({{ text }}, '{{ pattern }}', {{ month }}) as int),
        cast(regexp_extract({{ text }}, '{{ pattern }}', {{ day }}) as int)
    )
{%- endmacro %}
