-- A journal as it is counted: without case, punctuation and `The`, `&` as
-- "and", and without what says nothing: a place in brackets, `Cancers (Basel)`,
-- and what NLM puts behind a colon, `Journal of emergency nursing : JEN`.
--
-- The list of one item keeps the text from being pasted wherever `fold_text`
-- mentions it.
create or replace macro journal_key(journal) as list_transform(
    [
        regexp_replace(
            regexp_replace(journal, '\s+[:=]\s.*|\s*\([^()]*\)\s*$', '', 'g'),
            '&(?:amp;)?', ' and ', 'g'
        )
    ],
    lambda name: regexp_replace(fold_text(name), '^the ', '')
)[1];
