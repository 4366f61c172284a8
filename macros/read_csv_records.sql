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
    (
    {%- for group in groups %}
        select
            'raw/' || parse_filename(file_path) as raw_file,
        {%- for column in columns %}
            {{ 'null::varchar as ' if not group.places[loop.index0] -}}
            {{ column_identifier(column) }}{{ ',' if not loop.last }}
        {%- endfor %}
        from read_csv(
            getvariable('csv_group_{{ loop.index }}'),
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
            store_rejects = true,
            rejects_table = 'csv_errors',
            rejects_scan = 'csv_scans'
        )
        {{- '\n        union all' if not loop.last }}
    {%- else %}
        select
            null::varchar as raw_file
        {%- for column in columns %},
            null::varchar as {{ column_identifier(column) }}
        {%- endfor %}
        where false
    {%- endfor %}
    )
{%- endmacro %}


{#- `Journal/Book` is journal_book to SQL. -#}
{% macro column_identifier(column) -%}
    {{- modules.re.sub('[^a-z0-9]+', '_', column) -}}
{%- endmacro %}
