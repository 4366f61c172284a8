-- A date as the patterns of int_dates expect it: in lower case, without
-- accents, with plain hyphens, with slashes in `1.2.2020` and `1-2-2020`,
-- without `[revised …]`, without the day of the week before a day or a month,
-- without the endings of `1er`, `3.` and `16th`, and without the `de` of `16 de
-- octubre de 2014`.
create or replace macro fold_date_text(date_text) as
    trim(regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    replace(strip_accents(lower(date_text)), 'ı', 'i'),
                    '^(\d\d?)(?:\. ?(\d\d?)\. ?|-(\d\d?)-)(\d{4})\b',
                    '\1/\2\3/\4'
                ),
                '\[.*|[‐‑‒–—]', '-', 'g'
            ),
            '^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?'
            || '[,.]? (\d\d?|[a-z]+)(?:st|nd|rd|th)?[ .,]'
            || '|\b(\d\d?)(?:st|nd|rd|th|er)\b|\bdel?\b|[.,º°]',
            '\1\2 ',
            'g'
        ),
        '[\s-]+$|\s+', ' ', 'g'
    ));
