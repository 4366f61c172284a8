{{
    config(
        source_name='ctgov_export_csv',
        post_hook="{{ keep_refused_rows(['title', 'journal']) }}"
    )
}}

with raw_records as (

    select * from {{ read_csv_records('ctgov_export_csv', 'optional') }}

),

-- A trial is published when the site first shows it. It has no journal, and its
-- sponsor is none. Where whoever downloaded the file left that column out, the
-- day on which the trial began is the next best.
cleaned as (

    select
        raw_file,
        {{ place_in_file() }} as record_number,
        cast(null as bigint) as line_number,
        cast(null as string) as reader_defect,
        {{ clean_text('nct_number') }} as publication_id,
        {{ clean_text('study_title') }} as title,
        cast(null as string) as journal,
        {{ clean_text('coalesce(first_posted, start_date)') }} as date_text,
        {{ record_of([
            'nct_number', 'study_title', 'first_posted', 'start_date'
        ]) }} as raw_record
    from raw_records

),

judged as (

    {{ judge_publications(
        'cleaned', raw_text=record_as_json('raw_record'), month_first=true
    ) }}

)

select * from judged
