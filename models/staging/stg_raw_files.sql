{{
    config(
        materialized="table",
        post_hook=["{{ check_raw_files() }}", "{{ make_state_tables() }}"]
    )
}}
{%- do find_raw_files() %}
{%- set starts = raw_file_starts() %}

with kinds as (

    {{ raw_file_kinds() }}

),

starts as (

    {{ starts }}

),

files as (

    select
        *,
        {{ raw_file_version() }} as raw_file_version
    from {{ raw_files_found() }}

),

-- An export is told by what it begins with, whatever its name is. Where that is
-- one endless line, as in JSON that a program wrote, the reader of files of
-- this ending finds out.
exports as (

    select
        starts.file_path,
        min(kinds.source_name) as source_name
    from starts
    inner join files on starts.file_path = files.file_path
    inner join kinds
        on
            kinds.is_export
            and (
                {{ has_name('files.file_name', 'kinds.file_pattern') }}
                or {{ has_name('files.file_name', 'kinds.other_pattern') }}
            )
            and case
                when starts.start is null
                    then
                        kinds.starts_with <> ''
                        and not {{ matches_pattern(
                            'starts.file_path', '[.]txt'
                        ) }}
                when kinds.starts_with <> ''
                    then {{ begins_as('starts.start', 'kinds.starts_with') }}
                else {{ list_has_all(
                    header_cells(
                        replace_pattern('starts.start', '(?s)[\\r\\n].*', '')
                    ),
                    'kinds.columns'
                ) }}
            end
    group by starts.file_path

),

known_files as (

    {{ known_raw_files() }}

),

named_files as (

    select
        files.file_path,
        kinds.source_name
    from files
    inner join kinds
        on
            not kinds.is_export
            and {{ has_name('files.file_name', 'kinds.file_pattern') }}

),

recognised as (

    select
        files.file_path,
        files.raw_file,
        coalesce(
            exports.source_name,
            known_files.source_name,
            named_files.source_name
        ) as source_name,
        files.size_bytes,
        files.modified_at,
        files.raw_file_version
    from files
    left join exports on files.file_path = exports.file_path
    left join known_files
        on files.raw_file_version = known_files.raw_file_version
    left join named_files on files.file_path = named_files.file_path

)

select * from recognised
