-- A journal as it is counted: case, punctuation and articles make no difference,
-- `&` is `and`; a place in brackets, `Cancers (Basel)`, and what NLM puts behind
-- a colon, `Journal of emergency nursing : JEN`, say nothing.
create or replace macro journal_key(journal) as regexp_replace(
    regexp_replace(
        fold_text(replace(
            regexp_replace(
                regexp_replace(
                    replace(journal, '&amp;', '&'), '\s+[:=]\s.*', ''
                ),
                '([^\s(].*?)\s*\([^()]*\)[\s.]*$', '\1'
            ),
            '&', ' and '
        )),
        '^(?:the|la|le|les|der|die|das|el|il|lo) ', ''
    ),
    ' the ', ' ', 'g'
);
