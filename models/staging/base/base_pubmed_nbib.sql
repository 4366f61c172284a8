-- PubMed's tagged format. A title in another language stands in brackets or
-- apart, and a chapter of a book has the book's title where it has none.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    true as is_registered,
    pmid as publication_id,
    coalesce(
        available_title(title), available_title(vernacular_title),
        available_title(book_title), title
    ) as title,
    coalesce(journal, journal_abbreviation) as journal,
    journal_abbreviation,
    date as date_text
from {{ source('raw', 'pubmed_nbib') }}
