-- A key of the project's own: 63 bits of md5. The unit separator keeps
-- ('ab', 'c') and ('a', 'bc') apart; a null counts as an empty text, which no
-- cleaned column holds. DuckDB's md5_number_lower costs three times as much.
create or replace macro surrogate_key
(one) as
    (md5_number(coalesce(one::varchar, '')) >> 65)::bigint,
(one, two) as
    (md5_number(concat(
        coalesce(one::varchar, ''), chr(31), coalesce(two::varchar, '')
    )) >> 65)::bigint,
(one, two, three, four, five) as
    (md5_number(concat(
        coalesce(one::varchar, ''), chr(31), coalesce(two::varchar, ''),
        chr(31), coalesce(three::varchar, ''), chr(31),
        coalesce(four::varchar, ''), chr(31), coalesce(five::varchar, '')
    )) >> 65)::bigint;
