with mentions as (

    select * from {{ ref('mentions') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

mentioned_publications as (

    select
        publication_key,
        any_value(article_type) as article_type,
        any_value(journal) as journal,
        any_value(publication_date) as publication_date,
        count(distinct drug_name) as mention_count
    from mentions
    group by publication_key

),

-- Journals are counted as one however they are written.
publications as (

    select
        mentioned_publications.*,
        coalesce(journals.shown_journal, mentioned_publications.journal)
            as shown_journal
    from mentioned_publications
    left join journals
        on mentioned_publications.journal = journals.journal

)

select * from publications
