-- What the last build that changed something added to the published file and
-- removed from it. A corrected title is a row removed and a row added.
--
-- Today's rows are read from mentions.parquet, which is faster than the JSON.
-- depends_on: {{ ref('mentioned_drugs') }}
with mentions as (

    select
        atc_code as atccode,
        drug_name as drug,
        publication_id as id,
        title as publication_title,
        article_type,
        journal,
        publication_date as date
    from {{ ref('mentions') }}

),

-- The published file as it was before this build.
mentions_before as (

    select * from {{ source('published', 'mentions_before') }}

),

-- A row is in each file once at most, so a row that is in both adds up to 0.
compared as (

    select
        *,
        1 as appearance
    from mentions

    union all

    select
        *,
        -1 as appearance
    from mentions_before

),

changed as (

    select
        case when sum(appearance) > 0 then 'added' else 'removed' end
            as change,
        atccode,
        drug,
        id,
        publication_title,
        article_type,
        journal,
        date
    from compared
    group by
        atccode, drug, id, publication_title, article_type, journal, date
    having sum(appearance) != 0

)

select * from changed
order by
    change asc, drug asc nulls last, atccode asc nulls last,
    article_type asc nulls last, date asc nulls last, id asc nulls last,
    publication_title asc nulls last, journal asc nulls last
