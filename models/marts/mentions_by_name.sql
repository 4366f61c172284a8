with mentions as (

    select * from {{ ref('mentions') }}

),

-- A drug with several ATC codes has a row for each, and the same mentions for
-- each. The mentions of one of its rows are enough.
drugs as (

    select
        drug_name,
        min(drug_key) as drug_key,
        count(*) as atc_code_count
    from {{ ref('int_drugs') }}
    group by drug_name

),

journals as (

    select * from {{ ref('int_journals') }}

),

named_mentions as (

    select
        mentions.publication_key,
        mentions.drug_key,
        mentions.drug_name,
        mentions.matched_text,
        mentions.publication_id,
        mentions.article_type,
        mentions.title,
        mentions.journal,
        coalesce(journals.shown_journal, mentions.journal) as shown_journal,
        mentions.publication_date,
        mentions.date_precision,
        drugs.atc_code_count
    from mentions
    inner join drugs on mentions.drug_key = drugs.drug_key
    left join journals on mentions.journal = journals.journal

)

select * from named_mentions
