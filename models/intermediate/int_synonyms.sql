-- Which names mean the same substance, by seeds/drug_synonyms.csv, by the
-- synonyms in raw/ and by public vocabularies. A pair counts in both
-- directions.
with drugs as (

    -- One row for all ATC codes of a drug.
    select folded_name
    from {{ ref('int_drugs') }}
    group by folded_name

),

-- If the drug list has two names of a substance, it keeps them apart, and the
-- vocabulary must not make them one. Such a substance gives no names.
vocabulary_names as (

    select names.*
    from {{ ref('int_vocabulary_names') }} as names
    left join drugs on names.folded_name = drugs.folded_name
    where not names.is_ambiguous or {{ var('match_ambiguous_synonyms') }}
    qualify
        count(distinct drugs.folded_name) over (
            partition by names.vocabulary, names.concept_id
        ) < 2

),

-- The WHO and the drug list may call a substance differently; its ATC code is
-- the same. A code that several names of the list have is that of a class or a
-- combination, and says nothing.
codes as (

    select
        atc_code,
        any_value(drug_name) as drug_name,
        any_value(folded_name) as folded_name
    from {{ ref('int_drugs') }}
    where length(atc_code) = 7
    group by atc_code
    having count(*) = 1

),

vocabulary_synonyms as (

    select
        names.drug_name,
        other_names.drug_name as other_name,
        names.folded_name,
        other_names.folded_name as folded_other_name
    from vocabulary_names as names
    inner join vocabulary_names as other_names
        on
            names.vocabulary = other_names.vocabulary
            and names.concept_id = other_names.concept_id
            and names.folded_name <> other_names.folded_name
    where names.is_drug

    union all

    select
        codes.drug_name,
        names.drug_name as other_name,
        codes.folded_name,
        names.folded_name as folded_other_name
    from codes
    inner join vocabulary_names as names
        on
            codes.atc_code = names.atc_code
            and codes.folded_name <> names.folded_name
    where names.vocabulary = 'who_atc'

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
    where
        {{ var('match_synonyms') }}
        and (ambiguous is null or {{ var('match_ambiguous_synonyms') }})

    union all

    select
        drug_name,
        other_name,
        folded_name,
        folded_other_name
    from vocabulary_synonyms
    where {{ var('match_synonyms') }}

),

both_directions as (

    select
        spelt_alike(folded_name) as from_name,
        spelt_alike(folded_other_name) as to_name,
        other_name as written_name
    from synonyms

    union all

    select
        spelt_alike(folded_other_name) as from_name,
        spelt_alike(folded_name) as to_name,
        drug_name as written_name
    from synonyms

)

select * from both_directions
