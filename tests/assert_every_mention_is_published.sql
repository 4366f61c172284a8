-- The published file, read back: it must have one row per mention, and a value
-- in every column that may not be null. Values are not compared again.
with published as (

    select
        count(*) as mentions,
        count(
            case
                when
                    atccode is null
                    or drug is null
                    or publication_title is null
                    or article_type is null
                    or article_type not in ('pubmed', 'clinical_trials')
                    then 1
            end
        ) as incomplete_mentions
    from {{ ref('mentioned_drugs') }}

),

matched as (

    select count(*) as mentions from {{ ref('int_drug_mentions') }}

)

select
    published.mentions as published_mentions,
    published.incomplete_mentions,
    matched.mentions as matched_mentions
from published
cross join matched
where
    published.mentions <> matched.mentions
    or published.incomplete_mentions > 0
