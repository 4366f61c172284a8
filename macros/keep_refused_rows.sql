{#- Runs behind a model that has read CSV files: the lines that the reader
    refused stand in temporary tables of the same connection, several rows for
    a line with several errors, and become records of the model here.

    A file whose non-ASCII lines were all refused was not damaged, it was saved
    in another encoding: reading on would lose these lines in every build. -#}
{% macro keep_refused_rows(text_columns) -%}
    {%- if execute and not flags.EMPTY -%}
        {%- set refused -%}
            select
                'raw/' || parse_filename(scans.file_path) as raw_file,
                errors.line::bigint as line_number,
                any_value(errors.csv_line) as raw_text,
                lower(string_agg(distinct errors.error_type::varchar, ', ')) as detail
            from csv_errors as errors
            inner join csv_scans as scans using (scan_id, file_id)
            group by scans.file_path, errors.line
        {%- endset -%}
        {%- set misread = run_query(
            "select raw_file || ', line ' || min(line_number) from (" ~ refused ~ ") as refused"
            ~ " where contains(detail, 'encoding')"
            ~ " and raw_file not in (select raw_file from " ~ this ~ " where "
            ~ "strlen(concat(" ~ text_columns | join(', ') ~ ")) > "
            ~ "length(concat(" ~ text_columns | join(', ') ~ ")))"
            ~ " group by raw_file having count(*) > 1 order by raw_file limit 10"
        ).columns[0].values() -%}
        {%- if misread -%}
            {{- exceptions.raise_compiler_error(
                "Not UTF-8 text: " ~ misread | join('; ') ~ " and all others that are not plain "
                ~ "ASCII. The file was saved in another encoding: save it as UTF-8 (in Excel: CSV UTF-8)."
            ) -}}
        {%- endif -%}
        insert into {{ this }} by name
        select
            raw_file,
            line_number,
            false as is_usable,
            'unparseable_row' as defect,
            detail as defect_detail,
            raw_text
        from ({{ refused }}) as refused
    {%- endif -%}
{%- endmacro %}
