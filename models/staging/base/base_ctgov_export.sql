-- ClinicalTrials.gov, Download, CSV, since 2023. A trial's date is the day on
-- which the site first showed it, or its start if the file does not have that.
-- A trial has no journal; its sponsor is not one.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(
        nct_number, study_title, first_posted, start_date
    ) as raw_record,
    true as is_registered,
    nct_number as publication_id,
    study_title as title,
    null as journal,
    coalesce(clean_text(first_posted), start_date) as date_text
from {{ source('raw', 'ctgov_export') }}
