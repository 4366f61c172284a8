-- The team's own other names of drugs.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(drug, synonym) as raw_record,
    drug as drug_name,
    synonym as other_name
from {{ source('raw', 'drug_synonyms') }}
