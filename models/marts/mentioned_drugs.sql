-- What is published: the mentions, with the columns of the contract.
with mentions as (

    select
        atc_code as atccode,
        drug_name as drug,
        publication_id as id,
        title as publication_title,
        article_type,
        journal,
        publication_date as date
    from {{ ref('mentions') }}

)

-- The contract's order, so that two builds of one input are byte-identical.
select * from mentions
order by
    drug asc nulls last, atccode asc nulls last, article_type asc nulls last,
    date asc nulls last, id asc nulls last, publication_title asc nulls last,
    journal asc nulls last
