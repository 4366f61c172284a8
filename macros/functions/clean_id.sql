-- An id as its registry writes it: `920000141.0`, `="920000141"`,
-- `'920000141`, `920,000,141`, `9.20000141E+08`, `PMID: 920000141` and the
-- article's address are 920000141, and `nct01967433` is NCT01967433. Most ids
-- are only letters and digits; the first case returns them as they are. Call it
-- with a text that `clean_text` has cleaned.

-- `9.20000141E+08`, `9E+08`, but not `9E08`, which may be somebody's own id.
create or replace macro exponent_pattern() as
    '(?i)^[="''\s]*(?:pmid:?\s*)?'
    || '([0-9]+)(?:[.,]([0-9]*)e[+]?|e[+])([0-9]{1,3})["''\s]*$';


-- A spreadsheet writes a long number as `9.20000141E+08`. Where it has cut
-- digits off, as in `9,20E+08` and `9E+08`, nobody knows the id any more: null.
create or replace macro without_exponent(text) as
    case
        when
            length(regexp_extract(text, exponent_pattern(), 2))
            = regexp_extract(text, exponent_pattern(), 3)::integer
            then regexp_replace(text, exponent_pattern(), '\1\2')
    end;


create or replace macro without_quotes(text) as
    regexp_replace(text, '^[="''\s]+|["''\s]+$', '', 'g');


create or replace macro without_address(text) as
    regexp_replace(
        text,
        '(?i)^(?:pmid:?\s*|(?:https?://)?(?:www\.)?'
        || '(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed'
        || '|clinicaltrials\.gov/(?:ct2/show|study|show))/)'
        || '([0-9a-z]+)/?(?:[?#].*)?$',
        '\1'
    );


-- One comma alone, `920,141`, may be a decimal one.
create or replace macro without_separators(text) as
    regexp_replace(
        text, '^([0-9]{1,3}),([0-9]{3}),([0-9]{3})(?:,([0-9]{3}))?$',
        '\1\2\3\4'
    );


create or replace macro clean_id(text) as
    case
        when regexp_full_match(text, '[0-9]+|[A-Z]+[0-9]+') then text
        when regexp_matches(text, exponent_pattern())
            then without_exponent(text)
        when regexp_matches(text, '(?i)pmid|ncbi|clinicaltrials|nct')
            then regexp_replace(
                without_address(without_quotes(text)),
                '(?i)^nct([0-9]{8})$', 'NCT\1'
            )
        when contains(text, ',')
            then without_separators(without_quotes(text))
        else nullif(
            regexp_replace(without_quotes(text), '^([0-9]+)\.0*$', '\1'), ''
        )
    end;
