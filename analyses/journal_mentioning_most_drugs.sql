-- Which journal mentions the most different drugs? Drugs are counted and not
-- ATC codes, since a code is a class and a drug may stand on several. A journal
-- is one however it is written: in full, abbreviated or in another case. It is
-- shown as most of its mentions write it, of several the first of the alphabet.
with mentions as (

    select
        *,
        {{ journal_key('journal') }} as written_key
    from {{ ref('mentioned_drugs') }}
    where journal is not null

),

listed_journals as (

    select
        {{ journal_key('abbreviation') }} as written_key,
        {{ journal_key('journal') }} as journal_key
    from {{ maintained_list(
        'journal_abbreviations', ['journal', 'abbreviation']
    ) }}

),

abbreviations as (

    select
        written_key,
        min(journal_key) as journal_key
    from listed_journals
    group by written_key

),

spellings as (

    select
        mentions.journal,
        mentions.drug,
        coalesce(abbreviations.journal_key, mentions.written_key)
            as journal_key
    from mentions
    left join abbreviations
        on mentions.written_key = abbreviations.written_key

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
        {{ list_item(
            list_in_order('journal', ['-mention_count', 'journal']), 1
        ) }} as journal
    from mentions_by_spelling
    group by journal_key

),

drugs_by_journal as (

    select
        journal_key,
        count(distinct drug) as drug_count,
        {{ list_joined(sorted_list('drug', distinct=true), ', ') }} as drugs
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
