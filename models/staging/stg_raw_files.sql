{{ config(materialized="table", post_hook="{{ make_state_tables() }}") }}
{%- do find_raw_files() %}

with kinds as (

    {{ raw_file_kinds() }}

),

files as (

    select * from {{ raw_files_found() }}

),

recognised as (

    select
        files.file_path,
        files.raw_file,
        kinds.source_name,
        files.size_bytes,
        files.modified_at,
        hash(
            files.file_path, files.size_bytes, files.modified_at, files.version
        ) as raw_file_version
    from files
    left join kinds
        on
            files.file_name glob kinds.file_pattern
            or files.file_name glob kinds.file_pattern || '.gz'

)

select * from recognised
