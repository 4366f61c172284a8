{#- Groups the files by where the wanted columns stand in their header lines,
    and stops with the file's name where one is missing.

    Columns that are marked `optional` may be missing: their place is 0.

    Names of files reach SQL as values of variables and never as text of a
    query; readers take them for patterns, so their glob characters are
    escaped. -#}
{% macro csv_groups(source_name, columns) -%}
    {%- set files_at_once = 100 -%}
    {%- set as_lines = read_lines('<files>', store_rejects=true) -%}

    {%- set needed = raw_source_columns(source_name, needed=true) -%}
    {%- set file_count = run_query("
        drop table if exists csv_errors;
        drop table if exists csv_scans;
        drop table if exists line_errors;
        drop table if exists line_scans;
        create or replace temp table csv_files as
        select
            file_path,
            " ~ glob_escaped('file_path') ~ " as pattern,
            size_bytes < 1000000 and not ends_with(file_path, '.gz') as is_small,
            row_number() over (order by file_path) as file_number
        from (" ~ raw_files_to_read(source_name) ~ ") as files;
        set variable csv_patterns = (select list(pattern order by file_number) from csv_files);
        create or replace temp table csv_headers (file_number bigint, header varchar);
        select count(*) from csv_files
    ").columns[0].values()[0] | int -%}
    {%- if file_count == 0 -%}
        {{- return([]) -}}
    {%- endif -%}

    {#- Header lines: of small files, which may be many, all at once. -#}
    {%- do run_query("
        set variable csv_small = (
            select list(pattern) from csv_files where is_small
        )
    ") -%}
    {%- set small_count = run_query(
        "select coalesce(len(getvariable('csv_small')), 0)"
    ).columns[0].values()[0] | int -%}
    {%- if small_count -%}
        {%- do run_in_batches('csv_small', small_count, "
            insert into csv_headers
            select
                csv_files.file_number,
                nullif(coalesce(try(decode(files.first_line::blob)), chr(0)), '')
            from (
                select
                    filename,
                    regexp_extract(content::varchar, '^(.*?)(?:\\\\x0A|\\\\x0D|$)', 1) as first_line
                from read_blob(<files>)
            ) as files
            inner join csv_files on files.filename = csv_files.file_path
        ") -%}
    {%- endif -%}
    {%- set large = run_query("
        select file_number from csv_files
        where file_number not in (select file_number from csv_headers)
        order by file_number
    ").columns[0].values() | map('int') | list -%}
    {%- for numbers in large | batch(files_at_once) -%}
        {%- set headers -%}
            {%- for number in numbers %}
                {{- "union all" if not loop.first }}
                (
                    select {{ number }}, line
                    from {{ read_lines("getvariable('csv_patterns')[" ~ number ~ "]", store_rejects=true) }}
                    limit 1
                )
            {%- endfor -%}
        {%- endset -%}
        {%- do run_query("insert into csv_headers " ~ headers) -%}
    {%- endfor -%}

    {%- do run_query("
        create or replace temp table csv_layouts as
        with files as (
            select
                csv_files.*,
                csv_headers.header,
                " ~ header_cells("ltrim(csv_headers.header, chr(65279))") ~ " as cells
            from csv_files
            left join csv_headers using (file_number)
        )
        select
            * exclude (cells),
            len(cells) as column_count,
            array_to_string(list_transform(" ~ columns ~ ", lambda name: coalesce(list_position(cells, name), 0)), ',') as places,
            list_filter(" ~ needed ~ ", lambda name: coalesce(list_position(cells, name), 0) = 0) as missing,
            list_filter(" ~ columns ~ ", lambda name: len(list_filter(cells, lambda cell: cell = name)) > 1) as repeated
        from files
    ") -%}
    {%- do stop_at_unreadable_headers(needed) -%}

    {#- A quote that nobody closes runs to the end of its file, and DuckDB tells
        of it only when it reads no more than two files at once. So each file is
        read by itself. Where there are many, looking into a small one costs
        less than that: then of the small ones those alone are that have a line
        in which not every quote is opened and closed, or that is not UTF-8. -#}
    {%- set looked_into = run_query("
        create or replace temp table csv_unsound as
        select file_path from csv_files
        where
            " ~ (file_count <= files_at_once) ~ "
            or not is_small and " ~ (file_count - small_count <= files_per_query()) ~ ";
        set variable csv_looked_into = (
            select list(pattern order by file_number)
            from csv_files
            anti join csv_unsound using (file_path)
        );
        select coalesce(len(getvariable('csv_looked_into')), 0)
    ").columns[0].values()[0] | int -%}
    {%- if looked_into -%}
        {%- set cell = '(?:\"(?:[^\"]|\"\")*\"|[^\",\r\n]*)' -%}
        {%- set row = cell ~ '(?:,' ~ cell ~ ')*' -%}
        {%- do run_in_batches('csv_looked_into', looked_into, "
            insert into csv_unsound
            select file_path
            from " ~ as_lines ~ "
            group by file_path
            having bool_or(contains(line, '\"') and not regexp_full_match(line, '" ~ row ~ "'))
        ") -%}
        {%- do run_query("
            insert into csv_unsound
            select file_path from line_scans semi join line_errors using (scan_id, file_id);
            set variable csv_suspects = (
                select list(pattern)
                from csv_files
                semi join csv_unsound using (file_path)
                where is_small
            )
        ") -%}
        {#- A cell of several lines is no broken quote. Not line by line, that
            shows in small files only. -#}
        {%- set suspect_count = run_query("select len(getvariable('csv_suspects'))").columns[0].values()[0] -%}
        {%- do run_in_batches('csv_suspects', suspect_count | default(0, true) | int, "
            delete from csv_unsound
            where file_path in (
                select filename
                from read_blob(<files>)
                where regexp_full_match(try(decode(content)), '(?:" ~ row ~ "\r?\n)*" ~ row ~ "')
            )
        ") -%}
    {%- endif -%}
    {%- do run_query("
        create or replace temp table csv_groups as
        select
            csv_layouts.*,
            dense_rank() over (
                order by
                    csv_layouts.column_count,
                    csv_layouts.places,
                    case when csv_unsound.file_path is not null then csv_layouts.file_number end
            ) as group_number
        from csv_layouts
        left join (select distinct file_path from csv_unsound) as csv_unsound using (file_path)
    ") -%}
    {%- set groups = [] -%}
    {%- for group in run_query("
        select group_number, places, column_count, count(*) from csv_groups group by all order by group_number
    ").rows -%}
        {%- do run_query("
            set variable csv_group_" ~ group[0] | int ~ " = (
                select list(pattern order by file_number) from csv_groups where group_number = " ~ group[0] | int ~ "
            )
        ") -%}
        {%- do groups.append({
            'file_count': group[3] | int,
            'places': group[1].split(',') | map('int') | list,
            'column_count': group[2] | int
        }) -%}
    {%- endfor -%}
    {{- return(groups) -}}
{%- endmacro %}
