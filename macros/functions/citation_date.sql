-- The date in a citation, empty for none: what begins with a year behind the
-- name and its full stop, as in `J Emerg Nurs. 2019 Oct 15;45(5):1-2.`, or with
-- a season or month in front of the year (`J Test Med. Spring 2019;1(2):3.`),
-- or behind the press of a book, `Town: Press; 2019 Mar.`.
create or replace macro citation_date(citation) as
    coalesce(
        nullif(
            regexp_extract(citation, '\.\s+([12]\d{3}\b[^;:.]*)', 1), ''
        ),
        nullif(
            regexp_extract(
                citation,
                '\.\s+((?:\p{L}+[/-])?\p{L}{3,9}\.?,?\s[12]\d{3}\b[^;:.]*)', 1
            ),
            ''
        ),
        regexp_extract(citation, ';\s*([12]\d{3}\b[^;:.]*)', 1)
    );
