-- Every record that staging holds, usable or not. The records of a file are in
-- their table in the order of the file.
--
-- `.render()` is the name of the table itself. With `--empty`, dbt would put a
-- subquery in its place, and a subquery has no `rowid`.
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
