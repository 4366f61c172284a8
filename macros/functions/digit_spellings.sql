-- All ways to write a folded name whose letters stand beside digits: `il 2` and
-- `il2`. A name with more than six such places is long and chemical; it is found
-- as it is written, with all of them apart and with none.
create or replace macro with_digits_marked(name) as regexp_replace(
    regexp_replace(name, '([\p{L}\p{M}]) ?([0-9])', '\1~\2', 'g'),
    '([0-9]) ?([\p{L}])', '\1~\2', 'g'
);


create or replace macro digit_spellings(name) as case
    when not contains(with_digits_marked(name), '~') then [name]
    when len(string_split(with_digits_marked(name), '~')) > 7
        then [
            name,
            replace(with_digits_marked(name), '~', ' '),
            replace(with_digits_marked(name), '~', '')
        ]
    else list_transform(
        range(
            (
                1 << (len(string_split(with_digits_marked(name), '~')) - 1)
            )::bigint
        ),
        lambda choice: list_aggregate(
            list_transform(
                string_split(with_digits_marked(name), '~'),
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
end;
