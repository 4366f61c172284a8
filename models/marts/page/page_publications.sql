with mentions as (

    select * from {{ ref('mentions') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

mentioned_publications as (

    select
        publication_key,
        any_value(title) as title,
        any_value(article_type) as article_type,
        any_value(publication_id) as publication_id,
        any_value(journal) as journal,
        any_value(publication_date) as publication_date,
        any_value(date_precision) as date_precision,
        count(distinct drug_name) as mention_count
    from mentions
    group by publication_key

),

-- Journals are counted as one however they are written.
publications as (

    select
        mentioned_publications.*,
        coalesce(journals.shown_journal, mentioned_publications.journal)
            as shown_journal,
        row_number() over newest_first as place,
        lag(mentioned_publications.publication_date) over newest_first
            as newer_date,
        sum(mentioned_publications.mention_count) over newest_first
            as mentions_so_far
    from mentioned_publications
    left join journals
        on mentioned_publications.journal = journals.journal
    window newest_first as (
        order by
            mentioned_publications.publication_date desc nulls last,
            mentioned_publications.title asc,
            mentioned_publications.article_type asc,
            mentioned_publications.publication_id asc nulls last,
            mentioned_publications.journal asc nulls last,
            mentioned_publications.publication_key asc
    )

)

select * from publications
