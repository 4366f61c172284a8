-- An id as its registry writes it: `920000141.0`, `="920000141"`,
-- `'920000141`, `9.20000141E+08`, `PMID: 920000141` and the article's address
-- are 920000141. Most ids are only letters and digits; the first case returns
-- them as they are. Call it with a text that `clean_text` has cleaned.

-- A spreadsheet writes a long number as `9.20000141E+08`. Where it has cut
-- digits off, as in `9,20E+08`, nobody knows the id any more: null.
create or replace macro without_exponent(text) as
    case
        when
            length(regexp_extract(text, '[.,]([0-9]+)', 1))
            = regexp_extract(text, '[0-9]+$')::integer
            then regexp_replace(text, '^([0-9])[.,]([0-9]+)[eE].*', '\1\2')
    end;


create or replace macro clean_id(text) as
    case
        when regexp_full_match(text, '[0-9]+|[A-Z]+[0-9]+') then text
        when regexp_full_match(text, '[0-9][.,][0-9]+[eE][+]?[0-9]{1,2}')
            then without_exponent(text)
        else nullif(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        text, '^[="''\s]+|["''\s]+$', '', 'g'
                    ),
                    '(?i)^(?:pmid:?\s*|https?://(?:www\.)?'
                    || '(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed'
                    || '|clinicaltrials\.gov/(?:ct2/show|study|show))/)'
                    || '([0-9a-z]+)/?(?:[?#].*)?$',
                    '\1'
                ),
                '^([0-9]+)\.0*$', '\1'
            ),
            ''
        )
    end;
