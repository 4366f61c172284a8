-- A date as the patterns of int_dates expect it: in lower case, without
-- accents, with plain hyphens, without `[revised …]`, without the endings of
-- `1er`, `3.` and `16th`, and without the `de` of `16 de octubre de 2014`.
create or replace macro fold_date_text(date_text) as
    trim(regexp_replace(
        regexp_replace(
            regexp_replace(
                strip_accents(lower(date_text)), '\[.*|[‐‑‒–—]', '-', 'g'
            ),
            '\b(\d\d?)(?:st|nd|rd|th|er)\b|\bdel?\b|[.,º°]', '\1 ', 'g'
        ),
        '[\s-]+$|\s+', ' ', 'g'
    ));
