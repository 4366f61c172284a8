-- PubMed, Save, CSV. Only the citation has the whole date. If none is found in
-- it, the year of publication counts.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(
        pmid, title, citation, journal_book, publication_year, create_date
    ) as raw_record,
    true as is_registered,
    pmid as publication_id,
    title,
    journal_book as journal,
    coalesce(
        nullif(citation_date(citation), ''),
        nullif(trim(publication_year), ''),
        create_date
    ) as date_text
from {{ source('raw', 'pubmed_export') }}
