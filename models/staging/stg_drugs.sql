{{
    config(
        source_name='drugs',
        post_hook="{{ keep_refused_rows(['drug_name']) }}"
    )
}}

with raw_records as (

    select * from {{ read_csv_records('drugs') }}

),

cleaned as (

    select
        raw_file,
        {{ clean_text('atccode') }} as atc_code,
        {{ clean_text('drug') }} as drug_name,
        {{ record_of(['atccode', 'drug']) }} as raw_record
    from raw_records

),

folded as (

    select
        *,
        {{ fold_text('drug_name') }} as folded_name
    from cleaned

),

judged as (

    select
        *,
        case
            when folded_name is null or folded_name = '' then 'blank_drug_name'
            when atc_code is null then 'blank_atc_code'
        end as defect
    from folded

),

kept as (

    select
        raw_file,
        {{ place_in_file() }} as record_number,
        cast(null as bigint) as line_number,
        defect is null as is_usable,
        defect,
        cast(null as string) as defect_detail,
        case when defect is not null then {{ record_as_json('raw_record') }} end
            as raw_text,
        atc_code,
        drug_name,
        folded_name
    from judged

)

select * from kept
