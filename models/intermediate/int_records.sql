-- Every record that staging holds, usable or not. Records of one file stand in
-- their table in the order of the file.
-- `render`, since `--empty` puts a query in the place of the table, and a query
-- numbers no rows.
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
    from {{ ref('stg_drugs').render() }}

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
    from {{ ref('stg_drug_synonyms').render() }}

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
    from {{ ref('stg_pubmed_articles').render() }}

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
    from {{ ref('stg_clinical_trials').render() }}

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
    from {{ ref('stg_vocabulary_names').render() }}

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
    from {{ ref('stg_journals').render() }}

)

select * from records
