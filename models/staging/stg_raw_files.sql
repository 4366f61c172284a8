{{ config(materialized="table", post_hook="{{ make_state_tables() }}") }}

with kinds as (

    {{ raw_file_kinds() }}

),

files as (

    select
        filename as file_path,
        parse_filename(filename) as file_name,
        size as size_bytes,
        last_modified as modified_at
    from read_blob('{{ data_glob('raw/*') }}')

),

recognised as (

    select
        files.file_path,
        'raw/' || files.file_name as raw_file,
        kinds.source_name,
        files.size_bytes,
        files.modified_at,
        hash(files.file_path, files.size_bytes, files.modified_at)
            as raw_file_version
    from files
    left join kinds
        on
            files.file_name glob kinds.file_pattern
            or files.file_name glob kinds.file_pattern || '.gz'
    where not starts_with(files.file_name, '.')

)

select * from recognised
