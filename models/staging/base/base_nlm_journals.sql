-- The NLM's list of journals.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(jrid, journaltitle, medabbr, isoabbr) as raw_record,
    journaltitle as journal,
    medabbr as medline_abbreviation,
    isoabbr as iso_abbreviation
from {{ source('raw', 'nlm_journals') }}
