{#- Dates as people, PubMed and ClinicalTrials.gov spell them. A range takes its
    first day; a day that its month does not have leaves the month; whatever
    else stands behind a year leaves the year. A year of two digits would be
    read as the first century, so it is not read at all.

    Slash dates are day first: one raw file proves it with 25/05/2020, and a
    guess row by row would turn 01/02/2020 into two different days. A source
    whose dates are known to be month first says so.

    Most dates have one of three plain formats. Only what has none of them comes
    to the patterns, step by step and not in one expression with lambdas, for
    which DuckDB would make all patterns anew for every 2,048 rows. -#}
{% macro read_dates(records, month_first=false) -%}
    {#- Each shape with the groups of year, month and day; 0 for none. -#}
    {%- set rest = '(?:[^0-9].*)?$' -%}
    {%- set until_year = '(?:[ /-].*?)??[ -](\\d{4})' ~ rest -%}
    {%- set shapes = [
        ('^(\\d{4})-(\\d\\d)-(\\d\\d)[t ]\\d\\d:\\d\\d', 1, 2, 3),
        ('^(\\d{4})[ /-](\\d\\d?)$', 1, 2, 0),
        ('^(\\d{4})[ /](\\d\\d?)[ /](\\d\\d?)(?: \\d\\d:.*)?$', 1, 2, 3),
        ('^(\\d{4})[ /-]?([a-z]+)[ -]?(\\d\\d?)?' ~ rest, 1, 2, 3),
        ('^(\\d{4})(?:$| ?[/-] ?\\d{4}\\b| .*[a-z])', 1, 0, 0),
        ('^(\\d\\d?)(?: ?[/-] ?\\d\\d?)?[ -]([a-z]+)' ~ until_year, 3, 2, 1),
        ('^([a-z]+)(?: (\\d\\d?))?' ~ until_year, 3, 1, 2),
    ] -%}
    {#- A season has the month that PubMed sorts it by; here it is negative. -#}
    {%- set month_names = {
        1: ['jan', 'january', 'janv', 'janvier', 'ene', 'enero', 'januar'],
        2: ['feb', 'february', 'fev', 'fevr', 'fevrier', 'febrero', 'februar'],
        3: ['mar', 'march', 'mars', 'marzo', 'marz', 'maerz', 'mrz'],
        4: ['apr', 'april', 'avr', 'avril', 'abr', 'abril'],
        5: ['may', 'mai', 'mayo'],
        6: ['jun', 'june', 'juin', 'junio', 'juni'],
        7: ['jul', 'july', 'juil', 'juillet', 'julio', 'juli'],
        8: ['aug', 'august', 'aout', 'ago', 'agosto'],
        9: ['sep', 'sept', 'september', 'septembre', 'septiembre', 'setiembre'],
        10: ['oct', 'october', 'octobre', 'octubre', 'okt', 'oktober'],
        11: ['nov', 'november', 'novembre', 'noviembre'],
        12: [
            'dec', 'december', 'decembre', 'dic', 'diciembre', 'dez',
            'dezember'
        ],
        -1: ['winter', 'hiver', 'invierno'],
        -4: [
            'spring', 'printemps', 'primavera', 'fruhling', 'fruehling',
            'fruhjahr'
        ],
        -7: ['summer', 'ete', 'verano', 'sommer'],
        -10: ['fall', 'autumn', 'automne', 'otono', 'herbst'],
    } -%}
    with plain as (

        select
            *,
            {{ plain_date('date_text', month_first) }} as plain_date
        from {{ records }}

    ),

    -- Lower case, no accents, plain hyphens, and nothing of `[revised …]`, of
    -- `1er`, `3.` and `16th`, of `16 de octubre de 2014`.
    spelt as (

        select
            *,
            case
                when date_text is null or plain_date >= date '1000-01-01'
                    then null
                else trim({{ replace_pattern(
                    replace_pattern(
                        replace_pattern(
                            strip_accents('lower(date_text)'), '\\[.*|[‐‑‒–—]', '-'
                        ),
                        '\\b(\\d\\d?)(?:st|nd|rd|th|er)\\b|\\bdel?\\b|[.,º°]', '\\1 '
                    ),
                    '[\\s-]+$|\\s+', ' '
                ) }})
            end as spelling
        from plain

    ),

    shaped as (

        select
            *,
            case
                when spelling is null then null
            {%- for shape, year, month, day in shapes %}
                when {{ matches_pattern('spelling', shape) }} then {{ loop.index }}
            {%- endfor %}
            end as shape
        from spelt

    ),

    split_up as (

        select
            *,
            cast(case shape
            {%- for shape, year, month, day in shapes %}
                when {{ loop.index }} then {{ pattern_group('spelling', shape, year) }}
            {%- endfor %}
            end as integer) as year,
            case shape
            {%- for shape, year, month, day in shapes %}
                when {{ loop.index }} then {{ pattern_group('spelling', shape, month) if month else "''" }}
            {%- endfor %}
            end as month_spelt,
            case shape
            {%- for shape, year, month, day in shapes %}
                when {{ loop.index }} then {{ pattern_group('spelling', shape, day) if day else "''" }}
            {%- endfor %}
            end as day_spelt
        from shaped

    ),

    -- `2019 Suppl` is 2019; a word in front of a year may be anything.
    numbered as (

        select
            *,
            case
                when shape is null then null
            {%- for month, names in month_names.items() %}
                when month_spelt in ('{{ names | join("', '") }}') then {{ month }}
            {%- endfor %}
                else coalesce(
                    {{ try_cast('month_spelt', 'integer') }},
                    case when {{ matches_pattern('spelling', '^\\d{4}') }} then 0 end
                )
            end as month
        from split_up

    ),

    found as (

        select
            *,
            case
                when shape is null then null
                when day_spelt <> ''
                    then {{ try_cast(
                        "cast(year as string) || '-' || cast(month as string)"
                        ~ " || '-' || day_spelt",
                        'date'
                    ) }}
            end as whole_day,
            case
                when shape is null then null
                when month between 1 and 12 then 'month'
                when month between -12 and -1 then 'season'
                when month = 0 then 'year'
            end as coarse_precision
        from numbered

    )

    select
        *,
        case
            when shape is null
                then case when plain_date >= date '1000-01-01' then plain_date end
            when year < 1000 then null
            when whole_day is not null then whole_day
            when coarse_precision is not null
                then {{ try_cast(
                    "cast(year as string) || '-'"
                    ~ " || cast(greatest(abs(month), 1) as string) || '-1'",
                    'date'
                ) }}
        end as publication_date,
        case
            when shape is null
                then case when plain_date >= date '1000-01-01' then 'day' end
            when year < 1000 then null
            when whole_day is not null then 'day'
            else coarse_precision
        end as date_precision
    from found
{%- endmacro %}


{#- An ISO date, a slash date or `1 February 2020`. Trying one format, told by
    the text's shape, costs a fifth of trying them all; and DuckDB's own words
    for days, such as `epoch`, have none of these shapes. -#}
{% macro plain_date(text, month_first) -%}
    {{- adapter.dispatch('plain_date', 'drug_mentions')(text, month_first) -}}
{%- endmacro %}


{% macro duckdb__plain_date(text, month_first) -%}
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
    end::date
{%- endmacro %}


{#- `1 February 2020` is read like all other spellings. -#}
{% macro spark__plain_date(text, month_first) -%}
    {%- set iso = '^(\\d{4})-(\\d{1,2})-(\\d{1,2})$' -%}
    {%- set slashed = '^(\\d{1,2})/(\\d{1,2})/(\\d{4})$' -%}
    case
        when {{ text }} like '____-%'
            then {{ date_of_groups(text, iso, 1, 2, 3) }}
        when {{ text }} like '%/____'
            then {{ date_of_groups(text, slashed, 3, 1 if month_first else 2, 2 if month_first else 1) }}
    end
{%- endmacro %}


{% macro bigquery__plain_date(text, month_first) -%}
    case
        when {{ text }} like '____-%'
            then safe.parse_date('%Y-%m-%d', {{ text }})
        when {{ text }} like '%/____'
            then safe.parse_date('{{ '%m/%d/%Y' if month_first else '%d/%m/%Y' }}', {{ text }})
        when {{ text }} like '% ____'
            then safe.parse_date('%d %B %Y', {{ text }})
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
