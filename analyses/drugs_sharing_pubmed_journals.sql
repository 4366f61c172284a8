-- Which other drugs are mentioned by the same journals? Only PubMed articles
-- count, for the drug asked about as for the others, and a drug that the same
-- journal mentions through a clinical trial is left out for that journal. A
-- journal is one however it is written, see journal_mentioning_most_drugs.
{%- set drug = dbt.string_literal(
    dbt.escape_single_quotes(var('drug') | string)
) %}

with mentions as (

    select * from {{ ref('mentioned_drugs') }}
    where journal is not null

),

drugs as (

    select * from {{ ref('int_drugs_deduplicated') }}

),

asked as (

    select
        case
            when count(*) = 0
                then {{ stop_with(
                    drug ~ " || ' is not in the drug list (raw/drugs*.csv)."
                    ~ " Name one of its drugs: --vars \"drug: NAME\".'"
                ) }}
            else {{ fold_text(drug) }}
        end as folded_name
    from drugs
    where folded_name = {{ fold_text(drug) }}

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

written_mentions as (

    select
        *,
        {{ journal_key('journal') }} as written_key,
        {{ fold_text('drug') }} as folded_name
    from mentions

),

folded_mentions as (

    select
        written_mentions.*,
        coalesce(abbreviations.journal_key, written_mentions.written_key)
            as journal_key
    from written_mentions
    left join abbreviations
        on written_mentions.written_key = abbreviations.written_key

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
        {{ dbt.bool_or("folded_mentions.article_type = 'clinical_trials'") }}
            as in_trials
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
        {{ list_joined(sorted_list('journal'), ' | ') }} as journals
    from by_journal
    where not in_trials
    group by drug

)

select * from shared
order by shared_journals desc, drug asc
