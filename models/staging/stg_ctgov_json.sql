{{ config(source_name='ctgov_json') }}

with studies as (

    select * from {{ read_studies('ctgov_json') }}

),

-- The official title is the scientific one, which not every trial has.
raw_records as (

    select
        raw_file,
        case when not {{ is_json_object('study') }} then 'not_an_object' end
            as reader_defect,
        {{ json_text(
            'study', '$.protocolSection.identificationModule.nctId'
        ) }} as nct_id,
        {{ json_text(
            'study', '$.protocolSection.identificationModule.officialTitle'
        ) }} as official_title,
        {{ json_text(
            'study', '$.protocolSection.identificationModule.briefTitle'
        ) }} as brief_title,
        {{ json_text(
            'study',
            '$.protocolSection.statusModule.studyFirstPostDateStruct.date'
        ) }} as first_posted,
        {{ json_text(
            'study', '$.protocolSection.statusModule.startDateStruct.date'
        ) }} as start_date,
        study
    from studies

),

cleaned as (

    select
        raw_file,
        {{ place_in_file() }} as record_number,
        cast(null as bigint) as line_number,
        reader_defect,
        {{ clean_text('nct_id') }} as publication_id,
        coalesce(
            {{ clean_text('official_title') }}, {{ clean_text('brief_title') }}
        ) as title,
        cast(null as string) as journal,
        {{ clean_text('coalesce(first_posted, start_date)') }} as date_text,
        study
    from raw_records

),

judged as (

    {{ judge_publications(
        'cleaned',
        raw_text='left(cast(study as string), 10000)',
        month_first=true
    ) }}

)

select * from judged
