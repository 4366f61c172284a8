{{
    config(
        source_name='clinical_trials',
        post_hook="{{ keep_refused_rows(['title', 'journal']) }}"
    )
}}

with raw_records as (

    select * from {{ read_csv_records('clinical_trials') }}

),

cleaned as (

    select
        raw_file,
        {{ place_in_file() }} as record_number,
        cast(null as bigint) as line_number,
        cast(null as string) as reader_defect,
        {{ clean_text('id') }} as publication_id,
        {{ clean_text('scientific_title') }} as title,
        {{ clean_text('journal') }} as journal,
        {{ clean_text('date') }} as date_text,
        {{ record_of([
            'id', 'scientific_title', 'date', 'journal'
        ]) }} as raw_record
    from raw_records

),

judged as (

    {{ judge_publications('cleaned', raw_text=record_as_json('raw_record')) }}

)

select * from judged
