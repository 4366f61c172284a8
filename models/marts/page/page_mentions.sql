with mentions as (

    select * from {{ ref('mentions') }}

),

-- A drug on several ATC codes has a mention for each. Drugs are counted by
-- name, as in the question about journals.
named_mentions as (

    select
        publication_key,
        drug_name,
        -- Where the words of the title are the drug's name, the name is enough.
        case
            when lower(min(matched_text)) != lower(drug_name)
                then min(matched_text)
        end as matched_text,
        count(*) as row_count
    from mentions
    group by publication_key, drug_name

)

select * from named_mentions
