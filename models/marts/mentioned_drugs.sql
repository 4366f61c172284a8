{{ config(pre_hook="{{ count_raw_files() }}") }}

-- Published only after every record is accounted for.
-- depends_on: {{ ref('raw_file_reconciliation') }}

with mentions as (

    select * from {{ ref('int_drugs_matched') }}

),

drugs as (

    select * from {{ ref('int_drugs_deduplicated') }}

),

publications as (

    select * from {{ ref('int_publications_merged') }}

),

described as (

    select
        drugs.atc_code as atccode,
        drugs.drug_name as drug,
        publications.publication_id as id,
        publications.title as publication_title,
        publications.article_type,
        publications.journal,
        publications.publication_date as date
    from mentions
    inner join drugs on mentions.drug_key = drugs.drug_key
    inner join publications
        on mentions.publication_key = publications.publication_key

)

-- The contract's order, so that two builds of one input are byte-identical.
select * from described
order by
    drug asc, atccode asc, article_type asc, date asc nulls last,
    id asc nulls last, publication_title asc, journal asc nulls last
