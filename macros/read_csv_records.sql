{#- DuckDB's own detection of a CSV's dialect and columns is not used: a line
    with one tab makes it find no rows at all, and one broken quote near the
    top makes it give up on the file. With dialect and columns stated, every
    line is either read or refused with its number and text.

    So the header lines are read first. Files are grouped by where the wanted
    columns stand, and each group is read with its own list of columns.
    File names reach SQL as values of variables, never as text of a query. -#}
{% macro read_csv_records(source_name) -%}
    {%- do source('raw', source_name) -%}
    {%- set raw_files = ref('stg_raw_files') -%}
    {%- set columns, groups = [], [] -%}
    {%- if execute -%}
        {%- set columns = raw_source_columns(source_name) -%}
        {#- `dbt compile` may come before the first build. -#}
        {%- if not flags.EMPTY and load_relation(raw_files) is not none -%}
            {%- set groups = csv_groups(source_name, columns, raw_files) -%}
        {%- endif -%}
    {%- endif -%}
    (
    {%- for group in groups %}
        select
            'raw/' || parse_filename(file_path) as raw_file,
            {{ columns | join(',\n            ') }}
        from read_csv(
            getvariable('csv_files_{{ loop.index }}'),
            auto_detect = false,
            header = true,
            delim = ',',
            quote = '"',
            escape = '"',
            strict_mode = true,
            columns = {
        {%- for place in range(1, group.column_count + 1) %}
                '{{ columns[group.places.index(place)]
                    if place in group.places else 'ignored_' ~ place }}': 'varchar'
            {{- ',' if not loop.last }}
        {%- endfor %}
            },
            filename = 'file_path',
            store_rejects = true,
            rejects_table = 'csv_errors',
            rejects_scan = 'csv_scans'
        )
        {{- '\n        union all' if not loop.last }}
    {%- else %}
        select
            null::varchar as raw_file
        {%- for column in columns %},
            null::varchar as {{ column }}
        {%- endfor %}
        where false
    {%- endfor %}
    )
{%- endmacro %}


{#- [{'places': [1, 2, 4, 3], 'column_count': 5}, …]: where the wanted columns
    stand in a group's files; sets the variables csv_files_1, csv_files_2, … -#}
{% macro csv_groups(source_name, columns, raw_files) -%}
    {%- set ahead = 200 -%}
    {%- do run_query(
        "drop table if exists csv_errors; drop table if exists csv_scans;"
        ~ "set variable csv_files = (select coalesce(list(file_path order by file_path), []) from "
        ~ raw_files ~ " where source_name = '" ~ source_name ~ "');"
        ~ "create or replace temp table csv_headers (file_number int, header varchar);"
    ) -%}
    {%- set file_count = run_query("select len(getvariable('csv_files'))").columns[0].values()[0] -%}
    {%- for first in range(1, file_count + 1, ahead) -%}
        {%- set header_lines -%}
            {%- for number in range(first, [first + ahead, file_count + 1] | min) %}
                {{- "union all" if not loop.first }}
                (
                    select {{ number }}, header
                    from read_csv(
                        getvariable('csv_files')[{{ number }}],
                        auto_detect = false, header = false, columns = {'header': 'varchar'},
                        delim = chr(1), quote = '', escape = '',
                        strict_mode = false, ignore_errors = true
                    )
                    limit 1
                )
            {%- endfor -%}
        {%- endset -%}
        {%- do run_query("insert into csv_headers " ~ header_lines) -%}
    {%- endfor -%}
    {%- do run_query(
        "create or replace temp table csv_layouts as
        with cells as (
            select
                files.file_path,
                headers.header,
                list_transform(
                    regexp_extract_all(
                        ltrim(headers.header, chr(65279)),
                        '(?:^|,)(\"(?:[^\"]|\"\")*\"|[^,]*)', 1
                    ),
                    lambda cell: lower(trim(trim(cell), '\"'))
                ) as cells
            from (
                select
                    unnest(getvariable('csv_files')) as file_path,
                    generate_subscripts(getvariable('csv_files'), 1) as file_number
            ) as files
            left join csv_headers as headers using (file_number)
        )
        select
            file_path,
            header,
            len(cells) as column_count,
            list_transform(" ~ columns ~ ", lambda name: list_position(cells, name)) as places,
            list_filter(" ~ columns ~ ", lambda name: not coalesce(list_contains(cells, name), false)) as missing,
            list_filter(" ~ columns ~ ", lambda name: len(list_filter(cells, lambda cell: cell = name)) > 1) as repeated
        from cells"
    ) -%}
    {%- set unreadable = run_query(
        "select file_path || ': ' || case
            when header is null then 'its first line is empty, or is not UTF-8 text.'
            when contains(header, chr(0)) then 'it is not UTF-8 text (UTF-16?). Save it as UTF-8.'
            when len(missing) > 0 then 'column ' || array_to_string(missing, ', ') || ' is missing.'
            else 'column ' || array_to_string(repeated, ', ') || ' stands there twice.'
        end
        from csv_layouts
        where header is null or len(missing) > 0 or len(repeated) > 0
        order by file_path
        limit 10"
    ).columns[0].values() -%}
    {%- if unreadable -%}
        {{- exceptions.raise_compiler_error(
            "Can't read " ~ unreadable | join("\n") ~ "\nThe first line must name the columns "
            ~ columns | join(', ') ~ ", in any order, separated by commas, and the file be UTF-8 text."
        ) -}}
    {%- endif -%}
    {%- set groups = [] -%}
    {%- for layout in run_query(
        "select array_to_string(places, ','), column_count from csv_layouts group by all order by all"
    ).rows -%}
        {%- do run_query(
            "set variable csv_files_" ~ loop.index ~ " = (
                select list(file_path order by file_path) from csv_layouts
                where array_to_string(places, ',') = '" ~ layout[0] ~ "' and column_count = " ~ layout[1] ~ "
            )"
        ) -%}
        {%- do groups.append({
            'places': layout[0].split(',') | map('int') | list,
            'column_count': layout[1] | int
        }) -%}
    {%- endfor -%}
    {{- return(groups) -}}
{%- endmacro %}
