-- Which journal mentions the most different drugs? Drugs are counted and not
-- ATC codes, since a code is a class and a drug may stand on several. A journal
-- is one however it is written, see int_journals.
with mentions as (

    select * from {{ ref('mentioned_drugs') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

drugs_by_journal as (

    select
        coalesce(journals.shown_journal, mentions.journal) as journal,
        count(distinct mentions.drug) as drug_count,
        string_agg(distinct mentions.drug, ', ' order by mentions.drug)
            as drugs
    from mentions
    left join journals on mentions.journal = journals.journal
    where mentions.journal is not null
    group by coalesce(journals.shown_journal, mentions.journal)

),

ranked as (

    select
        *,
        row_number() over (order by drug_count desc, journal asc) as place,
        count(*) over (partition by drug_count) - 1 as journals_tied_with_it
    from drugs_by_journal

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
