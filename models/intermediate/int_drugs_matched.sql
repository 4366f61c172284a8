{{ config(post_hook="{{ remember_files() }}") }}

with titles_matched as (

    select * from {{ ref('int_titles_matched') }}

),

publications as (

    select
        publication_key,
        publication_hash
    from {{ ref('int_publications_merged') }}

),

names as (

    select * from {{ ref('int_names') }}

),

drugs as (

    select * from {{ ref('int_drugs_deduplicated') }}

),

-- A title may repeat a name, or have several of one drug, and several records
-- may have one title: the one place where that is folded away.
drugs_by_title as (

    select
        titles_matched.publication_hash,
        names.name_key,
        min(names.spelling) as matched_name
    from titles_matched
    inner join names on titles_matched.name_key = names.spelling_key
    group by titles_matched.publication_hash, names.name_key

),

matched as (

    select
        drugs.drug_key,
        publications.publication_key,
        drugs_by_title.matched_name
    from drugs_by_title
    inner join publications
        on drugs_by_title.publication_hash = publications.publication_hash
    inner join drugs on drugs_by_title.name_key = drugs.name_key

)

select * from matched
