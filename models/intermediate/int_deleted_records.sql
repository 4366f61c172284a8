-- PubMed's `DeleteCitation` takes an article out: every record of its id, but
-- those of later XML files. PubMed numbers its files, so their names tell which
-- are later; the folders that people put them into don't. The notice itself is
-- a record of its file, too.
with records as (

    select * from {{ ref('int_publication_records') }}

),

notices as (

    select
        publication_id,
        max(parse_filename(raw_file)) as file_name
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
            or parse_filename(records.raw_file) <= notices.file_name
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
