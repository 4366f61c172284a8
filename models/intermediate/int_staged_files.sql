-- What staging holds of each raw file. A published file is written again when
-- this changes, and raw_file_reconciliation compares it with what was read.
with records as (

    select * from {{ ref('int_records') }}

),

counted as (

    select
        raw_file,
        raw_file_version,
        count(*) as records_staged,
        count(*) filter (where is_usable) as records_usable,
        min(table_position) as first_position
    from records
    group by raw_file, raw_file_version

)

select * from counted
