-- The package that reads the files counts what it read; the other counts are
-- those of the tables. So a record that is lost on the way shows.
with raw_files as (

    select * from {{ ref('stg_raw_files') }}

),

kept_records as not materialized (

    -- Without a drug list, int_drugs has the drugs of a vocabulary. Its records
    -- are counted below, with stg_vocabulary_names.
    select
        raw_file,
        merged_raw_files
    from {{ ref('int_drugs') }}
    where
        raw_file in (
            select raw_files.raw_file from raw_files
            where raw_files.kind = 'drugs'
        )

    union all

    select
        raw_file,
        merged_raw_files
    from {{ ref('int_publications') }}

    union all

    select
        raw_file,
        null as merged_raw_files
    from {{ ref('stg_drug_synonyms') }}
    where is_usable

    union all

    select
        raw_file,
        null as merged_raw_files
    from {{ ref('stg_vocabulary_names') }}
    where is_usable

    union all

    select
        raw_file,
        null as merged_raw_files
    from {{ ref('stg_journals') }}
    where is_usable

),

kept_by_file as (

    select
        raw_file,
        count(*) as records_kept
    from kept_records
    group by raw_file

),

merged_records as (

    select unnest(merged_raw_files) as raw_file
    from kept_records
    where merged_raw_files is not null

),

merged_by_file as (

    select
        raw_file,
        count(*) as records_merged
    from merged_records
    group by raw_file

),

deleted_by_file as (

    select
        raw_file,
        count(*) as records_deleted
    from {{ ref('int_deleted_records') }}
    group by raw_file

),

rejected_by_file as (

    select
        raw_file,
        count(*) filter (where is_rejected) as records_rejected,
        count(*) filter (where not is_rejected) as records_with_warning
    from {{ ref('rejected_records') }}
    group by raw_file

),

reconciled as (

    select
        raw_files.raw_file,
        raw_files.kind as source_name,
        raw_files.records as records_read,
        coalesce(kept_by_file.records_kept, 0) as records_kept,
        coalesce(merged_by_file.records_merged, 0) as records_merged,
        coalesce(deleted_by_file.records_deleted, 0) as records_deleted,
        coalesce(rejected_by_file.records_rejected, 0) as records_rejected,
        coalesce(rejected_by_file.records_with_warning, 0)
            as records_with_warning
    from raw_files
    left join kept_by_file on raw_files.raw_file = kept_by_file.raw_file
    left join merged_by_file on raw_files.raw_file = merged_by_file.raw_file
    left join deleted_by_file on raw_files.raw_file = deleted_by_file.raw_file
    left join rejected_by_file
        on raw_files.raw_file = rejected_by_file.raw_file

)

select * from reconciled
order by raw_file
