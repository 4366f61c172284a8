-- Before anything is published: a match without a publication would be lost in
-- the join of both. Only a title whose record was merged into another one of
-- its registered id may have none of its own. Belongs to the model that joins
-- them, since a task of Airflow runs the tests of one model and of what is
-- above it.
-- depends_on: {{ ref('int_drugs_matched') }}
with matched_titles as (

    select publication_hash
    from {{ ref('int_titles_matched') }}
    group by publication_hash

),

without_publication as (

    select matched_titles.publication_hash
    from matched_titles
    left join {{ ref('int_publications_merged') }} as publications
        on matched_titles.publication_hash = publications.publication_hash
    where publications.publication_hash is null

),

merged_away as (

    select without_publication.publication_hash
    from without_publication
    inner join {{ ref('int_publications_united') }} as records
        on without_publication.publication_hash = records.publication_hash
    inner join {{ ref('int_publications_merged') }} as publications
        on
            records.article_type = publications.article_type
            and records.publication_id = publications.publication_id
    where records.has_registered_id

),

lost as (

    select without_publication.publication_hash
    from without_publication
    left join merged_away
        on without_publication.publication_hash = merged_away.publication_hash
    where merged_away.publication_hash is null

)

select * from lost
