{#- Files as they are now. DuckDB's `**` leaves out links to files, `**/*` does
    not; neither follows a link to a folder, so there are no loops. -#}
{% macro data_files(path) -%}
    {%- if is_object_store() -%}
    read_json(
        'listing://{{ data_path(path) | replace('/**/*', '') }}',
        format = 'newline_delimited',
        columns = {
            'file_path': 'varchar',
            'size_bytes': 'bigint',
            'modified_at': 'timestamptz',
            'version': 'varchar'
        }
    )
    {%- else -%}
    (
        select
            filename as file_path,
            size as size_bytes,
            last_modified as modified_at,
            null as version
        from read_blob('{{ data_glob(path) }}')
    )
    {%- endif -%}
{%- endmacro %}
