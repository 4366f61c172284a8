-- Tens of millions of records have some thousands of spellings of dates, so
-- each is read once, here. A range takes its first day; a day that its month
-- does not have leaves the month, and a month 00 the year; whatever else stands
-- behind a year leaves the year.
with date_texts as (

    select date_text from {{ ref('stg_pubmed_articles') }}
    where date_text is not null

    union all

    select date_text from {{ ref('stg_clinical_trials') }}
    where date_text is not null

),

spellings as (

    select date_text from date_texts
    group by date_text

),

-- In a file that is month first, see int_month_first_files, `01/02/2020` is 2
-- January.
folded as (

    select
        date_text,
        false as is_month_first,
        fold_date_text(date_text) as folded_text
    from spellings

    union all

    select
        date_text,
        true as is_month_first,
        fold_date_text(regexp_replace(
            date_text, '^(\d+)([/-])(\d+)', '\3\2\1'
        )) as folded_text
    from spellings
    where may_be_month_first(date_text)

),

month_names as (

    select
        name,
        month::integer as month,
        date_precision
    from {{ source('seeds', 'month_names') }}

),

-- What the first pattern finds that fits: a list of names makes of the other
-- ones structs of empty texts.
split_up as (

    select
        date_text,
        is_month_first,
        regexp_matches(folded_text, '^\d{4}') as is_year_first,
        list_filter(
            [
                -- `2020-01-31`, `2020-01-31t12:34:56z`
                regexp_extract(
                    folded_text,
                    '^(\d{4})-(\d\d?)-(\d\d?)(?:$|[t ]\d\d?:\d\d)',
                    ['year', 'month', 'day']
                ),
                -- `2020-05`
                regexp_extract(
                    folded_text, '^(\d{4})[ /-](\d\d?)()$',
                    ['year', 'month', 'day']
                ),
                -- `2018 10 16`
                regexp_extract(
                    folded_text,
                    '^(\d{4})[ /](\d\d?)[ /](\d\d?)(?: \d\d:.*)?$',
                    ['year', 'month', 'day']
                ),
                -- `20181016`; other numbers of eight digits are ids
                regexp_extract(
                    folded_text,
                    '^((?:1[89]|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$',
                    ['year', 'month', 'day']
                ),
                -- `2019 oct 15`, `1992 jun 25-jul 8`, `2020 q1`
                regexp_extract(
                    folded_text,
                    '^(\d{4})[ /-]?(q[1-4]\b|[a-z]+)[ -]?(\d\d?)?'
                    || '(?:[^0-9].*)?$',
                    ['year', 'month', 'day']
                ),
                -- `2017`, `2004-2005`, `2003 third quarter`
                regexp_extract(
                    folded_text,
                    '^(\d{4})()()(?:$| ?[/-] ?\d{4}\b| .*[a-z])',
                    ['year', 'month', 'day']
                ),
                -- `25 jun-8 jul 1992`, `12 of may 2020`
                regexp_extract(
                    folded_text,
                    '^(\d\d?)(?: ?[/-] ?\d\d?)?(?: of)?[ -]([a-z]+)'
                    || '(?:[ /-].*?)??[ -](\d{4})(?:[^0-9].*)?$',
                    ['day', 'month', 'year']
                ),
                -- `october 16 2014`
                regexp_extract(
                    folded_text,
                    '^([a-z]+)(?: (\d\d?))?(?:[ /-].*?)??[ -](\d{4})'
                    || '(?:[^0-9].*)?$',
                    ['month', 'day', 'year']
                ),
                -- `25/05/2020`, `25/may/2020 10:30`
                regexp_extract(
                    folded_text,
                    '^(\d\d?)/(\d\d?|[a-z]+)/(\d{4})(?:$| \d\d?:\d\d)',
                    ['day', 'month', 'year']
                ),
                -- `05/2020`, `may/2020`, `q1 2020`
                regexp_extract(
                    folded_text, '^()(\d\d?|q[1-4]|[a-z]+)[ /-](\d{4})$',
                    ['day', 'month', 'year']
                )
            ],
            lambda found: found.year <> ''
        )[1] as part
    from folded

),

-- An unknown word after a year is left out: `2019 Suppl` is 2019. In front of a
-- year it may mean anything, so such a text has no date.
numbered as (

    select
        split_up.date_text,
        split_up.is_month_first,
        month_names.date_precision as named_precision,
        try_cast(split_up.part.year as integer) as year,
        coalesce(
            month_names.month,
            try_cast(split_up.part.month as integer),
            case when split_up.is_year_first then 0 end
        ) as month,
        try_cast(split_up.part.day as integer) as day
    from split_up
    left join month_names on split_up.part.month = month_names.name

),

with_precisions as (

    select
        *,
        case
            when named_precision is not null then named_precision
            when month = 0 then 'year'
            when month <= 12 then 'month'
        end as coarse_precision
    from numbered

),

found as (

    select
        date_text,
        is_month_first,
        coarse_precision,
        case
            when coarse_precision = 'month'
                then try(make_date(year, month, day))
        end as whole_day,
        case
            when coarse_precision is not null
                then try(make_date(year, greatest(month, 1), 1))
        end as first_day
    from with_precisions

),

readings as (

    select
        date_text,
        is_month_first,
        coalesce(whole_day, first_day) as publication_date,
        case
            when whole_day is not null then 'day'
            when first_day is not null then coarse_precision
        end as date_precision
    from found

),

-- A year of two digits would be read as one of the first century, so it is not
-- read at all.
dates as (

    select
        date_text,
        is_month_first,
        case when year(publication_date) >= 1000 then publication_date end
            as publication_date,
        case when year(publication_date) >= 1000 then date_precision end
            as date_precision
    from readings

)

select * from dates
