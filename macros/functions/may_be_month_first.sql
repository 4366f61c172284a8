-- Whether a date may be day first or month first: `01/02/2020`, `01-02-2020`,
-- `01/02/2020 10:30`. With dots, `01.02.2020`, the day is first everywhere.
-- Every record is asked. Most dates begin with a year, and to see that costs a
-- third of the pattern.
create or replace macro may_be_month_first(date_text) as
    (
        date_text like '_/%' or date_text like '__/%'
        or date_text like '_-%' or date_text like '__-%'
    )
    and regexp_matches(date_text, '^\d\d?(?:/\d\d?/|-\d\d?-)\d{4}\b');
