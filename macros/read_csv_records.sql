{#- DuckDB's own detection of a CSV's dialect and columns is not used: a line
    with one tab makes it find no rows at all, and one broken quote near the
    top makes it give up on the file. With dialect and columns stated, every
    line is either read or refused with its number and text; what was refused
    is added by the post-hook keep_refused_rows. -#}
{% macro read_csv_records(source_name, source_group='raw') -%}
    {%- do source(source_group, source_name) -%}
    {%- set raw_files = ref('stg_raw_files') -%}
    {%- set columns, groups = [], [] -%}
    {%- if execute -%}
        {%- set columns = raw_source_columns(source_name) -%}
        {#- `dbt compile` may come before the first build. -#}
        {%- if not flags.EMPTY and load_relation(raw_files) is not none -%}
            {%- set groups = csv_groups(source_name, columns) -%}
        {%- endif -%}
    {%- endif -%}
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
        select
            null::varchar as raw_file
        {%- for column in columns %},
            null::varchar as {{ column_identifier(column) }}
        {%- endfor %}
        where false
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
