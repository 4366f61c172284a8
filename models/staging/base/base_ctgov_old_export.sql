-- ClinicalTrials.gov, Download, CSV or TSV, before 2023; see base_ctgov_export.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(nct_number, title, first_posted, start_date) as raw_record,
    true as is_registered,
    nct_number as publication_id,
    title,
    null as journal,
    coalesce(clean_text(first_posted), start_date) as date_text
from {{ source('raw', 'ctgov_old_export') }}
