-- PubMed, Send to, File, CSV, before 2020. `ShortDetails` is the journal and
-- the first four characters of the date: `J Emerg Nurs.  2019`.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(
        entrezuid, title, details, shortdetails, properties
    ) as raw_record,
    true as is_registered,
    entrezuid as publication_id,
    title,
    regexp_replace(
        shortdetails, '[.\s]+\d{4}\s*$|\.?\s{2,}\S{1,4}\s*$', ''
    ) as journal,
    coalesce(
        nullif(citation_date(details), ''),
        nullif(regexp_extract(shortdetails, '(\d{4})\s*$', 1), ''),
        nullif(regexp_extract(properties, 'create date:([0-9/]+)', 1), '')
    ) as date_text
from {{ source('raw', 'pubmed_old_export') }}
