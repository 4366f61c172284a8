{{
    config(
        source_name='pubmed_xml',
        post_hook="{{ remove_unpacked_files() }}"
    )
}}

with raw_records as (

    select * from {{ read_xml_records('pubmed_xml') }}

),

cleaned as (

    select
        raw_file,
        {{ place_in_file() }} as record_number,
        null::bigint as line_number,
        null::string as reader_defect,
        {{ clean_text('pmid') }} as publication_id,
        {{ clean_text('title') }} as title,
        {{ clean_text('journal') }} as journal,
        {{ clean_text('date') }} as date_text,
        {{ record_of(['pmid', 'title', 'journal', 'date']) }} as raw_record
    from raw_records

),

judged as (

    {{ judge_publications('cleaned', raw_text='to_json(raw_record)::string') }}

)

select * from judged
