{#- DuckDB's own detection of a CSV's dialect and columns is not used: a line
    with one tab makes it find no rows at all, and one broken quote near the
    top makes it give up on the file. With dialect and columns stated, every
    line is either read or refused with its number and text; what was refused
    is added by the post-hook keep_refused_rows. -#}
{% macro read_csv_records(source_name, source_group='raw') -%}
    {%- do source(source_group, source_name) -%}
    {%- do ref('stg_raw_files') -%}
    {{- adapter.dispatch('read_csv_records', 'drug_mentions')(source_name) -}}
{%- endmacro %}


{% macro duckdb__read_csv_records(source_name) -%}
    {%- set columns = raw_source_columns(source_name) if execute else [] -%}
    {%- set groups = csv_groups(source_name, columns) if has_files_to_read(source_name) else [] -%}
    {%- set is_many = groups | sum('file_count') > files_per_query() -%}
    (
    {%- if is_many %}
        {%- do keep_csv_records(columns, groups) %}
        select * from csv_records
    {%- else %}
    {%- for group in groups %}
        {{ csv_group_records(columns, group, "getvariable('csv_group_" ~ loop.index ~ "')") }}
        {{- '\n        union all' if not loop.last }}
    {%- else %}
        {{ no_csv_records(columns) }}
    {%- endfor %}
    {%- endif %}
    )
{%- endmacro %}


{% macro csv_group_records(columns, group, files) -%}
        select
            {{ raw_file_name('file_path') }} as raw_file,
        {%- for column in columns %}
            {{ 'null::varchar as ' if not group.places[loop.index0] -}}
            {{ column_identifier(column) }}{{ ',' if not loop.last }}
        {%- endfor %}
        from read_csv(
            {{ files }},
            auto_detect = false,
            header = true,
            delim = ',',
            quote = '"',
            escape = '"',
            strict_mode = true,
            columns = {
        {%- for place in range(1, group.column_count + 1) %}
                '{{ column_identifier(columns[group.places.index(place)])
                    if place in group.places else 'ignored_' ~ place }}': 'varchar'
            {{- ',' if not loop.last }}
        {%- endfor %}
            },
            filename = 'file_path',
            hive_partitioning = false,
            store_rejects = true,
            rejects_table = 'csv_errors',
            rejects_scan = 'csv_scans'
        )
{%- endmacro %}


