-- An id as its registry writes it: `920000141.0`, `="920000141"`,
-- `'920000141`, `PMID: 920000141` and the article's address are 920000141.
-- Most ids are plain letters and digits, and need no more than a look.
create or replace macro clean_id(text) as
    case
        when regexp_full_match(text, '[0-9]+|[A-Z]+[0-9]+') then text
        else null_if_placeholder(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        clean_text(text),
                        '^[="''\s]+|["''\s]+$', '', 'g'
                    ),
                    '(?i)^(?:pmid:?\s*|https?://(?:www\.)?'
                    || '(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed'
                    || '|clinicaltrials\.gov/(?:ct2/show|study|show))/)'
                    || '([0-9a-z]+)/?(?:[?#].*)?$',
                    '\1'
                ),
                '^([0-9]+)\.0*$', '\1'
            )
        )
    end;
