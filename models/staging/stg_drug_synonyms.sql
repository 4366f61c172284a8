{{
    config(
        source_name='drug_synonyms',
        post_hook="{{ keep_refused_rows(['drug_name', 'other_name']) }}"
    )
}}

with raw_records as (

    select * from {{ read_csv_records('drug_synonyms', 'optional') }}

),

cleaned as (

    select
        raw_file,
        {{ clean_text('drug') }} as drug_name,
        {{ clean_text('synonym') }} as other_name,
        {{ record_of(['drug', 'synonym']) }} as raw_record
    from raw_records

),

folded as (

    select
        *,
        {{ fold_text('drug_name') }} as folded_name,
        {{ fold_text('other_name') }} as folded_other_name
    from cleaned

),

judged as (

    select
        *,
        case
            when coalesce(folded_name, '') = '' then 'blank_drug_name'
            when coalesce(folded_other_name, '') = '' then 'blank_drug_name'
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
        drug_name,
        other_name,
        folded_name,
        folded_other_name
    from judged

)

select * from kept
