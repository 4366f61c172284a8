-- Which spellings are one journal: in full, abbreviated or in another case.
-- Abbreviations come from seeds/journal_abbreviations.csv, from records that
-- have both names, and from the NLM's list if it is in raw/. Where they
-- disagree, the first of the three decides.
--
-- What stands in brackets behind a name says nothing: `Cancers (Basel)` is
-- `Cancers`. But `Medicina (Kaunas)` and `Medicina (B Aires)` are two journals,
-- and then `Medicina` alone is a third.
with drug_mentions as (

    select publication_key from {{ ref('int_drug_mentions') }}

),

publications as (

    select
        publication_key,
        journal
    from {{ ref('int_publications') }}
    where journal is not null

),

mentions as (

    select
        publications.journal,
        count(*) as mention_count
    from drug_mentions
    inner join publications
        on drug_mentions.publication_key = publications.publication_key
    group by publications.journal

),

written_journals as materialized (

    select
        journal,
        mention_count,
        journal_key(journal) as written_key
    from mentions

),

articles as (

    select
        journal,
        journal_abbreviation
    from {{ ref('stg_pubmed_articles') }}
    where journal is not null and journal_abbreviation is not null
    group by journal, journal_abbreviation

),

pairs as (

    select
        journal as full_name,
        abbreviation,
        1 as rank
    from {{ source('seeds', 'journal_abbreviations') }}

    union all

    select
        journal as full_name,
        journal_abbreviation as abbreviation,
        2 as rank
    from articles

),

keyed_pairs as (

    select
        journal_key(full_name) as full_key,
        journal_key(abbreviation) as abbreviated_key,
        rank
    from pairs

    union all

    select
        journal_key as full_key,
        unnest([medline_key, iso_key]) as abbreviated_key,
        3 as rank
    from {{ ref('stg_journals') }}
    where is_usable

),

-- One abbreviation is one journal, whose full name has several spellings.
abbreviations as (

    select
        abbreviated_key,
        arg_min(full_key, (rank, full_key)) as journal_key
    from keyed_pairs
    where full_key <> '' and abbreviated_key <> ''
    group by abbreviated_key

),

known_spellings as (

    select
        abbreviated_key as written_key,
        journal_key,
        1 as rank
    from abbreviations

    union all

    select
        keyed_pairs.full_key as written_key,
        abbreviations.journal_key,
        2 as rank
    from keyed_pairs
    inner join abbreviations
        on keyed_pairs.abbreviated_key = abbreviations.abbreviated_key

),

chosen_spellings as (

    select
        written_key,
        arg_min(journal_key, (rank, journal_key)) as journal_key
    from known_spellings
    group by written_key

),

spellings as (

    select
        written_key,
        journal_key,
        true as is_known
    from chosen_spellings

    union all

    select
        written_journals.written_key,
        written_journals.written_key as journal_key,
        false as is_known
    from written_journals
    left join chosen_spellings
        on written_journals.written_key = chosen_spellings.written_key
    where chosen_spellings.written_key is null

),

-- A name without brackets is several journals if it has different brackets, or
-- if the abbreviations say so: `Biochemistry` is not `Biochemistry (Mosc)`.
names as (

    select
        split_part(written_key, ' (', 1) as name,
        min(journal_key) filter (is_known) as journal_key,
        count(distinct journal_key) filter (is_known) > 1
        or count(distinct journal_key) filter (contains(written_key, ' (')) > 1
            as is_ambiguous
    from spellings
    group by split_part(written_key, ' (', 1)

),

journals as (

    select
        written_journals.journal,
        written_journals.mention_count,
        case
            when names.is_ambiguous
                then coalesce(
                    chosen_spellings.journal_key, written_journals.written_key
                )
            else coalesce(names.journal_key, names.name)
        end as journal_key
    from written_journals
    inner join names
        on split_part(written_journals.written_key, ' (', 1) = names.name
    left join chosen_spellings
        on written_journals.written_key = chosen_spellings.written_key

),

-- A journal is shown in the spelling that most of its mentions have; of two
-- with as many, in the first of the alphabet.
shown as (

    select
        journal,
        journal_key,
        first_value(journal) over (
            partition by journal_key
            order by mention_count desc, journal asc
        ) as shown_journal
    from journals

)

select * from shown
