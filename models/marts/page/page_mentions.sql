with mentions as (

    select * from {{ ref('mentions') }}

),

-- A drug on several ATC codes has a mention for each. Drugs are counted by
-- name, as in the question about journals.
named_mentions as (

    select
        publication_key,
        drug_name,
        min(matched_text) as matched_text,
        count(*) as row_count
    from mentions
    group by publication_key, drug_name

)

select * from named_mentions
