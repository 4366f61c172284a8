-- The published file, read back, against what was matched.
with published as (

    select count(*) as mentions from {{ ref('mentioned_drugs') }}

),

matched as (

    select count(*) as mentions from {{ ref('int_drugs_matched') }}

)

select
    published.mentions as published_mentions,
    matched.mentions as matched_mentions
from published
cross join matched
where published.mentions <> matched.mentions
