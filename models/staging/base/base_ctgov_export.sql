-- ClinicalTrials.gov, Download, CSV, since 2023. A trial is published when the
-- site first shows it, or else when it began. It has no journal, and its sponsor
-- is none.
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
