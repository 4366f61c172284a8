-- Which other drugs are mentioned by the same journals? Only PubMed articles
-- count, for the drug asked about as for the others, and a drug that the same
-- journal mentions through a clinical trial is left out for that journal. A
-- journal is one however it is written, see int_journals.
{%- set drug = dbt.string_literal(
    dbt.escape_single_quotes(var('drug') | string)
) %}

with mentions as (

    select * from {{ ref('mentioned_drugs') }}

),

journals as (

    select * from {{ ref('int_journals') }}

),

asked as (

    select
        case
            when count(*) = 0
                then error(
                    {{ drug }} || ' is not in the drug list, or in the'
                    || ' vocabulary in its place. Name one of its drugs:'
                    || ' --vars "drug: NAME".'
                )
            else fold_text({{ drug }})
        end as folded_name
    from {{ ref('int_drugs') }}
    where folded_name = fold_text({{ drug }})

),

folded_mentions as (

    select
        journals.journal_key,
        mentions.journal,
        mentions.drug,
        mentions.article_type,
        fold_text(mentions.drug) as folded_name
    from mentions
    inner join journals on mentions.journal = journals.journal

),

asked_journals as (

    select folded_mentions.journal_key
    from folded_mentions
    inner join asked on folded_mentions.folded_name = asked.folded_name
    where folded_mentions.article_type = 'pubmed'
    group by folded_mentions.journal_key

),

by_journal as (

    select
        folded_mentions.journal_key,
        folded_mentions.folded_name,
        min(folded_mentions.journal) as journal,
        min(folded_mentions.drug) as drug,
        bool_or(folded_mentions.article_type = 'clinical_trials') as in_trials
    from folded_mentions
    inner join asked_journals
        on folded_mentions.journal_key = asked_journals.journal_key
    left join asked on folded_mentions.folded_name = asked.folded_name
    where asked.folded_name is null
    group by folded_mentions.journal_key, folded_mentions.folded_name

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
