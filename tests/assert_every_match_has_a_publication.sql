-- Before anything is published: a match without a publication would be lost in
-- the join of both. Only a title whose record was merged into another one of
-- its registered id may have none of its own. Belongs to the model that joins
-- them, since a task of Airflow runs the tests of one model and of what is
-- above it.
-- depends_on: {{ ref('int_drugs_matched') }}
with matched_titles as (

    select title_hash
    from {{ ref('int_titles_matched') }}
    group by title_hash

),

publications as (

    select
        article_type,
        publication_id,
        title_hash
    from {{ ref('int_publications_merged') }}

),

merged_away as (

    select records.title_hash
    from {{ ref('int_publications_united') }} as records
    where
        records.has_registered_id
        and exists (
            select 1 from publications
            where
                publications.article_type = records.article_type
                and publications.publication_id = records.publication_id
        )

),

lost as (

    select matched_titles.title_hash
    from matched_titles
    left join publications
        on matched_titles.title_hash = publications.title_hash
    left join merged_away
        on matched_titles.title_hash = merged_away.title_hash
    where
        publications.title_hash is null
        and merged_away.title_hash is null

)

select * from lost
