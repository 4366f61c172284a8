-- Which other drugs are mentioned by the same journals? Only PubMed articles
-- count, for the drug asked about as for the others, and a drug that the same
-- journal mentions through a clinical trial is left out for that journal. A
-- journal is one however it is written, see int_journals.
with mentions as (

    select * from {{ ref('mentioned_drugs') }}
    where journal is not null

),

drugs as (

    select * from {{ ref('int_drugs') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

asked as (

    select
        case
            when count(*) = 0
                then error(
                    '{{ var("drug") | string | replace("'", "''") }}'
                    || ' is not in the drug list (raw/drugs*.csv).'
                    || ' Name one of its drugs: --vars "drug: NAME".'
                )
            else fold_text('{{ var("drug") | string | replace("'", "''") }}')
        end as folded_name
    from drugs
    where
        folded_name
        = fold_text('{{ var("drug") | string | replace("'", "''") }}')

),

mentions_by_journal as (

    select
        mentions.*,
        journals.journal_key,
        fold_text(mentions.drug) as folded_name
    from mentions
    inner join journals on mentions.journal = journals.journal

),

asked_journals as (

    select mentions_by_journal.journal_key
    from mentions_by_journal
    inner join asked on mentions_by_journal.folded_name = asked.folded_name
    where mentions_by_journal.article_type = 'pubmed'
    group by mentions_by_journal.journal_key

),

by_journal as (

    select
        mentions_by_journal.journal_key,
        mentions_by_journal.folded_name,
        min(mentions_by_journal.journal) as journal,
        min(mentions_by_journal.drug) as drug,
        bool_or(mentions_by_journal.article_type = 'clinical_trials')
            as in_trials
    from mentions_by_journal
    inner join asked_journals
        on mentions_by_journal.journal_key = asked_journals.journal_key
    left join asked on mentions_by_journal.folded_name = asked.folded_name
    where asked.folded_name is null
    group by mentions_by_journal.journal_key, mentions_by_journal.folded_name

),

shared as (

    select
        drug,
        count(*) as shared_journals,
        string_agg(journal, ' | ' order by journal) as journals
    from by_journal
    where not in_trials
    group by drug

)

select * from shared
order by shared_journals desc, drug asc
