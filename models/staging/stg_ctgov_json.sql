{{ config(source_name='ctgov_json') }}
{%- set files = raw_files_in_variable('ctgov_json', 'ctgov_files') %}

-- An answer of the API is one object, as large as its file; an array of studies
-- and a study a line are read study by study.
{%- set largest = namespace(bytes=16777216) %}
{%- for file, size in files %}
    {%- set bytes = (size | int) * (20 if file.endswith('.gz') else 1) + 1 %}
    {%- set largest.bytes = [largest.bytes, bytes] | max %}
{%- endfor %}

with read_objects as (

    {% if files -%}
    select
        file_path,
        json as study_object
    from read_json_objects(
        getvariable('ctgov_files'),
        format = 'auto',
        maximum_object_size = {{ largest.bytes }},
        filename = 'file_path',
        hive_partitioning = false
    )
    {%- else -%}
        select
            null::string as file_path,
            null::json as study_object
        where false
    {%- endif %}

),

studies as (

    select
        file_path,
        unnest(
            case
                when json_exists(study_object, '$.studies')
                    then json_extract(study_object, '$.studies[*]')
                else [study_object]
            end
        ) as study
    from read_objects

),

-- The official title is the scientific one, which not every trial has.
raw_records as (

    select
        {{ raw_file_name('file_path') }} as raw_file,
        case when json_type(study) <> 'OBJECT' then 'not_an_object' end
            as reader_defect,
        study ->> '$.protocolSection.identificationModule.nctId' as nct_id,
        study ->> '$.protocolSection.identificationModule.officialTitle'
            as official_title,
        study ->> '$.protocolSection.identificationModule.briefTitle'
            as brief_title,
        study ->> '$.protocolSection.statusModule.studyFirstPostDateStruct.date'
            as first_posted,
        study ->> '$.protocolSection.statusModule.startDateStruct.date'
            as start_date,
        study
    from studies

),

cleaned as (

    select
        raw_file,
        {{ place_in_file() }} as record_number,
        null::bigint as line_number,
        reader_defect,
        {{ clean_text('nct_id') }} as publication_id,
        coalesce(
            {{ clean_text('official_title') }}, {{ clean_text('brief_title') }}
        ) as title,
        null::string as journal,
        {{ clean_text('coalesce(first_posted, start_date)') }} as date_text,
        study
    from raw_records

),

judged as (

    {{ judge_publications(
        'cleaned', raw_text='left(study::string, 10000)', month_first=true
    ) }}

)

select * from judged
