-- Which journal mentions the most different drugs? Drugs are counted and not
-- ATC codes, since a code is a class and a drug may stand on several. A journal
-- is one however it is written, see int_journals. It is shown as most of its
-- mentions write it, of several the first of the alphabet.
with mentions as (

    select * from {{ ref('mentioned_drugs') }}
    where journal is not null

),

journals as (

    select * from {{ ref('int_journals') }}

),

spellings as (

    select
        mentions.journal,
        mentions.drug,
        journals.journal_key
    from mentions
    inner join journals on mentions.journal = journals.journal

),

mentions_by_spelling as (

    select
        journal_key,
        journal,
        count(*) as mention_count
    from spellings
    group by journal_key, journal

),

shown_journals as (

    select
        journal_key,
        arg_min(journal, (-mention_count, journal)) as journal
    from mentions_by_spelling
    group by journal_key

),

drugs_by_journal as (

    select
        journal_key,
        count(distinct drug) as drug_count,
        string_agg(distinct drug, ', ' order by drug) as drugs
    from spellings
    group by journal_key

),

ranked as (

    select
        shown_journals.journal,
        drugs_by_journal.drug_count,
        drugs_by_journal.drugs,
        row_number() over (
            order by
                drugs_by_journal.drug_count desc, shown_journals.journal asc
        ) as place,
        count(*) over (partition by drugs_by_journal.drug_count) - 1
            as journals_tied_with_it
    from drugs_by_journal
    inner join shown_journals
        on drugs_by_journal.journal_key = shown_journals.journal_key

),

-- Ranked rather than limited: dbt show puts a limit of its own behind this.
answer as (

    select
        journal,
        drug_count,
        drugs,
        journals_tied_with_it
    from ranked
    where place = 1

)

select * from answer
