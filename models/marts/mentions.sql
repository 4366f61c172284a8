-- The model below is named so that nothing is published before its audit.
-- depends_on: {{ ref('raw_file_reconciliation') }}
with drug_mentions as (

    select * from {{ ref('int_drug_mentions') }}

),

drugs as (

    select * from {{ ref('int_drugs') }}

),

publications as (

    select * from {{ ref('int_publications') }}

),

described as (

    select
        drugs.drug_key,
        drugs.atc_code,
        drugs.drug_name,
        publications.publication_key,
        publications.publication_id,
        publications.article_type,
        publications.title,
        publications.journal,
        publications.publication_date,
        publications.date_precision,
        drug_mentions.matched_name,
        drug_mentions.matched_text
    from drug_mentions
    inner join drugs on drug_mentions.drug_key = drugs.drug_key
    inner join publications
        on drug_mentions.publication_key = publications.publication_key

)

-- The order of the published file.
select * from described
order by
    drug_name asc nulls last, atc_code asc nulls last,
    article_type asc nulls last, publication_date asc nulls last,
    publication_id asc nulls last, title asc nulls last,
    journal asc nulls last, publication_key asc
