{#- Dates as PubMed and ClinicalTrials.gov spell them. A range takes its first
    day; a day that its month does not have leaves the month; whatever else
    stands behind a year leaves the year.

    A season has the month that PubMed sorts it by; here it is negative. -#}
{% macro parse_spelt_date(text) -%}
    {#- Lower case, no accents, plain hyphens, and nothing of `[revised …]`, of
        `1er`, `3.` and `16th`, of `16 de octubre de 2014`. -#}
    {%- set plain -%}
        trim({{ replace_pattern(
            replace_pattern(
                replace_pattern(strip_accents('lower(' ~ text ~ ')'), '\\[.*|[‐‑‒–—]', '-'),
                '\\b(\\d\\d?)(?:st|nd|rd|th|er)\\b|\\bdel?\\b|[.,º°]', '\\1 '
            ),
            '[\\s-]+$|\\s+', ' '
        ) }})
    {%- endset -%}
    {{- adapter.dispatch('parse_plain_date', 'drug_mentions')(plain) -}}
{%- endmacro %}


{#- Of each month, or season, how it is spelt. -#}
{% macro month_names() -%}
    {{- return({
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
    }) -}}
{%- endmacro %}


{#- Each shape with the groups of year, month and day; 0 for none. -#}
{% macro date_shapes() -%}
    {%- set rest = '(?:[^0-9].*)?$' -%}
    {%- set until_year = '(?:[ /-].*?)??[ -](\\d{4})' ~ rest -%}
    {{- return([
        ('^(\\d{4})-(\\d\\d)-(\\d\\d)[t ]\\d\\d:\\d\\d', 1, 2, 3),
        ('^(\\d{4})[ /-](\\d\\d?)$', 1, 2, 0),
        ('^(\\d{4})[ /](\\d\\d?)[ /](\\d\\d?)(?: \\d\\d:.*)?$', 1, 2, 3),
        ('^(\\d{4})[ /-]?([a-z]+)[ -]?(\\d\\d?)?' ~ rest, 1, 2, 3),
        ('^(\\d{4})(?:$| ?[/-] ?\\d{4}\\b| .*[a-z])', 1, 0, 0),
        ('^(\\d\\d?)(?: ?[/-] ?\\d\\d?)?[ -]([a-z]+)' ~ until_year, 3, 2, 1),
        ('^([a-z]+)(?: (\\d\\d?))?' ~ until_year, 3, 1, 2),
    ]) -}}
{%- endmacro %}


{% macro duckdb__parse_plain_date(plain) -%}
    list_transform(
        list_transform(
            list_transform(
                [{{ plain }}],
                lambda spelt: case
                {%- for shape, year, month, day in date_shapes() %}
                    when regexp_matches(spelt, '{{ shape }}')
                        then struct_pack(
                            spelt_year := regexp_extract(spelt, '{{ shape }}', {{ year }})::integer,
                            spelt_month := {{ "regexp_extract(spelt, '" ~ shape ~ "', " ~ month ~ ")" if month else "''" }},
                            spelt_day := {{ "regexp_extract(spelt, '" ~ shape ~ "', " ~ day ~ ")" if day else "''" }},
                            is_year_first := {{ year == 1 }}
                        )
                {%- endfor %}
                end
            ),
            lambda found: struct_pack(
                year := case when found.spelt_year >= 1000 then found.spelt_year end,
                month := coalesce(
                    try_cast(found.spelt_month as integer),
                    map {
                    {%- for month, spellings in month_names().items() -%}
                        '{{ spellings | join("': " ~ month ~ ", '") }}': {{ month }}
                        {{- ', ' if not loop.last }}
                    {%- endfor -%}
                    }[found.spelt_month],
                    {#- `2019 Suppl` is 2019; a word in front of a year may be anything. -#}
                    case when found.is_year_first then 0 end
                ),
                day := found.spelt_day
            )
        ),
        lambda found: case
            when try_cast(concat_ws('-', found.year, found.month, nullif(found.day, '')) as date) is not null
                then struct_pack(
                    "day" := try_cast(concat_ws('-', found.year, found.month, found.day) as date),
                    "precision" := 'day'
                )
            when found.year is null then null
            when found.month between 1 and 12
                then struct_pack("day" := make_date(found.year, found.month, 1), "precision" := 'month')
            when found.month between -12 and -1
                then struct_pack("day" := make_date(found.year, -found.month, 1), "precision" := 'season')
            when found.month = 0
                then struct_pack("day" := make_date(found.year, 1, 1), "precision" := 'year')
        end
    )[1]
{%- endmacro %}


{% macro spark__parse_plain_date(plain) -%}
    {%- set months = [] -%}
    {%- for month, spellings in month_names().items() -%}
        {%- for spelling in spellings -%}
            {%- do months.append("'" ~ spelling ~ "', " ~ month) -%}
        {%- endfor -%}
    {%- endfor -%}
    transform(
        transform(
            transform(
                array({{ plain }}),
                spelt -> case
                {%- for shape, year, month, day in date_shapes() %}
                    when regexp_like(spelt, '{{ shape }}')
                        then named_struct(
                            'spelt_year', cast(regexp_extract(spelt, '{{ shape }}', {{ year }}) as int),
                            'spelt_month', {{ "regexp_extract(spelt, '" ~ shape ~ "', " ~ month ~ ")" if month else "''" }},
                            'spelt_day', {{ "regexp_extract(spelt, '" ~ shape ~ "', " ~ day ~ ")" if day else "''" }},
                            'is_year_first', {{ year == 1 }}
                        )
                {%- endfor %}
                end
            ),
            found -> named_struct(
                'year', case when found.spelt_year >= 1000 then found.spelt_year end,
                'month', coalesce(
                    try_cast(found.spelt_month as int),
                    map({{ months | join(', ') }})[found.spelt_month],
                    {#- `2019 Suppl` is 2019; a word in front of a year may be anything. -#}
                    case when found.is_year_first then 0 end
                ),
                'day', try_cast(found.spelt_day as int)
            )
        ),
        found -> case
            when make_date(found.year, found.month, found.day) is not null
                then named_struct('day', make_date(found.year, found.month, found.day), 'precision', 'day')
            when found.year is null then null
            when found.month between 1 and 12
                then named_struct('day', make_date(found.year, found.month, 1), 'precision', 'month')
            when found.month between -12 and -1
                then named_struct('day', make_date(found.year, -found.month, 1), 'precision', 'season')
            when found.month = 0
                then named_struct('day', make_date(found.year, 1, 1), 'precision', 'year')
        end
    )[0]
{%- endmacro %}
