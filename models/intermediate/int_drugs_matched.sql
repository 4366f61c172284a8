{{
    config(
        pre_hook="{{ keep_replaced_rows() }}",
        post_hook=[
            "{{ count_changes('Mentions', ['drug_key', 'publication_key'], ['drug_key', 'publication_key'], this) }}",
            "{{ remember_files() }}",
        ]
    )
}}

with titles_matched as (

    select * from {{ ref('int_titles_matched') }}

),

publications as (

    select
        publication_key,
        title_hash
    from {{ ref('int_publications_merged') }}

),

drugs as (

    select * from {{ ref('int_drugs_deduplicated') }}

),

-- A title may repeat a name, and several records may have one title: the one
-- place where that is folded away.
names_by_title as (

    select
        title_hash,
        name_key
    from titles_matched
    group by title_hash, name_key

),

matched as (

    select
        drugs.drug_key,
        publications.publication_key
    from names_by_title
    inner join publications
        on names_by_title.title_hash = publications.title_hash
    inner join drugs on names_by_title.name_key = drugs.name_key

)

select * from matched
