-- Every record of a trial, from whatever file, as in stg_pubmed_articles.
-- depends_on: {{ ref('stg_raw_files') }}
with publications as (

    select * from {{ ref('base_clinical_trials') }}

    union all by name

    select * from {{ ref('base_ctgov_export') }}

    union all by name

    select * from {{ ref('base_ctgov_old_export') }}

    union all by name

    select * from {{ ref('base_ctgov_json') }}

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
        is_registered,
        clean_text(publication_id) as id_text,
        clean_text(title) as title,
        clean_text(journal) as journal,
        clean_text(date_text) as date_text
    from publications

),

judged as (

    select
        *,
        clean_id(id_text) as publication_id,
        case
            when reader_defect is not null then reader_defect
            when title is null then 'blank_title'
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
        publication_id,
        is_registered and is_registered_id(publication_id)
            as has_registered_id,
        title,
        (hash(title) >> 1)::bigint as title_hash,
        journal,
        date_text
    from judged

)

select * from kept
