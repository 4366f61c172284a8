-- What is published. It waits for the audits of all that it is made of: the
-- accounts must balance first.
-- depends_on: {{ ref('raw_file_reconciliation') }}
with mentions as (

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
    drug asc nulls last, atccode asc nulls last, article_type asc nulls last,
    date asc nulls last, id asc nulls last, publication_title asc nulls last,
    journal asc nulls last
