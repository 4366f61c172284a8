-- Every record of a public vocabulary of drugs, cleaned. Records that can't be
-- used are kept and marked. To add a vocabulary, add its base model to the
-- union.
-- depends_on: {{ ref('stg_raw_files') }}
with vocabularies as (

    select * from {{ ref('base_who_atc') }}

    union all by name

    select * from {{ ref('base_drugbank_vocabulary') }}

    union all by name

    select * from {{ ref('base_rxnorm_names') }}

),

cleaned as (

    select
        raw_file,
        raw_file_version,
        record_number,
        line_number,
        reader_defect,
        raw_text,
        raw_record,
        vocabulary,
        clean_text(concept_id) as concept_id,
        clean_text(atc_code) as atc_code,
        clean_text(name) as drug_name,
        clean_text(other_names) as other_names,
        coalesce(is_drug, false) as is_drug,
        coalesce(is_in_use, false) as is_in_use
    from vocabularies

),

judged as (

    select
        *,
        case
            when reader_defect is not null then reader_defect
            when drug_name is null then 'blank_drug_name'
            when concept_id is null then 'blank_atc_code'
        end as defect
    from cleaned

),

kept as (

    select
        raw_file,
        raw_file_version,
        record_number,
        line_number,
        defect is null as is_usable,
        defect,
        rejected_text(defect, raw_text, raw_record) as raw_text,
        vocabulary,
        concept_id,
        atc_code,
        drug_name,
        other_names,
        is_drug,
        is_in_use
    from judged

)

select * from kept
