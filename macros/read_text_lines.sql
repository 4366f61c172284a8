{#- The lines of a source's files, numbered in their order, without a byte order
    mark. -#}
{% macro read_text_lines(source_name) -%}
    {%- do ref('stg_raw_files') -%}
    {{- adapter.dispatch('read_text_lines', 'drug_mentions')(source_name) -}}
{%- endmacro %}


{% macro duckdb__read_text_lines(source_name) -%}
    {%- set files = raw_files_in_variable(source_name, source_name ~ '_files') -%}
    (
    {%- if files %}
        select
            {{ raw_file_name('file_path') }} as raw_file,
            ltrim(coalesce(line, ''), chr(65279)) as text_line,
            row_number() over () as line_number
        from {{ read_lines("getvariable('" ~ source_name ~ "_files')") }}
    {%- else %}
        select
            cast(null as string) as raw_file,
            cast(null as string) as text_line,
            cast(null as bigint) as line_number
        where false
    {%- endif %}
    )
{%- endmacro %}


{#- Of bytes that are no UTF-8 DuckDB says nothing either; a line that has some
    is told by its mark. -#}
{% macro spark__read_text_lines(source_name) -%}
    (
        select
            raw_file,
            make_valid_utf8(line) as text_line,
            row_number() over (partition by raw_file order by monotonically_increasing_id()) as line_number
        from {{ raw_text_of(raw_files_of(source_name)) }}
    )
{%- endmacro %}


{#- BigQuery does not know which line of a file a row is, so the table has a
    column for it. -#}
{% macro bigquery__read_text_lines(source_name) -%}
    (
        select
            raw_file,
            text_line,
            cast(line_number as int64) as line_number
        from {{ records_of_table(source_name, ['text_line', 'line_number']) }}
    )
{%- endmacro %}