{#- Reads so many files that one query would not do, into csv_records. -#}
{% macro keep_csv_records(columns, groups) -%}
    {%- set definitions = ['raw_file varchar'] -%}
    {%- for column in columns -%}
        {%- do definitions.append(column_identifier(column) ~ ' varchar') -%}
    {%- endfor -%}
    {%- do run_query("create or replace temp table csv_records (" ~ definitions | join(', ') ~ ")") -%}
    {%- for group in groups -%}
        {%- do run_in_batches(
            'csv_group_' ~ loop.index,
            group.file_count,
            'insert into csv_records ' ~ csv_group_records(columns, group, '<files>')
        ) -%}
    {%- endfor -%}
{%- endmacro %}


{#- `Journal/Book` is journal_book to SQL. -#}
{% macro column_identifier(column) -%}
    {{- modules.re.sub('[^a-z0-9]+', '_', column) -}}
{%- endmacro %}


{% macro no_csv_records(columns) -%}
        select
            cast(null as string) as raw_file
        {%- for column in columns %},
            cast(null as string) as {{ column_identifier(column) }}
        {%- endfor %}
        where false
{%- endmacro %}


{#- Spark's own CSV reader takes a broken quote, or a byte that is no UTF-8, for
    text like any other. Here each row is taken apart by the same rules as
    DuckDB's, see csv_rows. -#}
{% macro spark__read_csv_records(source_name) -%}
    {%- set columns, layouts = [], [] -%}
    {%- if execute -%}
        {%- set columns = raw_source_columns(source_name) -%}
        {#- `dbt compile` may come before the first build. -#}
        {%- if not flags.EMPTY and load_relation(ref('stg_raw_files')) is not none -%}
            {%- set layouts = csv_layouts(source_name, columns) -%}
        {%- endif -%}
    {%- endif -%}
    (
    {%- if layouts %}
        select
            csv_rows.raw_file
        {%- for column in columns %},
            {{ csv_cell("get(csv_rows.cells, array_position(csv_layouts.cells, '" ~ column ~ "') - 1)") }}
                as {{ column_identifier(column) }}
        {%- endfor %}
        from csv_rows
        inner join csv_layouts on csv_rows.raw_file = csv_layouts.raw_file
        where csv_rows.place > 1 and csv_rows.row_text <> '' and {{ csv_defect() }} is null
    {%- else %}
        {{ no_csv_records(columns) }}
    {%- endif %}
    )
{%- endmacro %}


{% macro bigquery__read_csv_records(source_name) -%}
    {{- records_of_table(source_name, raw_source_columns(source_name) if execute else []) -}}
{%- endmacro %}


{#- What a cell means: without quotes, null for nothing. -#}
{% macro csv_cell(cell) -%}
    nullif(
        case
            when {{ cell }} like '%"%' and regexp_like({{ cell }}, '^ *"')
                then replace(regexp_replace({{ cell }}, '^ *"|" *$', ''), '""', '"')
            else {{ cell }}
        end,
        ''
    )
{%- endmacro %}


{#- Why a row is refused, in the words of DuckDB's reader, which lets one empty
    cell too many pass. -#}
{% macro csv_defect() -%}
    case
        when csv_rows.place = 1 or csv_rows.row_text = '' then null
        when not csv_rows.is_utf8 then 'invalid encoding'
        when octet_length(csv_rows.row_text) > 2000000 then 'line size over maximum'
        when not csv_rows.is_sound then 'unquoted value'
        when cardinality(csv_rows.cells) < cardinality(csv_layouts.cells) then 'missing columns'
        when
            cardinality(csv_rows.cells) > cardinality(csv_layouts.cells) + 1
            or cardinality(csv_rows.cells) > cardinality(csv_layouts.cells) and get(csv_rows.cells, -1 + cardinality(csv_rows.cells)) <> ''
            then 'too many columns'
    end
{%- endmacro %}


{#- Looks through the files once: makes csv_layouts, of the cells of their header
    lines, and csv_rows, of all their rows. Stops with the file's name where a
    column is missing.

    A file whose lines are rows, as most are, is read line by line, by as many
    tasks as it is large; any other is one text, in which a row may go over
    several lines. A quote that nobody closes runs to the end of its file, or to
    the next quote. Where all rows are even, none will be refused. -#}
{% macro csv_layouts(source_name, columns) -%}
    {%- set needed = raw_source_columns(source_name, needed=true) -%}
    {%- set raw_files = run_query(raw_files_to_read(source_name)).columns['raw_file'].values() | list -%}
    {%- if not raw_files -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set cell = '(?: *"[^"]*+(?:""[^"]*+)*+" *|(?! *")[^,\r\n]*+)' -%}
    {%- set row = cell ~ '(?:,' ~ cell ~ ')*+' -%}
    {%- set broken = '(?:' ~ cell ~ ',)*+ *"[^"]*+(?:""[^"]*+)*+(?:"[^\r\n]*+|\\z)' -%}
    {%- set rows = '(?!\\z)(' ~ row ~ '(?=[\r\n]|\\z)|' ~ broken ~ ')(?:\r\n|\r|\n|\\z)' -%}
    {%- do run_query("drop view if exists csv_layouts") -%}
    {%- do run_query("
        cache table csv_layouts as
        with files as (
            select
                raw_file,
                min_by(line, place) as header,
                bool_and(not contains(line, '\"') or regexp_like(line, '^" ~ row ~ "$')) as has_row_per_line,
                bool_and(is_valid_utf8(line) and octet_length(line) <= 2000000) and min(cells) = max(cells) as is_even
            from (
                select
                    *,
                    monotonically_increasing_id() as place,
                    case
                        when line = '' then null
                        when contains(line, '\"') then cardinality(" ~ csv_cells('line') ~ ")
                        else length(line) - length(replace(line, ',', '')) + 1
                    end as cells
                from " ~ raw_text_of(raw_files) ~ "
            ) as lines
            group by raw_file
        ),
        listed as (
            select
                listed.raw_file,
                listed.file_path,
                nullif(
                    coalesce(
                        try_validate_utf8(ltrim(decode(unhex('EFBBBF'), 'utf-8'), files.header)),
                        if(files.header is null, '', decode(unhex('00'), 'utf-8'))
                    ),
                    ''
                ) as header,
                files.has_row_per_line,
                files.is_even
            from (" ~ raw_files_to_read(source_name) ~ ") as listed
            left join files on listed.raw_file = files.raw_file
        )
        select
            *,
            array_except(" ~ list_of_texts(needed) ~ ", cells) as missing,
            filter(
                " ~ list_of_texts(columns) ~ ",
                name -> cardinality(filter(cells, cell -> cell = name)) > 1
            ) as repeated
        from (
            select
                *,
                " ~ header_cells("header") ~ " as cells
            from listed
        ) as headers
    ") -%}
    {%- do stop_at_unreadable_headers(needed) -%}
    {%- set whole_files = run_query(
        "select raw_file from csv_layouts where not has_row_per_line"
    ).columns[0].values() | list -%}
    {%- do run_query("
        create or replace temporary view csv_rows as
        select
            *,
            " ~ csv_cells('row_text') ~ " as cells
        from (
            select
                raw_file,
                row_number() over (partition by raw_file order by monotonically_increasing_id()) as place,
                line as row_text,
                is_valid_utf8(line) as is_utf8,
                true as is_sound
            from " ~ raw_text_of(raw_files | reject('in', whole_files) | list) ~ "
            " ~ ("union all
            select
                raw_file,
                place + 1 as place,
                row_text,
                is_utf8 or not contains(row_text, decode(unhex('EFBFBD'), 'utf-8')) as is_utf8,
                regexp_like(row_text, '^" ~ row ~ "\\z') as is_sound
            from (
                select
                    raw_file,
                    is_valid_utf8(content) as is_utf8,
                    posexplode(regexp_extract_all(content, '" ~ rows ~ "', 1)) as (place, row_text)
                from " ~ raw_text_of(whole_files, 'raw_texts') ~ "
            ) as texts" if whole_files else "") ~ "
        ) as numbered
    ") -%}
    {{- return(raw_files) -}}
{%- endmacro %}


{#- A row's cells as they are written, quotes and all. -#}
{% macro csv_cells(row) -%}
    regexp_extract_all(',' || {{ row }}, ',( *"[^"]*+(?:""[^"]*+)*+" *|[^,]*+)', 1)
{%- endmacro %}
