-- What the last build that changed something added to the published file and
-- removed from it. A corrected title is a row removed and a row added.
with mentions as (

    select * from {{ ref('mentioned_drugs') }}

),

-- The published file as it was before this build.
mentions_before as (

    select * from {{ source('published', 'mentions_before') }}

),

added as (

    select * from mentions

    except all

    select * from mentions_before

),

removed as (

    select * from mentions_before

    except all

    select * from mentions

),

changed as (

    select
        'added' as change,
        atccode,
        drug,
        id,
        publication_title,
        article_type,
        journal,
        date
    from added

    union all

    select
        'removed' as change,
        atccode,
        drug,
        id,
        publication_title,
        article_type,
        journal,
        date
    from removed

)

select * from changed
order by
    change asc, drug asc nulls last, atccode asc nulls last,
    article_type asc nulls last, date asc nulls last, id asc nulls last,
    publication_title asc nulls last, journal asc nulls last
