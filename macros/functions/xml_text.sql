-- A text inside an element of XML, which has no place for most control
-- characters, not even escaped.
create or replace macro xml_text(text) as replace(
    replace(
        replace(
            regexp_replace(
                text,
                '[\x00-\x08\x0B-\x1F\x7F-\x9F\x{FFFE}\x{FFFF}]',
                '�',
                'g'
            ),
            '&', '&amp;'
        ),
        '<', '&lt;'
    ),
    '>', '&gt;'
);
