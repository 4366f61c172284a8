-- PubMed's `DeleteCitation` takes an article out: every record of its id, but
-- those of later XML files. The notice itself is a record of its file, too.
with records as (

    select * from {{ ref('int_publication_records') }}

),

notices as (

    select
        publication_id,
        max(raw_file) as raw_file
    from records
    where is_deleted and has_registered_id
    group by publication_id

),

deleted as (

    select
        records.raw_file,
        records.file_position,
        records.article_type,
        records.publication_id,
        records.is_deleted as is_notice
    from records
    inner join notices on records.publication_id = notices.publication_id
    where
        records.article_type = 'pubmed'
        and records.has_registered_id
        and (
            records.is_deleted
            or records.raw_file <= notices.raw_file
            or records.record_version is null
        )

    union all

    select
        raw_file,
        file_position,
        article_type,
        publication_id,
        true as is_notice
    from records
    where is_deleted and not has_registered_id

)

select * from deleted
