-- Every record that staging holds, usable or not. Records of one file stand in
-- their table in the order of the file.
with records as (

    select
        raw_file,
        raw_file_version,
        rowid as table_position,
        record_number,
        line_number,
        is_usable,
        defect,
        raw_text
    from {{ ref('stg_drugs') }}

    union all

    select
        raw_file,
        raw_file_version,
        rowid as table_position,
        record_number,
        line_number,
        is_usable,
        defect,
        raw_text
    from {{ ref('stg_drug_synonyms') }}

    union all

    select
        raw_file,
        raw_file_version,
        rowid as table_position,
        record_number,
        line_number,
        is_usable,
        defect,
        raw_text
    from {{ ref('stg_pubmed_articles') }}

    union all

    select
        raw_file,
        raw_file_version,
        rowid as table_position,
        record_number,
        line_number,
        is_usable,
        defect,
        raw_text
    from {{ ref('stg_clinical_trials') }}

    union all

    select
        raw_file,
        raw_file_version,
        rowid as table_position,
        record_number,
        line_number,
        is_usable,
        defect,
        raw_text
    from {{ ref('stg_vocabulary_names') }}

    union all

    select
        raw_file,
        raw_file_version,
        rowid as table_position,
        record_number,
        line_number,
        is_usable,
        defect,
        raw_text
    from {{ ref('stg_journals') }}

)

select * from records
