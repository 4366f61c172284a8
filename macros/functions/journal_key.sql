-- A journal as it is counted: case, punctuation and articles make no difference,
-- `&` is `and`; a place in brackets, `Cancers (Basel)`, and what NLM puts behind
-- a colon, `Journal of emergency nursing : JEN`, say nothing.
--
-- The list of one item keeps the text from being pasted wherever `fold_text`
-- mentions it.
create or replace macro journal_key(journal) as list_transform(
    [
        replace(
            regexp_replace(
                regexp_replace(
                    replace(journal, '&amp;', '&'), '\s+[:=]\s.*', ''
                ),
                '([^\s(].*?)\s*\([^()]*\)[\s.]*$', '\1'
            ),
            '&', ' and '
        )
    ],
    lambda name: regexp_replace(
        regexp_replace(
            fold_text(name), '^(?:the|la|le|les|der|die|das|el|il|lo) ', ''
        ),
        ' the ', ' ', 'g'
    )
)[1];
