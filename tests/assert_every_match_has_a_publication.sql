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
    semi join publications
        on
            records.article_type = publications.article_type
            and records.publication_id = publications.publication_id
    where records.has_registered_id

),

lost as (

    select matched_titles.title_hash
    from matched_titles
    anti join publications
        on matched_titles.title_hash = publications.title_hash
    anti join merged_away
        on matched_titles.title_hash = merged_away.title_hash

)

select * from lost
