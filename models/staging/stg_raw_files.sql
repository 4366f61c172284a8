{{
    config(
        materialized="table",
        post_hook=["{{ check_raw_files() }}", "{{ make_state_tables() }}"]
    )
}}
{%- set starts = raw_file_starts() %}
{%- set known_files = load_relation(this) if execute else none %}

with kinds as (

    {{ raw_file_kinds() }}

),

starts as (

    {{ starts }}

),

files as (

    select
        filename as file_path,
        parse_filename(filename) as file_name,
        size as size_bytes,
        last_modified as modified_at
    from read_blob('{{ data_glob('raw/*') }}')

),

versions as (

    select
        *,
        {{ raw_file_version('file_path', 'size_bytes', 'modified_at') }}
            as raw_file_version
    from files
    where not starts_with(file_name, '.')

),

-- An export is told by what it begins with, whatever its name is. Where that is
-- one endless line, as in JSON that a program wrote, the reader of files of
-- this ending finds out.
exports as (

    select
        starts.file_path,
        min(kinds.source_name) as source_name
    from starts
    inner join kinds
        on
            kinds.is_export
            and (
                {{ has_name('starts.file_path', 'kinds.file_pattern') }}
                or {{ has_name('starts.file_path', 'kinds.other_pattern') }}
            )
            and case
                when starts.start is null
                    then
                        kinds.starts_with <> ''
                        and not regexp_matches(starts.file_path, '[.]txt')
                when kinds.starts_with <> ''
                    then regexp_matches(starts.start, kinds.starts_with)
                else list_has_all(
                    {{ header_cells(
                        "regexp_extract(starts.start, '^[^\\r\\n]*')"
                    ) }},
                    kinds.columns
                )
            end
    group by starts.file_path

),
{%- if known_files is not none and known_files.is_table %}

known_files as (

    select
        raw_file_version,
        source_name
    from {{ this }}

),
{%- endif %}

recognised as (

    select
        versions.file_path,
        'raw/' || versions.file_name as raw_file,
        coalesce(
            exports.source_name,
            {%- if known_files is not none and known_files.is_table %}
            known_files.source_name,
            {%- endif %}
            kinds.source_name
        ) as source_name,
        versions.size_bytes,
        versions.modified_at,
        versions.raw_file_version
    from versions
    left join exports on versions.file_path = exports.file_path
    {%- if known_files is not none and known_files.is_table %}
    left join known_files
        on versions.raw_file_version = known_files.raw_file_version
    {%- endif %}
    left join kinds
        on
            not kinds.is_export
            and {{ has_name('versions.file_name', 'kinds.file_pattern') }}

)

select * from recognised
