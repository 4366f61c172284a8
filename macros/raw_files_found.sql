{#- What stands below raw/, in whatever folders. What is hidden, or stands in a
    hidden folder, is nobody's export. -#}
{% macro raw_files_found() -%}
    {{- adapter.dispatch('raw_files_found', 'drug_mentions')() -}}
{%- endmacro %}


{% macro duckdb__raw_files_found() -%}
    (
        select
            *,
            {{ raw_file_name('file_path') }} as raw_file,
            parse_filename(file_path) as file_name
        from {{ 'files_found' if is_building() else data_files('raw/**/*') }}
        where not contains(raw_file, '/.')
    )
{%- endmacro %}


{% macro spark__raw_files_found() -%}
    (
        select
            *,
            {{ raw_file_name('file_path') }} as raw_file,
            split_part(file_path, '/', -1) as file_name
        from files_found
        where not contains({{ raw_file_name('file_path') }}, '/.')
    )
{%- endmacro %}


{#- The files that the tables of all sources have rows of. Nothing tells their
    size, nor when they changed. -#}
{% macro bigquery__raw_files_found() -%}
    (
        select
            source_name,
            file_path,
            {{ raw_file_name('file_path') }} as raw_file,
            regexp_extract(file_path, '[^/]*$') as file_name,
            cast(null as int64) as size_bytes,
            cast(null as timestamp) as modified_at
        from (
        {%- for raw_source in (graph.sources.values() if execute else []) | sort(attribute='name') %}
            select
                '{{ raw_source.name }}' as source_name,
                _file_name as file_path
            from {{ raw_table(raw_source.name) }}
            group by file_path
            {{- '\n            union all' if not loop.last }}
        {%- endfor %}
        ) as files
    )
{%- endmacro %}


{#- A source on BigQuery: a table over its files, of columns of text, that has
    the source's name. On other engines its identifier is what the files are
    called. -#}
{% macro raw_table(source_name) -%}
    {%- for raw_source in (graph.sources.values() if execute else []) if raw_source.name == source_name -%}
        {{- api.Relation.create(
            database=raw_source.database, schema=raw_source.schema, identifier=source_name
        ) -}}
    {%- endfor -%}
{%- endmacro %}


{% macro records_of_table(source_name, columns) -%}
    (
        select
            {{ raw_file_name('_file_name') }} as raw_file
        {%- for column in columns %},
            {{ column_identifier(column) }}
        {%- endfor %}
        from {{ raw_table(source_name) }}
    )
{%- endmacro %}


{#- Lists them, once in a build. -#}
{% macro find_raw_files() -%}
    {{- adapter.dispatch('find_raw_files', 'drug_mentions')() -}}
{%- endmacro %}


{#- By a plugin, see pyspark_raw_files.py. -#}
{% macro spark__find_raw_files() -%}
    {%- if execute -%}
        {%- do run_query(
            "create or replace temporary view files_there using raw_files options (path '" ~ data_path('raw') ~ "')"
        ) -%}
        {%- do run_query("drop view if exists files_found") -%}
        {%- do run_query("cache table files_found as select * from files_there") -%}
        {%- do make_raw_texts() -%}
    {%- endif -%}
{%- endmacro %}


{% macro bigquery__find_raw_files() -%}
{%- endmacro %}


{% macro duckdb__find_raw_files() -%}
    {%- if is_building() -%}
        {%- set made = "
            create or replace temp table files_found (
                file_path varchar, size_bytes bigint, modified_at timestamptz, version varchar
            );
        " -%}
        {%- if is_object_store() -%}
            {%- do run_query(made ~ "insert into files_found from " ~ data_files('raw/**/*')) -%}
        {%- else -%}
            {%- set file_count = run_query(made ~ "
                set variable paths_found = (
                    select list(" ~ glob_escaped('file') ~ ") from glob('" ~ data_glob('raw/**/*') ~ "')
                );
                select len(getvariable('paths_found'))
            ").columns[0].values()[0] -%}
            {%- do run_in_batches('paths_found', file_count | default(0, true) | int, "
                insert into files_found
                select filename, size, last_modified, null from read_blob(<files>, allow_empty = true)
            ") -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{% macro is_building() -%}
    {{- return(execute and flags.WHICH in ['build', 'run', 'retry']) -}}
{%- endmacro %}
