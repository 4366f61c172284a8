-- Whether a text has as many bytes as characters. DuckDB's `regexp_full_match`
-- costs fifteen times as much.
create or replace macro is_ascii(text) as strlen(text) = length(text);
