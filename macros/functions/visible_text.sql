-- White space and control characters become single blanks. At either end,
-- characters that print nothing are removed: zero-width spaces and joiners,
-- direction marks, the byte order mark, the soft hyphen.
create or replace macro visible_text(text) as
    regexp_replace(
        regexp_replace(text, '[\s\p{Z}\p{Cc}]+', ' ', 'g'),
        '^[ \x{AD}\x{61C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2064}\x{2066}-\x{206F}\x{FEFF}]+'
        || '|[ \x{AD}\x{61C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2064}\x{2066}-\x{206F}\x{FEFF}]+$',
        '',
        'g'
    );
