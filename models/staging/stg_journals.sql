-- depends_on: {{ ref('stg_raw_files') }}
with journals as (

    select * from {{ ref('base_nlm_journals') }}

),

cleaned as (

    select
        raw_file,
        raw_file_version,
        record_number,
        line_number,
        reader_defect,
        raw_text,
        raw_record,
        clean_text(journal) as journal,
        clean_text(medline_abbreviation) as medline_abbreviation,
        clean_text(iso_abbreviation) as iso_abbreviation
    from journals

),

judged as (

    select
        *,
        case
            when reader_defect is not null then reader_defect
            when journal is null then 'blank_title'
        end as defect
    from cleaned

),

kept as (

    select
        raw_file,
        raw_file_version,
        record_number,
        line_number,
        defect is null as is_usable,
        defect,
        rejected_text(defect, raw_text, raw_record) as raw_text,
        journal,
        medline_abbreviation,
        iso_abbreviation,
        journal_key(journal) as journal_key,
        journal_key(medline_abbreviation) as medline_key,
        journal_key(iso_abbreviation) as iso_key
    from judged

)

select * from kept
