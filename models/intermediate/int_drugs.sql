-- Its file is left alone while staging holds the same files.
-- depends_on: {{ ref('int_staged_files') }}
with drugs as (

    select * from {{ ref('stg_drugs') }}
    where is_usable

),

deduplicated as (

    select
        atc_code,
        folded_name,
        min(drug_name) as drug_name,
        min(raw_file) as raw_file,
        list_sort(list(raw_file)) as raw_files
    from drugs
    group by atc_code, folded_name

),

keyed as (

    select
        surrogate_key(atc_code, folded_name) as drug_key,
        surrogate_key(folded_name) as name_key,
        atc_code,
        -- A drug has one name, whatever codes it stands on.
        min(drug_name) over (partition by folded_name) as drug_name,
        folded_name,
        raw_file,
        case when len(raw_files) > 1 then raw_files[2:] end as merged_raw_files
    from deduplicated

)

select * from keyed
