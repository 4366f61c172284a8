-- Slash dates are day first, and so are `01-02-2020` and those with a time. A
-- guess for each row would read 01/02/2020 as two different days within a file.
-- So a file is month first only as a whole: at least one of its dates can't be
-- read otherwise (`05/25/2020`), and none of them can only be day first
-- (`25/05/2020`).
with slash_dates as (

    select
        raw_file,
        date_text
    from {{ ref('stg_pubmed_articles') }}
    where may_be_month_first(date_text)
    group by raw_file, date_text

    union all

    select
        raw_file,
        date_text
    from {{ ref('stg_clinical_trials') }}
    where may_be_month_first(date_text)
    group by raw_file, date_text

),

month_first_files as (

    select raw_file
    from slash_dates
    group by raw_file
    having
        bool_or(regexp_full_match(
            date_text, '(0?[1-9]|1[0-2])[/-](1[3-9]|2\d|3[01])[/-].*'
        ))
        and not bool_or(regexp_full_match(
            date_text, '(1[3-9]|2\d|3[01])[/-](0?[1-9]|1[0-2])[/-].*'
        ))

)

select * from month_first_files
