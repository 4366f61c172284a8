-- The names by which a drug of the list is found: its own, the same without a
-- qualifier or a salt, and its synonyms. Pairs of synonyms count in both
-- directions and in chains, so it does not matter which of the names the drug
-- list has.
with recursive drugs as (

    select
        name_key,
        folded_name,
        min(drug_name) as drug_name
    from {{ ref('int_drugs') }}
    group by name_key, folded_name

),

-- Materialized, so that the forms are folded once.
own_forms as materialized (

    select
        name_key,
        folded_name,
        written_name,
        name_kind
    from {{ ref('int_name_forms') }}

),

-- Materialized, because each round of the recursion reads them.
synonyms as materialized (

    select
        from_name,
        to_name,
        written_name
    from {{ ref('int_synonyms') }}

),

spelling_pairs as (

    select
        one_spelling,
        other_spelling
    from {{ source('seeds', 'spelling_pairs') }}

),

-- If a form is itself a name of the list, it means that drug, and not this one.
starts as materialized (

    select
        drugs.name_key,
        spelt_alike(drugs.folded_name) as folded_name,
        drugs.drug_name as written_name,
        'spelling' as name_kind
    from drugs
    where {{ var('match_synonyms') }}

    union all

    select
        own_forms.name_key,
        spelt_alike(own_forms.folded_name) as folded_name,
        own_forms.written_name,
        own_forms.name_kind
    from own_forms
    left join drugs on own_forms.folded_name = drugs.folded_name
    where drugs.folded_name is null

),

reached as (

    select * from starts

    union

    select
        reached.name_key,
        synonyms.to_name as folded_name,
        synonyms.written_name,
        'synonym' as name_kind
    from reached
    inner join synonyms on reached.folded_name = synonyms.from_name

),

-- German, French and older names: `vincristin`, `epirubicine`; and names
-- written in two words: `methyl prednisolone`, `hydroxy-chloroquine`.
written_otherwise as (

    select
        name_key,
        case
            when suffix(folded_name, 'ine') then left(folded_name, -1)
            else folded_name || 'e'
        end as folded_name,
        written_name
    from reached
    where regexp_matches(folded_name, '^[a-z]{5,}ine?$')

    union all

    select
        name_key,
        regexp_replace(folded_name, two_words_pattern(), '\1 \2')
            as folded_name,
        written_name
    from reached
    where regexp_matches(folded_name, two_words_pattern())

),

respelt as (

    select
        reached.name_key,
        reached.written_name,
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
        reached.written_name,
        replace(
            reached.folded_name,
            spelling_pairs.other_spelling,
            spelling_pairs.one_spelling
        ) as folded_name,
        reached.name_kind
    from reached
    inner join spelling_pairs
        on contains(reached.folded_name, spelling_pairs.other_spelling)

    union all

    select
        written_otherwise.name_key,
        written_otherwise.written_name,
        written_otherwise.folded_name,
        'spelling' as name_kind
    from written_otherwise
    left join reached
        on
            written_otherwise.folded_name = reached.folded_name
            and written_otherwise.name_key <> reached.name_key
    where reached.folded_name is null

),

all_names as (

    select
        name_key,
        drug_name as written_name,
        folded_name,
        'listed' as name_kind
    from drugs

    union all

    select
        name_key,
        written_name,
        folded_name,
        name_kind
    from reached

    union all

    select
        name_key,
        written_name,
        folded_name,
        name_kind
    from respelt

),

with_digits as (

    select
        name_key,
        written_name,
        with_digits_marked(folded_name) as marked_name,
        name_kind
    from all_names
    where regexp_matches(folded_name, '[0-9]')

),

-- People write a letter and a digit together, with a hyphen or with a blank.
written as (

    select
        name_key,
        written_name,
        folded_name,
        name_kind
    from all_names

    union all

    select
        name_key,
        written_name,
        unnest(digit_spellings(marked_name)) as folded_name,
        name_kind
    from with_digits
    where contains(marked_name, '~')

),

-- A drug list may have names of whole classes, such as `combinations`.
generic_names as (

    select phrase as folded_name
    from {{ source('seeds', 'names_not_meant') }}
    where kind = 'generic' and {{ var('skip_generic_names') }}

),

kept as (

    select
        written.name_key,
        written.folded_name,
        min(written.written_name) as written_name,
        arg_min(written.name_kind, (written.written_name, written.name_kind))
            as name_kind
    from written
    left join generic_names
        on written.folded_name = generic_names.folded_name
    where generic_names.folded_name is null
    group by written.name_key, written.folded_name

),

contexts as (

    select hash(list(phrase order by phrase)) as contexts_hash
    from {{ source('seeds', 'names_not_meant') }}
    where kind = 'context' and {{ var('skip_contexts') }}

),

-- Titles are matched again when a name is added, renamed or removed, when it
-- comes to mean another drug, and when contexts are switched on or off. After a
-- change of any other rule, the project has another version, and the build
-- reads everything again.
versions as (

    select
        (
            hash(
                list(
                    hash(kept.name_key, kept.folded_name, kept.written_name)
                    order by kept.name_key, kept.folded_name
                ),
                any_value(contexts.contexts_hash)
            ) >> 1
        )::bigint as names_version
    from kept
    cross join contexts

),

versioned as (

    select
        (hash(kept.folded_name) >> 1)::bigint as folded_name_key,
        kept.name_key,
        kept.folded_name,
        kept.written_name,
        kept.name_kind,
        versions.names_version
    from kept
    cross join versions

)

select * from versioned
