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
        cast(null as bigint) as line_number,
        cast(null as string) as reader_defect,
        {{ clean_text('pmid') }} as publication_id,
        {{ clean_text('title') }} as title,
        {{ clean_text('journal') }} as journal,
        {{ clean_text('date') }} as date_text,
        {{ record_of(['pmid', 'title', 'journal', 'date']) }} as raw_record
    from raw_records

),

judged as (

    {{ judge_publications('cleaned', raw_text=record_as_json('raw_record')) }}

)

select * from judged
