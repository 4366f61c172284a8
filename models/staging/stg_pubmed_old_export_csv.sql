{{
    config(
        source_name='pubmed_old_export_csv',
        post_hook="{{ keep_refused_rows(['title', 'journal']) }}"
    )
}}

with raw_records as (

    select *
    from {{ read_csv_records('pubmed_old_export_csv', 'optional') }}

),

-- `J Emerg Nurs. 2019 Oct 15;45(5):1-2. doi: …` and `J Emerg Nurs.  2019`.
dated as (

    select
        *,
        {{ replace_pattern('shortdetails', '[.\\s]+\\d{4}\\s*$', '') }}
            as journal,
        coalesce(
            nullif({{ citation_date('details') }}, ''),
            nullif(
                {{ pattern_group('shortdetails', '(\\d{4})\\s*$', 1) }}, ''
            ),
            nullif(
                {{ pattern_group('properties', 'create date:([0-9/]+)', 1) }},
                ''
            )
        ) as date_spelt
    from raw_records

),

cleaned as (

    select
        raw_file,
        {{ place_in_file() }} as record_number,
        cast(null as bigint) as line_number,
        cast(null as string) as reader_defect,
        {{ clean_text('entrezuid') }} as publication_id,
        {{ clean_text('title') }} as title,
        {{ clean_text('journal') }} as journal,
        {{ clean_text('date_spelt') }} as date_text,
        {{ record_of([
            'entrezuid', 'title', 'details', 'shortdetails', 'properties'
        ]) }} as raw_record
    from dated

),

judged as (

    {{ judge_publications('cleaned', raw_text=record_as_json('raw_record')) }}

)

select * from judged
