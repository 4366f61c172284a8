-- Tens of millions of records have some thousands of spellings of dates, so
-- each is read once, here. A range takes its first day; a day that its month
-- does not have leaves the month; whatever else stands behind a year leaves the
-- year.
with date_texts as (

    select date_text from {{ ref('stg_pubmed_articles') }}
    where date_text is not null

    union all

    select date_text from {{ ref('stg_clinical_trials') }}
    where date_text is not null

),

spellings as (

    select
        date_text,
        plain_date(date_text) as plain_date
    from date_texts
    group by date_text

),

-- Only what is no plain date comes to the patterns.
folded as (

    select
        *,
        case when plain_date is null then fold_date_text(date_text) end
            as folded_text
    from spellings

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
        plain_date,
        regexp_matches(folded_text, '^\d{4}') as is_year_first,
        list_filter(
            [
                -- `2020-01-31t12:34:56z`
                regexp_extract(
                    folded_text, '^(\d{4})-(\d\d)-(\d\d)[t ]\d\d:\d\d',
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
                -- `2019 oct 15`, `1992 jun 25-jul 8`
                regexp_extract(
                    folded_text,
                    '^(\d{4})[ /-]?([a-z]+)[ -]?(\d\d?)?(?:[^0-9].*)?$',
                    ['year', 'month', 'day']
                ),
                -- `2017`, `2004-2005`, `2003 third quarter`
                regexp_extract(
                    folded_text,
                    '^(\d{4})()()(?:$| ?[/-] ?\d{4}\b| .*[a-z])',
                    ['year', 'month', 'day']
                ),
                -- `25 jun-8 jul 1992`
                regexp_extract(
                    folded_text,
                    '^(\d\d?)(?: ?[/-] ?\d\d?)?[ -]([a-z]+)'
                    || '(?:[ /-].*?)??[ -](\d{4})(?:[^0-9].*)?$',
                    ['day', 'month', 'year']
                ),
                -- `october 16 2014`
                regexp_extract(
                    folded_text,
                    '^([a-z]+)(?: (\d\d?))?(?:[ /-].*?)??[ -](\d{4})'
                    || '(?:[^0-9].*)?$',
                    ['month', 'day', 'year']
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
        split_up.plain_date,
        try_cast(split_up.part.year as integer) as year,
        coalesce(
            month_names.month,
            try_cast(split_up.part.month as integer),
            case when split_up.is_year_first then 0 end
        ) as month,
        try_cast(split_up.part.day as integer) as day,
        case
            when month_names.date_precision is not null
                then month_names.date_precision
            when try_cast(split_up.part.month as integer) between 1 and 12
                then 'month'
            when
                split_up.is_year_first
                and try_cast(split_up.part.month as integer) is null
                then 'year'
        end as coarse_precision
    from split_up
    left join month_names on split_up.part.month = month_names.name

),

found as (

    select
        date_text,
        plain_date,
        coarse_precision,
        case
            when coarse_precision = 'month'
                then try(make_date(year, month, day))
        end as whole_day,
        case
            when coarse_precision is not null
                then try(make_date(year, greatest(month, 1), 1))
        end as first_day
    from numbered

),

-- In a file that is month first, see int_month_first_files, `01/02/2020` is 2
-- January.
readings as (

    select
        date_text,
        false as is_month_first,
        coalesce(plain_date, whole_day, first_day) as publication_date,
        case
            when coalesce(plain_date, whole_day) is not null then 'day'
            when first_day is not null then coarse_precision
        end as date_precision
    from found

    union all

    select
        date_text,
        true as is_month_first,
        try_strptime(date_text, '%m/%d/%Y')::date as publication_date,
        'day' as date_precision
    from spellings
    where is_slash_date(date_text)

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
