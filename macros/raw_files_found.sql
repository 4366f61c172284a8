{#- What stands below raw/, in whatever folders. What is hidden, or stands in a
    hidden folder, is nobody's export. -#}
{% macro raw_files_found() -%}
    (
        select
            *,
            {{ raw_file_name('file_path') }} as raw_file,
            parse_filename(file_path) as file_name
        from {{ data_files('raw/**/*') }}
        where not contains(raw_file, '/.')
    )
{%- endmacro %}
