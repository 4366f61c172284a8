-- The WHO's ATC classification. Codes of seven characters are substances,
-- shorter ones are classes of them.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(atc_code, atc_level_name) as raw_record,
    'who_atc' as vocabulary,
    atc_code as concept_id,
    atc_code,
    atc_level_name as name,
    null::varchar as other_names,
    length(atc_code) = 7 as is_drug,
    length(atc_code) = 7 as is_in_use
from {{ source('raw', 'who_atc') }}
