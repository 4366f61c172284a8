-- Names of substances in the public vocabularies: each is another name of the
-- substance's own one.
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
        -- The codes that RxNorm gives stand on other records of the substance.
        max(is_drug) over substance as is_of_drug
    from folded
    where folded_name <> ''
    window substance as (partition by vocabulary, concept_id)

),

-- An abbreviation of three letters means many things, and so does a name of two
-- substances. In the ATC one substance has several codes.
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
