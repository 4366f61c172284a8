-- A journal as it is compared: case, punctuation and articles make no
-- difference, and `&` is `and`. What stands in brackets at its end, `Cancers
-- (Basel, Switzerland)`, stays in brackets up to the first comma or colon:
-- `cancers (basel)`. int_journals knows where it says nothing. What the NLM
-- writes after a colon, `Journal of emergency nursing : JEN`, is left out.
create or replace macro bracket_pattern() as
    '([^\s(].*?)\s*\(([^(),:]*)[^()]*\)?[\s.]*$';


-- A list of one item is made once. Without it DuckDB would paste the expression
-- wherever a function names its argument.
create or replace macro journal_key(journal) as list_transform(
    [
        replace(
            regexp_replace(
                replace(journal, '&amp;', '&'), '\s+[:=]\s.*', ''
            ),
            '&', ' and '
        )
    ],
    lambda name: regexp_replace(
        list_aggregate(
            list_transform(
                [
                    regexp_replace(name, bracket_pattern(), '\1'),
                    regexp_extract(name, bracket_pattern(), 2)
                ],
                lambda part: regexp_replace(
                    regexp_replace(
                        fold_text(part),
                        '^(?:the|la|le|les|der|die|das|el|il|lo) ', ''
                    ),
                    ' the ', ' ', 'g'
                )
            ),
            'string_agg',
            ' ('
        ) || ')',
        ' ?\(\)$', ''
    )
)[1];
