with synonyms as (

    select * from {{ ref('base_drug_synonyms') }}

),

raw_files as (

    select * from {{ ref('stg_raw_files') }}

),

cleaned as (

    select
        synonyms.raw_file,
        raw_files.raw_file_version,
        synonyms.record_number,
        synonyms.line_number,
        synonyms.reader_defect,
        synonyms.raw_text,
        synonyms.raw_record,
        clean_text(synonyms.drug_name) as drug_name,
        clean_text(synonyms.other_name) as other_name
    from synonyms
    inner join raw_files on synonyms.raw_file = raw_files.raw_file

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
        case
            when defect is not null
                then left(
                    coalesce(raw_text, raw_record_as_json(raw_record)), 10000
                )
        end as raw_text,
        drug_name,
        other_name,
        folded_name,
        folded_other_name
    from judged

)

select * from kept
