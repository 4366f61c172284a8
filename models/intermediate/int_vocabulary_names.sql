-- All names of substances in the public vocabularies, main names and others.
with records as (

    select * from {{ ref('stg_vocabulary_names') }}
    where is_usable and is_in_use

),

names as (

    select
        vocabulary,
        concept_id,
        atc_code,
        drug_name,
        is_drug,
        raw_file
    from records

    union all

    select
        vocabulary,
        concept_id,
        null as atc_code,
        unnest(string_split(other_names, ' | ')) as drug_name,
        false as is_drug,
        raw_file
    from records
    where other_names is not null

),

folded as (

    select
        *,
        fold_text(drug_name) as folded_name
    from names

),

of_drugs as (

    select
        folded.*,
        -- RxNorm's ATC codes are in records that are not the main one. They
        -- count if the substance has a main record.
        max(is_drug) over substance as is_of_drug
    from folded
    where folded_name <> ''
    window substance as (partition by vocabulary, concept_id)

),

-- An abbreviation of three letters may mean many things, and so may a name of
-- two substances. The ATC is left out of the second rule: there one substance
-- has several codes.
judged as (

    select
        vocabulary,
        concept_id,
        atc_code,
        drug_name,
        folded_name,
        is_drug,
        length(folded_name) < 4
        or (
            vocabulary <> 'who_atc'
            and count(distinct concept_id) over (
                partition by vocabulary, folded_name
            ) > 1
        ) as is_ambiguous,
        raw_file
    from of_drugs
    where is_of_drug

)

select * from judged
