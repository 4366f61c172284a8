with mentions as (

    select * from {{ ref('mentions') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

-- A drug on several ATC codes has a mention for each. Drugs are counted by
-- name, as in the question about journals.
mentions_by_name as (

    select
        publication_key,
        drug_name,
        -- Where the words of the title are the drug's name, the name is enough.
        case
            when lower(min(matched_text)) != lower(drug_name)
                then min(matched_text)
        end as matched_text,
        any_value(article_type) as article_type,
        any_value(journal) as journal,
        any_value(publication_date) as publication_date,
        count(*) as row_count
    from mentions
    group by publication_key, drug_name

),

-- Journals are counted as one however they are written.
named_mentions as (

    select
        mentions_by_name.*,
        coalesce(journals.shown_journal, mentions_by_name.journal)
            as shown_journal
    from mentions_by_name
    left join journals
        on mentions_by_name.journal = journals.journal

)

select * from named_mentions
