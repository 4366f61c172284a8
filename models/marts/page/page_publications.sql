with named_mentions as (

    select * from {{ ref('page_named_mentions') }}

),

publications as (

    select
        publication_key,
        any_value(article_type) as article_type,
        any_value(journal) as journal,
        any_value(shown_journal) as shown_journal,
        any_value(publication_date) as publication_date,
        count(*) as mention_count,
        count(matched_text) as text_count
    from named_mentions
    group by publication_key

)

select * from publications
