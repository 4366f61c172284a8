-- `~` between a letter and a digit of a folded name, whether they are written
-- together or apart: `il~2` for `il2` and `il 2`.
create or replace macro with_digits_marked(name) as regexp_replace(
    regexp_replace(name, '([\p{L}\p{M}]) ?([0-9])', '\1~\2', 'g'),
    '([0-9]) ?([\p{L}])', '\1~\2', 'g'
);


-- All ways to write a name with marks: `il 2` and `il2` for `il~2`. A name with
-- more than six marks is long and chemical; it is found with all of them apart
-- and with none.
create or replace macro digit_spellings(marked_name) as list_transform(
    [string_split(marked_name, '~')],
    lambda parts: case
        when len(parts) > 7
            then [
                list_aggregate(parts, 'string_agg', ' '),
                list_aggregate(parts, 'string_agg', '')
            ]
        else list_transform(
            range((1 << (len(parts) - 1))::bigint),
            lambda choice: list_aggregate(
                list_transform(
                    parts,
                    lambda part, place: case
                        when place = 1 then part
                        when (choice >> (place - 2)) & 1 = 1 then ' ' || part
                        else part
                    end
                ),
                'string_agg',
                ''
            )
        )
    end
)[1];
