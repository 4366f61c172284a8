-- The team's drug list.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(atccode, drug) as raw_record,
    atccode as atc_code,
    drug as drug_name
from {{ source('raw', 'drugs') }}
