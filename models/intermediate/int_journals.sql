-- A journal is one however it is written: in full, abbreviated, in another case
-- or with `&`. Abbreviations are learnt from records that have both names, and
-- from the maintained list.
with mentions as (

    select
        journal,
        count(*) as mention_count
    from {{ ref('mentioned_drugs') }}
    where journal is not null
    group by journal

),

names as (

    select
        journal,
        abbreviation
    from {{ source('seeds', 'journal_abbreviations') }}

    union all

    select
        journal,
        journal_abbreviation as abbreviation
    from {{ ref('stg_pubmed_articles') }}
    where journal <> journal_abbreviation
    group by journal, journal_abbreviation

),

-- Of an abbreviation that two journals share, nobody knows which is meant.
abbreviations as (

    select
        journal_key(abbreviation) as written_key,
        min(journal_key(journal)) as journal_key
    from names
    group by written_key
    having min(journal_key(journal)) = max(journal_key(journal))

),

keyed as (

    select
        mentions.journal,
        mentions.mention_count,
        coalesce(abbreviations.journal_key, journal_key(mentions.journal))
            as journal_key
    from mentions
    left join abbreviations
        on journal_key(mentions.journal) = abbreviations.written_key

),

-- Shown as most of its mentions write it, of several the first of the alphabet.
shown as (

    select
        journal,
        journal_key,
        first_value(journal) over (
            partition by journal_key
            order by mention_count desc, journal asc
        ) as shown_journal
    from keyed

)

select * from shown
