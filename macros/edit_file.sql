{#- Where few rows of a file have changed, writing all of it again would cost
    more than everything else that a build does. So the file is edited: what
    stands in it is copied as it is, but for what has changed.

    A model with the config `is_editable` finds out, when its query is compiled,
    which rows of its file no longer hold. They stand in the temporary table
    replaced_rows then, and the query gives the new rows only. -#}
{% macro is_edited() -%}
    {{- return(
        config.get('is_editable', false) and is_file_as_written() and has_temp_table('replaced_rows')
    ) -}}
{%- endmacro %}


{#- Whether the model's file may be edited: it is there, and not up to date. Of
    an earlier model's rows none are left. -#}
{% macro begin_edit() -%}
    {%- if not is_file_as_written() -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- do run_query('drop table if exists replaced_rows') -%}
    {{- return(not is_file_up_to_date()) -}}
{%- endmacro %}


{% macro edit_file(relation, location, new_rows) -%}
    {%- do run_query('create or replace temp table new_rows as ' ~ new_rows) -%}
    {%- if location.endswith('.json') -%}
        {%- do edit_json(relation, location) -%}
    {%- else -%}
        {%- do edit_parquet(relation, location) -%}
    {%- endif -%}
{%- endmacro %}


{#- The file is sorted, and has an object a line. -#}
{% macro edit_json(relation, location) -%}
    {%- set removed, added = target.path ~ '.removed', target.path ~ '.added' -%}
    {%- do run_query(copy_rows('select * from replaced_rows', removed, location)) -%}
    {%- call statement('main') -%}
        {{ copy_rows('select * from new_rows', added, location) }}
    {%- endcall -%}
    {%- do adapter.store_relation(
        'edited_file', relation, [], local_file(location), 'json',
        {'removed': removed, 'added': added, 'order': config.require('order')}
    ) -%}
{%- endmacro %}


{#- Row groups without a replaced row are kept, unless they are small, less than
    half of what DuckDB makes of many rows, and many: each edit adds one. So a
    row that is replaced by its like had better stay. A bucket takes whole files
    only. -#}
{% macro edit_parquet(relation, location) -%}
    {%- do run_query("
        create or replace temp table rows_as_before as
        select replaced_rows.file_row_number, new_rows.rowid as new_row
        from replaced_rows
        inner join new_rows on"
        ~ same_rows('replaced_rows', 'new_rows') ~ ";
        delete from replaced_rows
        where file_row_number in (select file_row_number from rows_as_before);
        delete from new_rows
        where rowid in (select new_row from rows_as_before)
    ") -%}
    {%- set row_groups = [] if is_object_store() else run_query("
        with row_groups as (
            select
                row_group_id,
                any_value(row_group_num_rows) as row_count,
                row_count < 61440 as is_small,
                sum(row_count) over (order by row_group_id) - row_count as first_row
            from parquet_metadata('" ~ data_glob(location) ~ "')
            group by row_group_id
        ),

        touched as (
            select row_groups.row_group_id
            from replaced_rows
            asof join row_groups on replaced_rows.file_row_number >= row_groups.first_row
        )

        select
            row_group_id,
            first_row,
            first_row + row_count - 1 as last_row,
            row_group_id not in (from touched)
            and not (is_small and count(*) filter (where is_small) over () > 32) as is_kept
        from row_groups
        order by row_group_id
    ").rows -%}
    {%- set rows -%}
        select * from new_rows
        union all by name
        select * exclude (file_row_number)
        from read_parquet('{{ data_glob(location) }}', file_row_number = true, hive_partitioning = false)
        where
            file_row_number not in (select file_row_number from replaced_rows)
            {%- for row_group in row_groups if row_group.is_kept %}
            and file_row_number not between {{ row_group.first_row }} and {{ row_group.last_row }}
            {%- endfor %}
    {%- endset -%}
    {%- set kept = row_groups | selectattr('is_kept') | map(attribute='row_group_id') | map('int') | list -%}
    {%- if kept -%}
        {%- set added = target.path ~ '.added' -%}
        {%- call statement('main') -%}
            {{ copy_rows(rows, added, location) }}
        {%- endcall -%}
        {%- do adapter.store_relation(
            'edited_file', relation, [], local_file(location), 'parquet', {'kept': kept, 'added': added}
        ) -%}
    {%- else -%}
        {%- do write_file(relation, location, rows) -%}
    {%- endif -%}
{%- endmacro %}


{#- Rows of an editable model are alike when all columns are that tell them
    apart. -#}
{% macro same_rows(one, other) -%}
    {%- for column in config.require('compared') %}
        {{ 'and ' if not loop.first }}{{ one }}.{{ column }} is not distinct from {{ other }}.{{ column }}
    {%- endfor %}
{%- endmacro %}


{#- Few rows of a Parquet file, with their places in it. They are looked for in
    the columns of the condition alone, which is a tenth of what reading all
    columns of all rows would cost. Even of few rows, texts are dear: DuckDB
    unpacks all that stand near them. -#}
{% macro rows_found(location, condition, columns=['*']) -%}
    {%- set rows = "read_parquet('" ~ data_glob(location) ~ "', file_row_number = true, hive_partitioning = false)" -%}
    with found as materialized (
        select file_row_number from {{ rows }}
        where {{ condition }}
    )
    select {{ columns | join(', ') }} from {{ rows }}
    semi join found using (file_row_number)
{%- endmacro %}
