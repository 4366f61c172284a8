-- The day that an ISO date, a slash date or `1 February 2020` spells, null for
-- anything else. To try one format, chosen by the text's shape, costs a fifth
-- of trying them all, and DuckDB's own words for days, such as `epoch`, have
-- none of these shapes. A result below the year 1000 comes from a year of two
-- digits; the caller must not use it.
create or replace macro plain_date(date_text) as
    case
        when date_text like '____-%' then try_strptime(date_text, '%Y-%m-%d')
        when is_slash_date(date_text) then try_strptime(date_text, '%d/%m/%Y')
        when date_text like '% ____' then try_strptime(date_text, '%d %B %Y')
    end::date;
