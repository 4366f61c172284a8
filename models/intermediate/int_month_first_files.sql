-- Slash dates are day first. A guess for each row would read 01/02/2020 as two
-- different days within a file. So a file is month first only as a whole: at
-- least one of its dates can't be read otherwise (`05/25/2020`), and none of
-- them can only be day first (`25/05/2020`).
with slash_dates as (

    select
        raw_file,
        date_text
    from {{ ref('stg_pubmed_articles') }}
    where date_text like '%/____'

    union all

    select
        raw_file,
        date_text
    from {{ ref('stg_clinical_trials') }}
    where date_text like '%/____'

),

month_first_dates as (

    select raw_file from slash_dates
    where
        regexp_full_match(
            date_text, '(0?[1-9]|1[0-2])/(1[3-9]|2\d|3[01])/\d{4}'
        )
    group by raw_file

),

day_first_dates as (

    select slash_dates.raw_file
    from slash_dates
    inner join month_first_dates
        on slash_dates.raw_file = month_first_dates.raw_file
    where
        regexp_full_match(
            slash_dates.date_text, '(1[3-9]|2\d|3[01])/(0?[1-9]|1[0-2])/\d{4}'
        )
    group by slash_dates.raw_file

),

month_first_files as (

    select month_first_dates.raw_file
    from month_first_dates
    left join day_first_dates
        on month_first_dates.raw_file = day_first_dates.raw_file
    where day_first_dates.raw_file is null

)

select * from month_first_files
