with raw_files as (

    select * from {{ ref('stg_raw_files') }}
    where source_name is not null

),

records as (

    select * from {{ ref('int_records_united') }}

),

drugs as (

    select * from {{ ref('int_drugs_deduplicated') }}

),

-- Read twice, which costs less than to write down what is read.
publications as {{ materialized(false) }}(

    select * from {{ ref('int_publications_merged') }}

),

drug_synonyms as (

    select * from {{ ref('stg_drug_synonyms') }}
    where is_usable

),

rejected_records as (

    select * from {{ ref('rejected_records') }}

),

-- Counted from what was written, not from what was read: a record that got
-- lost on the way is missing here.
cleaned as {{ materialized(false) }}(

    select
        raw_file,
        merged_raw_files
    from drugs

    union all

    select
        raw_file,
        merged_raw_files
    from publications

    union all

    select
        raw_file,
        null as merged_raw_files
    from drug_synonyms

),

read_by_file as (

    select
        raw_file,
        count(*) as records_read
    from records
    group by raw_file

),

kept_by_file as (

    select
        raw_file,
        count(*) as records_kept
    from cleaned
    group by raw_file

),

merged_files as (

    select merged_raw_files from cleaned
    where merged_raw_files is not null

),

merged_records as (

    {{ explode_list('merged_files', [], 'merged_raw_files', 'raw_file') }}

),

merged_by_file as (

    select
        raw_file,
        count(*) as records_merged
    from merged_records
    group by raw_file

),

rejected_by_file as (

    select
        raw_file,
        count(case when is_rejected then 1 end) as records_rejected,
        count(case when not is_rejected then 1 end) as records_with_warning
    from rejected_records
    group by raw_file

),

reconciled as (

    select
        raw_files.raw_file,
        raw_files.source_name,
        coalesce(read_by_file.records_read, 0) as records_read,
        coalesce(kept_by_file.records_kept, 0) as records_kept,
        coalesce(merged_by_file.records_merged, 0) as records_merged,
        coalesce(rejected_by_file.records_rejected, 0) as records_rejected,
        coalesce(rejected_by_file.records_with_warning, 0)
            as records_with_warning
    from raw_files
    left join read_by_file on raw_files.raw_file = read_by_file.raw_file
    left join kept_by_file on raw_files.raw_file = kept_by_file.raw_file
    left join merged_by_file on raw_files.raw_file = merged_by_file.raw_file
    left join rejected_by_file
        on raw_files.raw_file = rejected_by_file.raw_file

)

select * from reconciled
order by raw_file
