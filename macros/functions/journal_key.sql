-- A journal as it is counted: without case and punctuation, without `The` and
-- without what NLM puts behind a colon, `Journal of emergency nursing : JEN`.
create or replace macro journal_key(journal) as regexp_replace(
    fold_text(regexp_replace(journal, '\s+[:=]\s.*', '', 'g')),
    '^the ', ''
);
