-- Before anything is published: a match without a publication would be lost in
-- the join of both. Belongs to the model that joins them, since a task of
-- Airflow runs the tests of one model and of what is above it.
-- depends_on: {{ ref('int_drugs_matched') }}
with matched_titles as (

    select title_hash
    from {{ ref('int_titles_matched') }}
    group by title_hash

),

publications as (

    select title_hash
    from {{ ref('int_publications_merged') }}

),

published_titles as (

    select publications.title_hash
    from publications
    semi join matched_titles
        on publications.title_hash = matched_titles.title_hash
    group by publications.title_hash

)

select
    (select count(*) from matched_titles) as matched_titles,
    (select count(*) from published_titles) as published_titles
where
    (select count(*) from matched_titles)
    <> (select count(*) from published_titles)
