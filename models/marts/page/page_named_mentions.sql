with mentions as (

    select * from {{ ref('mentions_by_name') }}

),

texts as (

    select
        publication_key,
        drug_name,
        -- Where the title's words are the drug's name, the page shows the name.
        case
            when lower(matched_text) != lower(drug_name) then matched_text
        end as matched_text,
        article_type,
        journal,
        shown_journal,
        publication_date,
        atc_code_count
    from mentions

)

select * from texts
