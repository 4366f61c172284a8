-- The date in a citation; an empty text if there is none. It follows the
-- journal's name and a full stop, and begins with a year, as in `J Emerg Nurs.
-- 2019 Oct 15;45(5):1-2.`, or with a month or season and a year, as in `J Test
-- Med. Spring 2019;1(2):3.` For a book it follows the publisher: `Town: Press;
-- 2019 Mar.`
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
