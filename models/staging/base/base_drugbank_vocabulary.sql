-- DrugBank's open vocabulary. It has no ATC codes.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(drugbank_id, common_name, synonyms) as raw_record,
    'drugbank_vocabulary' as vocabulary,
    drugbank_id as concept_id,
    null::varchar as atc_code,
    common_name as name,
    synonyms as other_names,
    true as is_drug,
    true as is_in_use
from {{ source('raw', 'drugbank_vocabulary') }}
