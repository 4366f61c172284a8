-- Whether a text has no entities, no tags and ASCII letters only. It may have a
-- trademark sign, `(R)`.
create or replace macro is_plain_text(text) as
    is_ascii(text)
    and not contains(text, '<')
    and not contains(text, '&');
