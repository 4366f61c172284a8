{{ config(source_name='pubmed_json') }}

with raw_records as (

    select * from {{ read_json_records('pubmed_json') }}

),

cleaned as (

    select
        raw_file,
        record_number,
        line_number,
        reader_defect,
        {{ clean_text('id') }} as publication_id,
        {{ clean_text('title') }} as title,
        {{ clean_text('journal') }} as journal,
        {{ clean_text('date') }} as date_text,
        raw_text
    from raw_records

),

judged as (

    {{ judge_publications('cleaned', raw_text='raw_text') }}

)

select * from judged
