-- A journal as it is counted: case, punctuation and articles make no
-- difference, and `&` is `and`. A place in brackets, `Cancers (Basel)`, and
-- what the NLM writes after a colon, `Journal of emergency nursing : JEN`, are
-- left out.
--
-- The list of one item is made once. Without it DuckDB would paste the
-- expression wherever `fold_text` names its argument.
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
