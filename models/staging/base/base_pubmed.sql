-- Articles listed by hand.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(id, title, date, journal) as raw_record,
    false as is_registered,
    id as publication_id,
    title,
    journal,
    date as date_text
from {{ source('raw', 'pubmed') }}
