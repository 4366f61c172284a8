{#- The first lines of raw files that may be exports and are new, without a byte
    order mark: they tell what a file is. What the last build has recognised is
    not read again.

    Of small files, which may be many, all are read at once; of others the CSV
    reader takes the first lines only. Where the first line is too long or no
    text, the start is null. -#}
{% macro raw_file_starts() -%}
    {{- adapter.dispatch('raw_file_starts', 'drug_mentions')() -}}
{%- endmacro %}


{% macro duckdb__raw_file_starts() -%}
    {%- set line_count = 12 -%}
    {%- set start_bytes = 4000 -%}
    {#- A character of up to four bytes may be cut in two. -#}
    {%- set cuts = [] -%}
    {%- for cut in range(4) -%}
        {%- do cuts.append("try(decode(content[:" ~ (start_bytes - cut) ~ "]))") -%}
    {%- endfor -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry'] -%}
        {%- set counts = run_query("
            drop table if exists line_errors;
            drop table if exists line_scans;
            create or replace temp table raw_file_starts (file_path varchar, start varchar);
            create or replace temp table files_unknown as
            select
                file_path,
                " ~ glob_escaped('file_path') ~ " as pattern,
                size_bytes < 1000000 and not ends_with(file_path, '.gz') as is_small,
                row_number() over (order by file_path) as file_number
            from " ~ raw_files_found() ~ "
            where
                " ~ may_be_export() ~ "
                and " ~ raw_file_version() ~ " not in (
                    select raw_file_version from (" ~ known_raw_files() ~ ") as known_files
                );
            set variable files_small = (select list(pattern) from files_unknown where is_small);
            set variable files_large = (
                select list(pattern order by file_number) from files_unknown where not is_small
            );
            select
                coalesce(len(getvariable('files_small')), 0) as small_files,
                coalesce(len(getvariable('files_large')), 0) as large_files
        ").rows[0] -%}
        {%- do run_in_batches('files_small', counts[0] | int, "
            insert into raw_file_starts
            select
                filename,
                ltrim(coalesce(" ~ cuts | join(', ') ~ "), chr(65279))
            from read_blob(<files>)
        ") -%}
        {%- for numbers in range(1, (counts[1] | int) + 1) | batch(100) -%}
            {%- set starts = [] -%}
            {%- for number in numbers -%}
                {%- do starts.append("
                    select file_path, ltrim(string_agg(left(line, " ~ start_bytes ~ "), chr(10)), chr(65279))
                    from (
                        select file_path, line
                        from " ~ read_lines("getvariable('files_large')[" ~ number ~ "]", store_rejects=true) ~ "
                        limit " ~ line_count ~ "
                    ) as lines
                    group by file_path
                ") -%}
            {%- endfor -%}
            {%- do run_query("insert into raw_file_starts " ~ starts | join(' union all ')) -%}
        {%- endfor -%}
        {%- if counts[1] -%}
            {%- do run_query("
                insert into raw_file_starts by name
                select file_path from files_unknown
                where file_path not in (select file_path from raw_file_starts)
            ") -%}
        {%- endif -%}
    select * from raw_file_starts
    {%- else -%}
    select
        null::varchar as file_path,
        null::varchar as start
    where false
    {%- endif -%}
{%- endmacro %}


{#- Spark lists the files with what they begin with. -#}
{% macro spark__raw_file_starts() -%}
    select
        file_path,
        start
    from {{ raw_files_found() }} as files
    where {{ may_be_export() }}
{%- endmacro %}


{#- On BigQuery a file is what the table is that it is read through. -#}
{% macro bigquery__raw_file_starts() -%}
    select
        cast(null as string) as file_path,
        cast(null as string) as start
    limit 0
{%- endmacro %}


{#- A condition on the name of a file: some kinds are told by name alone. -#}
{% macro may_be_export() -%}
    exists (
        select 1
        from ({{ raw_file_kinds() }}) as kinds
        where
            kinds.is_export
            and (
                {{ has_name('file_name', 'kinds.file_pattern') }}
                or {{ has_name('file_name', 'kinds.other_pattern') }}
            )
    )
    and not exists (
        select 1
        from ({{ raw_file_kinds() }}) as kinds
        where
            not kinds.is_export
            and kinds.source_name in ('drugs', 'drug_synonyms', 'pubmed_json')
            and {{ has_name('file_name', 'kinds.file_pattern') }}
    )
{%- endmacro %}


{#- Whether a file begins as an export of that kind does. -#}
{% macro begins_as(start, pattern) -%}
    {{- adapter.dispatch('begins_as', 'drug_mentions')(start, pattern) -}}
{%- endmacro %}


{% macro duckdb__begins_as(start, pattern) -%}
    regexp_matches({{ start }}, {{ pattern }})
{%- endmacro %}


{% macro spark__begins_as(start, pattern) -%}
    regexp_like({{ start }}, {{ pattern }})
{%- endmacro %}


{% macro bigquery__begins_as(start, pattern) -%}
    regexp_contains({{ start }}, {{ pattern }})
{%- endmacro %}


{#- What the last build has recognised. -#}
{% macro known_raw_files() -%}
    {{- adapter.dispatch('known_raw_files', 'drug_mentions')() -}}
{%- endmacro %}


{% macro default__known_raw_files() -%}
    {%- set raw_files = load_relation(this) if execute else none %}
    select
        raw_file_version,
        source_name
    from
    {%- if keeps_state() and raw_files is not none and raw_files.is_table %}
        {{ this }}
    where source_name is not null
    {%- else %}
        (select cast(null as bigint) as raw_file_version, cast(null as string) as source_name)
    where false
    {%- endif %}
{%- endmacro %}


{% macro bigquery__known_raw_files() -%}
    select
        {{ raw_file_version() }} as raw_file_version,
        source_name
    from {{ raw_files_found() }}
{%- endmacro %}


{#- Whether a file's name meets a pattern, be it gzipped or not. -#}
{% macro has_name(file_name, pattern) -%}
    {{- adapter.dispatch('has_name', 'drug_mentions')(file_name, pattern) -}}
{%- endmacro %}


{% macro duckdb__has_name(file_name, pattern) -%}
    ({{ file_name }} glob {{ pattern }} or {{ file_name }} glob {{ pattern }} || '.gz')
{%- endmacro %}


{% macro spark__has_name(file_name, pattern) -%}
    regexp_like(
        {{ file_name }},
        '(?s)^' || replace(replace({{ pattern }}, '.', '[.]'), '*', '.*') || '([.]gz)?$'
    )
{%- endmacro %}


{% macro bigquery__has_name(file_name, pattern) -%}
    regexp_contains(
        {{ file_name }},
        '(?s)^' || replace(replace({{ pattern }}, '.', '[.]'), '*', '.*') || '([.]gz)?$'
    )
{%- endmacro %}


{% macro raw_file_version() -%}
    {{- adapter.dispatch('raw_file_version', 'drug_mentions')() -}}
{%- endmacro %}


{% macro duckdb__raw_file_version() -%}
    hash(file_path, size_bytes, modified_at, version)
{%- endmacro %}


{% macro spark__raw_file_version() -%}
    xxhash64(file_path, size_bytes, modified_at)
{%- endmacro %}


{% macro bigquery__raw_file_version() -%}
    farm_fingerprint(source_name || ' ' || file_path)
{%- endmacro %}
