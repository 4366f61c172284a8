-- PubMed's tagged format. An article without an English title has its
-- vernacular one, and a chapter of a book without a title has the book's.
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
