-- A text as the content of an XML element. XML allows most control characters
-- not even as escapes, so they are replaced.
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
