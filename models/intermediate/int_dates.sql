-- Tens of millions of records have some thousands of spellings of dates, so
-- each is read once, here. A range takes its first day; a day that its month
-- does not have leaves the month; whatever else stands behind a year leaves the
-- year. A year of two digits would be read as the first century, so it is not
-- read at all.
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
        plain_date(date_text) as plain_date,
        date_spelling(date_text) as spelling
    from date_texts
    group by date_text

),

month_names as (

    select
        name,
        month::integer as month,
        date_precision
    from {{ source('seeds', 'month_names') }}

),

-- The patterns are only for spellings that no plain format can read.
shaped as (

    select
        *,
        case
            when plain_date >= date '1000-01-01' then 'plain'
            when regexp_matches(spelling, '^\d{4}-\d\d-\d\d[t ]\d\d:\d\d')
                then 'timestamp'
            when regexp_matches(spelling, '^\d{4}[ /-]\d\d?$')
                then 'year, month'
            when
                regexp_matches(
                    spelling, '^\d{4}[ /]\d\d?[ /]\d\d?(?: \d\d:.*)?$'
                )
                then 'year, month, day'
            when
                regexp_matches(
                    spelling, '^\d{4}[ /-]?[a-z]+[ -]?(?:\d\d?)?(?:[^0-9].*)?$'
                )
                then 'year, name, day'
            when
                regexp_matches(
                    spelling, '^\d{4}(?:$| ?[/-] ?\d{4}\b| .*[a-z])'
                )
                then 'year'
            when
                regexp_matches(
                    spelling,
                    '^\d\d?(?: ?[/-] ?\d\d?)?[ -][a-z]+(?:[ /-].*?)??[ -]\d{4}'
                    || '(?:[^0-9].*)?$'
                )
                then 'day, name, year'
            when
                regexp_matches(
                    spelling,
                    '^[a-z]+(?: \d\d?)?(?:[ /-].*?)??[ -]\d{4}(?:[^0-9].*)?$'
                )
                then 'name, day, year'
        end as shape
    from spellings

),

split_up as (

    select
        date_text,
        plain_date,
        shape,
        case shape
            when 'timestamp'
                then regexp_extract(
                    spelling, '^(\d{4})-(\d\d)-(\d\d)',
                    ['year', 'month', 'day']
                )
            when 'year, month'
                then regexp_extract(
                    spelling, '^(\d{4})[ /-](\d\d?)()$',
                    ['year', 'month', 'day']
                )
            when 'year, month, day'
                then regexp_extract(
                    spelling, '^(\d{4})[ /](\d\d?)[ /](\d\d?)',
                    ['year', 'month', 'day']
                )
            when 'year, name, day'
                then regexp_extract(
                    spelling, '^(\d{4})[ /-]?([a-z]+)[ -]?(\d\d?)?'
                    || '(?:[^0-9].*)?$',
                    ['year', 'month', 'day']
                )
            when 'year'
                then regexp_extract(
                    spelling, '^(\d{4})()()', ['year', 'month', 'day']
                )
            when 'day, name, year'
                then regexp_extract(
                    spelling,
                    '^(\d\d?)(?: ?[/-] ?\d\d?)?[ -]([a-z]+)'
                    || '(?:[ /-].*?)??[ -](\d{4})(?:[^0-9].*)?$',
                    ['day', 'month', 'year']
                )
            when 'name, day, year'
                then regexp_extract(
                    spelling,
                    '^([a-z]+)(?: (\d\d?))?(?:[ /-].*?)??[ -](\d{4})'
                    || '(?:[^0-9].*)?$',
                    ['month', 'day', 'year']
                )
        end as part
    from shaped

),

-- An unknown word after a year is left out: `2019 Suppl` is 2019. In front of a
-- year it may mean anything, so such a text has no date.
numbered as (

    select
        split_up.date_text,
        split_up.plain_date,
        split_up.shape,
        try_cast(split_up.part.year as integer) as year,
        coalesce(
            month_names.month,
            try_cast(split_up.part.month as integer),
            case when starts_with(split_up.shape, 'year') then 0 end
        ) as month,
        try_cast(split_up.part.day as integer) as day,
        case
            when month_names.date_precision is not null
                then month_names.date_precision
            when try_cast(split_up.part.month as integer) between 1 and 12
                then 'month'
            when
                starts_with(split_up.shape, 'year')
                and try_cast(split_up.part.month as integer) is null
                then 'year'
        end as coarse_precision
    from split_up
    left join month_names on split_up.part.month = month_names.name

),

found as (

    select
        *,
        case
            when coarse_precision = 'month' and day is not null
                then try(make_date(year, month, day))
        end as whole_day,
        case
            when coarse_precision is not null
                then try(make_date(year, greatest(month, 1), 1))
        end as first_day
    from numbered

),

day_first as (

    select
        date_text,
        false as is_month_first,
        case
            when shape = 'plain' then plain_date
            when year >= 1000 then coalesce(whole_day, first_day)
        end as publication_date,
        case
            when shape = 'plain' then 'day'
            when year < 1000 then null
            when whole_day is not null then 'day'
            when first_day is not null then coarse_precision
        end as date_precision
    from found

),

-- In a file that is month first, see int_month_first_files, `01/02/2020` is 2
-- January.
month_first as (

    select
        date_text,
        true as is_month_first,
        try_strptime(date_text, '%m/%d/%Y')::date as month_first_date
    from found
    where date_text like '%/____'

),

dates as (

    select * from day_first

    union all

    select
        date_text,
        is_month_first,
        case
            when month_first_date >= date '1000-01-01' then month_first_date
        end as publication_date,
        case when month_first_date >= date '1000-01-01' then 'day' end
            as date_precision
    from month_first

)

select * from dates
