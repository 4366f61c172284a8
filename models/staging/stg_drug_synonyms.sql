-- depends_on: {{ ref('stg_raw_files') }}
with synonyms as (

    select * from {{ ref('base_drug_synonyms') }}

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
        clean_text(drug_name) as drug_name,
        clean_text(other_name) as other_name
    from synonyms

),

folded as (

    select
        *,
        fold_text(drug_name) as folded_name,
        fold_text(other_name) as folded_other_name
    from cleaned

),

judged as (

    select
        *,
        case
            when reader_defect is not null then reader_defect
            when coalesce(folded_name, '') = '' then 'blank_drug_name'
            when coalesce(folded_other_name, '') = '' then 'blank_drug_name'
        end as defect
    from folded

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
        drug_name,
        other_name,
        folded_name,
        folded_other_name
    from judged

)

select * from kept
