with title_mentions as (

    select
        title_hash,
        name_key,
        min(matched_name) as matched_name,
        arg_min(matched_text, matched_name) as matched_text
    from {{ ref('int_title_mentions') }}
    where name_key is not null
    group by title_hash, name_key

),

publications as (

    select
        publication_key,
        title_hash
    from {{ ref('int_publications') }}

),

drugs as (

    select
        drug_key,
        name_key
    from {{ ref('int_drugs') }}

),

-- Several records may have one title, and a name may stand on several codes.
drug_mentions as (

    select
        drugs.drug_key,
        publications.publication_key,
        title_mentions.matched_name,
        title_mentions.matched_text
    from title_mentions
    inner join publications
        on title_mentions.title_hash = publications.title_hash
    inner join drugs on title_mentions.name_key = drugs.name_key

)

select * from drug_mentions
