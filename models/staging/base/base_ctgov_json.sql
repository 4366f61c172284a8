-- ClinicalTrials.gov, Download, JSON, and its API v2. The official title is the
-- scientific one, which not every trial has.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    true as is_registered,
    study ->> '$.protocolSection.identificationModule.nctId' as publication_id,
    coalesce(
        clean_text(
            study ->> '$.protocolSection.identificationModule.officialTitle'
        ),
        study ->> '$.protocolSection.identificationModule.briefTitle'
    ) as title,
    null as journal,
    coalesce(
        clean_text(
            study
            ->> '$.protocolSection.statusModule.studyFirstPostDateStruct.date'
        ),
        study ->> '$.protocolSection.statusModule.startDateStruct.date'
    ) as date_text
from {{ source('raw', 'ctgov_json') }}
