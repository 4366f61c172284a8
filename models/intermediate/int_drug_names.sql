-- By what names a drug of the list is found: its own, and all others that mean
-- the same. Two names are of one drug when pairs of the synonym lists connect
-- them, whichever stands first in a pair: so whichever of them the list has is
-- found by the others. A name of a salt, such as `diltiazem hydrochloride`, is
-- found by what is left without it, unless that is only the other ion, or
-- another drug of the list.
with recursive drugs as (

    select
        name_key,
        folded_name,
        min(drug_name) as drug_name
    from {{ ref('int_drugs') }}
    group by name_key, folded_name

),

spelling_pairs as (

    select
        one_spelling,
        other_spelling
    from {{ source('seeds', 'spelling_pairs') }}

),

-- The spelling by which names are compared with each other.
spellings as (

    select list(one_spelling || '>' || other_spelling) as pairs
    from spelling_pairs

),

synonyms as (

    select
        drug_name,
        other_name,
        folded_name,
        folded_other_name
    from {{ ref('stg_drug_synonyms') }}
    where is_usable and {{ var('match_synonyms') }}

    union all

    select
        drug as drug_name,
        synonym as other_name,
        fold_text(drug) as folded_name,
        fold_text(synonym) as folded_other_name
    from {{ source('seeds', 'drug_synonyms') }}
    where {{ var('match_synonyms') }}

),

links as (

    select
        one_spelling(synonyms.folded_name, spellings.pairs) as from_name,
        one_spelling(synonyms.folded_other_name, spellings.pairs) as to_name,
        synonyms.other_name as spelling
    from synonyms
    cross join spellings

    union all

    select
        one_spelling(synonyms.folded_other_name, spellings.pairs) as from_name,
        one_spelling(synonyms.folded_name, spellings.pairs) as to_name,
        synonyms.drug_name as spelling
    from synonyms
    cross join spellings

),

without_salts as (

    select
        drugs.name_key,
        left(
            drugs.folded_name,
            length(drugs.folded_name) - length(salts.salt) - 1
        ) as folded_name
    from drugs
    inner join {{ source('seeds', 'salts') }} as salts
        on drugs.folded_name like '% ' || salts.salt
    where {{ var('match_synonyms') }}

),

starts as (

    select
        drugs.name_key,
        one_spelling(drugs.folded_name, spellings.pairs) as folded_name,
        drugs.drug_name as spelling,
        'spelling' as name_kind
    from drugs
    cross join spellings
    where {{ var('match_synonyms') }}

    union all

    select
        without_salts.name_key,
        one_spelling(without_salts.folded_name, spellings.pairs)
            as folded_name,
        upper(without_salts.folded_name) as spelling,
        'without salt' as name_kind
    from without_salts
    cross join spellings
    left join drugs on without_salts.folded_name = drugs.folded_name
    left join {{ source('seeds', 'ions') }} as ions
        on without_salts.folded_name = ions.ion
    where drugs.folded_name is null and ions.ion is null

),

reached as (

    select * from starts

    union

    select
        reached.name_key,
        links.to_name as folded_name,
        links.spelling,
        'synonym' as name_kind
    from reached
    inner join links on reached.folded_name = links.from_name

),

respelt as (

    select
        reached.name_key,
        reached.spelling,
        replace(
            reached.folded_name,
            spelling_pairs.one_spelling,
            spelling_pairs.other_spelling
        ) as folded_name,
        reached.name_kind
    from reached
    inner join spelling_pairs
        on contains(reached.folded_name, spelling_pairs.one_spelling)

    union all

    select
        reached.name_key,
        reached.spelling,
        replace(
            reached.folded_name,
            spelling_pairs.other_spelling,
            spelling_pairs.one_spelling
        ) as folded_name,
        reached.name_kind
    from reached
    inner join spelling_pairs
        on contains(reached.folded_name, spelling_pairs.other_spelling)

),

all_names as (

    select
        name_key,
        drug_name as spelling,
        folded_name,
        'listed' as name_kind
    from drugs

    union all

    select
        name_key,
        spelling,
        folded_name,
        name_kind
    from reached

    union all

    select
        name_key,
        spelling,
        folded_name,
        name_kind
    from respelt

),

-- A name in the drug list may be that of a whole class of things.
generic_names as (

    select phrase as folded_name
    from {{ source('seeds', 'names_not_meant') }}
    where kind = 'generic' and {{ var('skip_generic_names') }}

),

kept as (

    select
        all_names.name_key,
        all_names.folded_name,
        min(all_names.spelling) as spelling,
        arg_min(all_names.name_kind, all_names.spelling) as name_kind
    from all_names
    left join generic_names
        on all_names.folded_name = generic_names.folded_name
    where generic_names.folded_name is null
    group by all_names.name_key, all_names.folded_name

),

contexts as (

    select hash(list(phrase order by phrase)) as contexts_hash
    from {{ source('seeds', 'names_not_meant') }}
    where kind = 'context' and {{ var('skip_contexts') }}

),

-- Titles are matched anew when a name is added, renamed or taken out, when it
-- comes to mean another drug, and when a context or a rule of text changes.
rules as (

    select hash(list(macro_definition order by macro_definition)) as rules_hash
    from duckdb_functions()
    where function_type = 'macro' and not internal

),

versions as (

    select
        (
            hash(
                list(hash(name_key, folded_name, spelling) order by
                    name_key, folded_name),
                any_value(contexts.contexts_hash),
                any_value(rules.rules_hash)
            ) >> 1
        )::bigint as names_version
    from kept
    cross join contexts
    cross join rules

),

versioned as (

    select
        (hash(kept.folded_name) >> 1)::bigint as spelling_key,
        kept.name_key,
        kept.folded_name,
        kept.spelling,
        kept.name_kind,
        versions.names_version
    from kept
    cross join versions

)

select * from versioned
