{#- A model whose result is one file below the data root, and a typed view over
    it: whoever reads the model reads what was published.

    A file that was made of the records that staging holds now is left alone.
    Any other is written whole beside the old one and renamed when it is
    complete, so that readers never see half a file. For a bucket it is written
    beside the DuckDB file, and uploaded when it is complete. With
    `keep_if_empty`, a query without rows leaves the last file.

    dbt-duckdb's own external materialization writes one object of nulls when
    there are no rows, and `dbt build --empty` overwrites the file with it. -#}
{% materialization file, adapter='duckdb' %}

    {%- set location = config.require('location') -%}
    {%- set relation = this.incorporate(type='view') -%}
    {%- set existing_relation = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if flags.EMPTY -%}
        {#- Proves that the query runs, and touches no file. -#}
        {%- call statement('main') -%}
            create or replace temp table checked as {{ sql }}
        {%- endcall -%}
    {%- elif is_file_current(location) -%}
        {%- call statement('main') -%}
            select 'nothing new'
        {%- endcall -%}
    {%- else -%}
        {%- do get_assert_columns_equivalent(sql) -%}
        {%- set rows = get_select_subquery(sql) -%}
        {%- set may_be_kept = config.get('keep_if_empty', false) and has_file(location) -%}
        {%- if may_be_kept -%}
            {#- The query runs once; its rows are looked at, then written. -#}
            {%- do run_query("create or replace temp table new_rows as " ~ rows) -%}
            {%- set rows = "select * from new_rows" -%}
        {%- endif -%}
        {%- if may_be_kept and not has_rows(rows) -%}
            {%- call statement('main') -%}
                select 'nothing changed'
            {%- endcall -%}
        {%- else -%}
            {%- do write_file(relation, location, rows) -%}
        {%- endif -%}
        {%- do remember_file(location) -%}
    {%- endif -%}

    {%- if existing_relation is not none and not existing_relation.is_view -%}
        {%- do adapter.drop_relation(existing_relation) -%}
    {%- endif -%}
    {%- if not flags.EMPTY or existing_relation is none -%}
        {%- call statement('view') -%}
            create or replace view {{ relation }} as
            select
            {%- for column in model.columns.values() %}
                {{ 'null' if flags.EMPTY else column.name }}::{{ column.data_type }} as {{ column.name }}
                {{- ',' if not loop.last }}
            {%- endfor %}
            {{ 'where false' if flags.EMPTY else 'from ' ~ rows_of_file(location) }}
        {%- endcall -%}
    {%- endif -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(relation, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [relation]}) }}

{% endmaterialization %}


{% macro has_file(location) -%}
    {{- return(run_query(
        "select count(*) from (" ~ files_of_model(location) ~ ")"
    ).columns[0].values()[0] > 0) -}}
{%- endmacro %}


{% macro has_rows(sql) -%}
    {{- return(run_query(
        "select count(*) from (select 1 from (" ~ sql ~ ") as rows limit 1)"
    ).columns[0].values()[0] > 0) -}}
{%- endmacro %}


{#- dbt reports the statement `main` as the one of the model. -#}
{% macro write_file(relation, location, rows) -%}
    {%- set file = local_file(location) -%}
    {%- if '/' in location and not is_in_bucket(location) -%}
        {#- Makes the folder: COPY makes one only for partitions. -#}
        {%- do run_query(
            "copy (select 1 as one, 2 as two where false) to '" ~ data_path(location.rsplit('/', 1)[0] ~ '/')
            ~ "' (format csv, partition_by one, overwrite_or_ignore true)"
        ) -%}
    {%- endif -%}
    {%- if part_bytes(location) -%}
        {%- set rows = write_parts(relation, location, rows) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        copy ({{ rows_to_copy(location, rows) }})
        to '{{ file | replace("'", "''") }}' ({{ copy_options(location) }}, use_tmp_file true)
    {%- endcall -%}
    {%- if is_in_bucket(location) -%}
        {%- do put_file(relation, file, location) -%}
    {%- endif -%}
{%- endmacro %}


{#- DuckDB forbids nulls in a Parquet column if it knows that the rows have none,
    so the schema would depend on the rows. It knows nothing of the result of
    `try`, so every column may have nulls. A page or a graph is one text, in the
    column `content`. -#}
{% macro rows_to_copy(location, rows) -%}
    {%- if location.endswith('.json') -%}
        {{ rows }}
    {%- elif location.endswith('.parquet') -%}
        select
        {%- for column in model.columns %}
            try({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
        from ({{ rows }}) as rows
    {%- else -%}
        select encode(content) as content from ({{ rows }}) as rows
    {%- endif -%}
{%- endmacro %}


{% macro copy_options(location) -%}
    {%- if location.endswith('.json') -%}
        format json, array {{ part_bytes(location) > 0 or not is_newline_delimited(location) }}
    {%- elif location.endswith('.parquet') -%}
        format parquet, compression zstd, compression_level 1, write_bloom_filter false
    {%- else -%}
        format blob
    {%- endif -%}
{%- endmacro %}


{#- SQL that reads the rows of a model's file. -#}
{% macro rows_of_file(location) -%}
    {%- if location.endswith('.json') -%}
        read_json({{ parts_listed(location) if part_bytes(location) else "'" ~ data_glob(location) ~ "'" }},
        format = '{{ 'newline_delimited' if is_newline_delimited(location) else 'array' }}', columns = {
        {%- for column in model.columns.values() -%}
            '{{ column.name }}': '{{ column.data_type }}'{{ ', ' if not loop.last }}
        {%- endfor -%}
        }, hive_partitioning = false)
    {%- elif location.endswith('.parquet') -%}
        read_parquet('{{ data_glob(location) }}', hive_partitioning = false)
    {%- else -%}
        read_text('{{ data_glob(location) }}')
    {%- endif -%}
{%- endmacro %}


{#- Where a file is written: where it belongs, or, for a bucket, beside the
    DuckDB file. -#}
{% macro local_file(location) -%}
    {{- return(
        data_root() ~ '/' ~ location if '/' in location and not is_in_bucket(location)
        else target.path ~ '.' ~ location.rsplit('/', 1)[-1]
    ) -}}
{%- endmacro %}


{#- Post-hook of a view over a model whose file stands beside the DuckDB file:
    publishes that file when all that the view waits for has passed. -#}
{% macro publish_file(file, location) -%}
    {{- adapter.dispatch('publish_file', 'drug_mentions')(file, location) -}}
{%- endmacro %}


{% macro default__publish_file(file, location) -%}
    {%- if execute and not flags.EMPTY and not is_file_current(location) -%}
        {%- do put_file(this, local_file(file), location, is_kept=true) -%}
        {%- do remember_file(location) -%}
    {%- endif -%}
{%- endmacro %}


{% macro put_file(relation, file, location, is_kept=false) -%}
    {%- do adapter.store_relation(
        'duckdb_file', relation, [], file, '',
        {'published_as': data_root() ~ '/' ~ location, 'is_kept': is_kept}
    ) -%}
{%- endmacro %}
