-- PubMed XML. A later version of an article replaces an earlier one, and
-- `DeleteCitation` deletes it; int_publications and int_deleted_records do
-- that.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(pmid, title, journal, date) as raw_record,
    true as is_registered,
    pmid as publication_id,
    coalesce(
        available_title(title), available_title(vernacular_title), title
    ) as title,
    coalesce(journal, journal_abbreviation) as journal,
    journal_abbreviation,
    date as date_text,
    try_cast(version as integer) as record_version,
    try_cast(date_revised as date) as revised_on,
    is_deleted = 'true' as is_deleted
from {{ source('raw', 'pubmed_xml') }}
