-- Restores UTF-8 that was read as Windows-1252 or Latin-1: `Î²-carotene`
-- becomes `β-carotene`. It does so only where it is certain, that is for a
-- letter and signs that together are the bytes of one UTF-8 character, and that
-- no language writes together. A capital letter and a closing quotation mark
-- occur together in good texts, so they stay as they are.
create or replace macro windows_1252_byte(sign) as case
    when ord(sign) < 256 then printf('%02X', ord(sign))
    else substr(
        '8082838485868788898A8B8C8E9192939495969798999A9B9C9E9F',
        2 * strpos('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ', sign) - 1,
        2
    )
end;


create or replace macro decode_mojibake(text) as list_aggregate(
    list_transform(
        regexp_extract_all(
            text,
            -- `^$`, or an empty text would become null.
            '^$|[ÂÃÅÎÏ][\x{80}-\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ–—˜™š›œžŸ]'
            || '|â[\x{80}€ˆ‰†„][\x{80}-\x{BF}\x{152}-\x{17E}\x{192}\x{2C6}'
            || '\x{2DC}\x{2013}-\x{2122}]'
            || '|[^ÂÃÅÎÏâ]+|.'
        ),
        lambda part: case
            when
                length(part) in (2, 3)
                and ord(part) in (194, 195, 197, 206, 207, 226)
                then coalesce(
                    try(decode(unhex(list_aggregate(
                        list_transform(
                            string_split(part, ''),
                            lambda sign: windows_1252_byte(sign)
                        ),
                        'string_agg',
                        ''
                    )))),
                    part
                )
            else part
        end
    ),
    'string_agg',
    ''
);
