-- Whether a date may be day first or month first: `01/02/2020`.
create or replace macro is_slash_date(date_text) as date_text like '%/____';
