-- The team's drug list or, where there is none, a public vocabulary.
--
-- Its file is written again when int_staged_files, the list of the files that
-- staging holds, has changed.
-- depends_on: {{ ref('int_staged_files') }}
with listed as (

    select
        atc_code,
        drug_name,
        folded_name,
        raw_file
    from {{ ref('stg_drugs') }}
    where is_usable

),

vocabulary_names as (

    select * from {{ ref('int_vocabulary_names') }}

),

-- The first one that is there. DrugBank's comes last: it has no ATC codes.
chosen_vocabulary as (

    select vocabulary
    from vocabulary_names
    where
        not exists (
            select 1 from {{ ref('stg_raw_files') }} as raw_files
            where raw_files.kind = 'drugs'
        )
    order by
        list_position(
            ['who_atc', 'rxnorm_names', 'drugbank_vocabulary'], vocabulary
        )
    limit 1

),

-- One row per substance and ATC code; an id of the vocabulary where it gives no
-- code. RxNorm has several records of one name and of one code.
in_vocabulary as (

    select
        coalesce(codes.atc_code, names.concept_id) as atc_code,
        names.drug_name,
        names.folded_name,
        names.raw_file
    from vocabulary_names as names
    inner join chosen_vocabulary
        on names.vocabulary = chosen_vocabulary.vocabulary
    left join vocabulary_names as codes
        on
            names.vocabulary = codes.vocabulary
            and names.concept_id = codes.concept_id
            and codes.atc_code is not null
    where names.is_drug
    group by
        coalesce(codes.atc_code, names.concept_id),
        names.drug_name,
        names.folded_name,
        names.raw_file

),

drugs as (

    select * from listed

    union all

    select * from in_vocabulary

),

deduplicated as (

    select
        atc_code,
        folded_name,
        min(drug_name) as drug_name,
        min(raw_file) as raw_file,
        list_sort(list(raw_file)) as raw_files
    from drugs
    group by atc_code, folded_name

),

keyed as (

    select
        surrogate_key(atc_code, folded_name) as drug_key,
        surrogate_key(folded_name) as name_key,
        atc_code,
        -- A drug has one name, whatever its codes.
        min(drug_name) over (partition by folded_name) as drug_name,
        folded_name,
        raw_file,
        case when len(raw_files) > 1 then raw_files[2:] end as merged_raw_files
    from deduplicated

)

select * from keyed
