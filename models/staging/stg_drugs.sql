-- depends_on: {{ ref('stg_raw_files') }}
with drugs as (

    select * from {{ ref('base_drugs') }}

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
        clean_text(atc_code) as atc_code,
        clean_text(drug_name) as drug_name
    from drugs

),

folded as (

    select
        *,
        fold_text(drug_name) as folded_name
    from cleaned

),

judged as (

    select
        *,
        case
            when reader_defect is not null then reader_defect
            when coalesce(folded_name, '') = '' then 'blank_drug_name'
            when atc_code is null then 'blank_atc_code'
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
        atc_code,
        drug_name,
        folded_name
    from judged

)

select * from kept
