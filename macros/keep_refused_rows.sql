{#- Runs behind a model that has read CSV files: the lines that the reader
    refused stand in temporary tables of the same connection, several rows for
    a line with several errors, and become records of the model here. -#}
{% macro keep_refused_rows(text_columns) -%}
    {{- adapter.dispatch('keep_refused_rows', 'drug_mentions')(text_columns) -}}
{%- endmacro %}


{% macro duckdb__keep_refused_rows(text_columns) -%}
    {%- if execute and not flags.EMPTY and has_refused_rows() -%}
        {%- set errors -%}
            select
                {{ raw_file_name('csv_scans.file_path') }} as raw_file,
                csv_errors.line::bigint as line_number,
                csv_errors.line_byte_position as line_start,
                csv_errors.csv_line as raw_text,
                lower(csv_errors.error_type::varchar) as detail
            from csv_errors
            inner join csv_scans using (scan_id, file_id)
        {%- endset -%}
        {%- set text = "concat(" ~ text_columns | join(', ') ~ ")" -%}

        {#- A file whose non-ASCII lines were all refused was not damaged, it
            was saved in another encoding: reading on would lose these lines in
            every build. -#}
        {%- set misread = run_query("
            select raw_file || ', line ' || min(line_number)
            from (" ~ errors ~ ") as errors
            where
                contains(detail, 'encoding')
                and raw_file not in (
                    select raw_file from " ~ this ~ " where strlen(" ~ text ~ ") > length(" ~ text ~ ")
                )
            group by raw_file
            having count(distinct line_number) > 1
            order by raw_file
            limit 10
        ").columns[0].values() -%}
        {%- do stop_at_other_encoding(misread) -%}

        {#- Behind some broken quotes DuckDB loses its place: it refuses a line
            that is sound in the place of the broken one, and joins others. It
            shows in the errors, and then nothing of the file can be trusted. -#}
        {%- set cell = '(?: *"(?:[^"]|"")*" *|[^",\\r\\n][^,\\r\\n]*|)' -%}
        {%- set lost = run_query("
            select raw_file || ', line ' || min(line_number)
            from (
                select
                    *,
                    detail = 'unquoted value' and regexp_full_match(
                        raw_text, '[\\r\\n]*" ~ cell ~ "(?:," ~ cell ~ ")*[\\r\\n]*'
                    ) as is_sound,
                    count(distinct line_start) over (partition by raw_file, line_number) as starts,
                    count(distinct line_number) over (partition by raw_file, line_start) as numbers
                from (" ~ errors ~ ") as errors
            ) as judged
            where is_sound or starts > 1 or numbers > 1
            group by raw_file
            order by raw_file
            limit 10
        ").columns[0].values() -%}
        {%- if lost -%}
            {{- exceptions.raise_compiler_error(
                "A broken quote makes the rest unreadable: " ~ lost | join('; ') ~ ", or just above. "
                ~ "A quote inside a quoted cell must be doubled. Correct the line, or take it out."
            ) -}}
        {%- endif -%}

        insert into {{ this }} by name
        select
            raw_file,
            line_number,
            false as is_usable,
            'unparseable_row' as defect,
            string_agg(distinct detail, ', ') as defect_detail,
            any_value(raw_text) as raw_text
        from ({{ errors }}) as errors
        group by raw_file, line_number
    {%- endif -%}
{%- endmacro %}


{#- There is no table of errors when nothing was read. -#}
{% macro has_refused_rows() -%}
    {{- return(
        has_temp_table('csv_errors')
        and run_query("select count(*) from csv_errors").columns[0].values()[0] > 0
    ) -}}
{%- endmacro %}


{#- On Spark csv_rows has the same rows still, the refused ones among them. -#}
{% macro spark__keep_refused_rows(text_columns) -%}
    {%- if execute and not flags.EMPTY and has_uneven_rows() -%}
        {%- do run_query("drop view if exists csv_refused") -%}
        {%- do run_query("
            cache table csv_refused as
            select *
            from (
                select
                    csv_rows.raw_file,
                    csv_rows.place as line_number,
                    csv_rows.row_text,
                    " ~ csv_defect() ~ " as detail
                from csv_rows
                inner join csv_layouts on csv_rows.raw_file = csv_layouts.raw_file
            ) as judged
            where detail is not null
        ") -%}
        {%- set text = "concat_ws('', " ~ text_columns | join(', ') ~ ")" -%}
        {%- set misread = run_query("
            select raw_file || ', line ' || min(line_number)
            from csv_refused
            where
                detail = 'invalid encoding'
                and raw_file not in (
                    select raw_file from " ~ this ~ " where octet_length(" ~ text ~ ") > length(" ~ text ~ ")
                )
            group by raw_file
            having count(*) > 1
            order by raw_file
            limit 10
        ").columns[0].values() -%}
        {%- do stop_at_other_encoding(misread) -%}

        insert into {{ this }} (raw_file, line_number, is_usable, defect, defect_detail, raw_text)
        select
            raw_file,
            line_number,
            false as is_usable,
            'unparseable_row' as defect,
            detail as defect_detail,
            left(replace(make_valid_utf8(row_text), decode(unhex('EFBFBD'), 'utf-8'), '?'), 10000) as raw_text
        from csv_refused
    {%- endif -%}
{%- endmacro %}


{#- A table over files has none: BigQuery stops at a row that it can't read. -#}
{% macro bigquery__keep_refused_rows(text_columns) -%}
{%- endmacro %}


{% macro has_uneven_rows() -%}
    {%- set source_name = config.get('source_name', this.identifier | replace('stg_', '')) -%}
    {{- return(
        run_query(raw_files_to_read(source_name) ~ " limit 1").rows | length > 0
        and run_query("select 1 from csv_layouts where not (has_row_per_line and is_even) limit 1").rows | length > 0
    ) -}}
{%- endmacro %}


{% macro stop_at_other_encoding(misread) -%}
    {%- if misread -%}
        {{- exceptions.raise_compiler_error(
            "Not UTF-8 text: " ~ misread | join('; ') ~ " and all others that are not plain "
            ~ "ASCII. The file was saved in another encoding: save it as UTF-8 (in Excel: CSV UTF-8)."
        ) -}}
    {%- endif -%}
{%- endmacro %}
