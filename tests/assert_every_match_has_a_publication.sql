-- Before anything is published: a match without a publication would be lost in
-- the join of both. Only a title whose record was merged into another one of
-- its registered id, or deleted, may have none of its own. Belongs to the model
-- that joins them.
-- depends_on: {{ ref('int_drug_mentions') }}
with matched_titles as (

    select title_hash
    from {{ ref('int_title_mentions') }}
    where title_hash is not null
    group by title_hash

),

publications as (

    select
        title_hash,
        article_type,
        publication_id
    from {{ ref('int_publications') }}

),

without_publication as (

    select matched_titles.title_hash
    from matched_titles
    left join publications
        on matched_titles.title_hash = publications.title_hash
    where publications.title_hash is null

),

explained as (

    select without_publication.title_hash
    from without_publication
    inner join {{ ref('int_publication_records') }} as records
        on without_publication.title_hash = records.title_hash
    left join publications
        on
            records.article_type = publications.article_type
            and records.publication_id = publications.publication_id
    left join {{ ref('int_deleted_records') }} as deleted_records
        on
            records.raw_file = deleted_records.raw_file
            and records.file_position = deleted_records.file_position
    where
        records.has_registered_id
        and (
            publications.publication_id is not null
            or deleted_records.raw_file is not null
        )

),

lost as (

    select without_publication.title_hash
    from without_publication
    left join explained
        on without_publication.title_hash = explained.title_hash
    where explained.title_hash is null

)

select * from lost
