{{
    config(
        source_name='pubmed_export_csv',
        post_hook="{{ keep_refused_rows(['title', 'journal']) }}"
    )
}}

with raw_records as (

    select * from {{ read_csv_records('pubmed_export_csv', 'optional') }}

),

-- The citation alone has the whole date. Where it has none that can be told,
-- the year of publication is sure.
dated as (

    select
        *,
        coalesce(
            nullif({{ citation_date('citation') }}, ''),
            nullif(trim(publication_year), ''),
            create_date
        ) as date_spelt
    from raw_records

),

cleaned as (

    select
        raw_file,
        {{ place_in_file() }} as record_number,
        cast(null as bigint) as line_number,
        cast(null as string) as reader_defect,
        {{ clean_text('pmid') }} as publication_id,
        {{ clean_text('title') }} as title,
        {{ clean_text('journal_book') }} as journal,
        {{ clean_text('date_spelt') }} as date_text,
        {{ record_of([
            'pmid', 'title', 'citation', 'journal_book',
            'publication_year', 'create_date'
        ]) }} as raw_record
    from dated

),

judged as (

    {{ judge_publications('cleaned', raw_text=record_as_json('raw_record')) }}

)

select * from judged
