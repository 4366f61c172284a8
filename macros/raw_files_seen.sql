{#- A build reads only raw files that are new or have changed since the last.
    Which version of which file a model holds stands in the table
    raw_files_seen, written in the transaction that writes the model. A model's
    rows of any other file, or version, are taken out before it reads on: so
    whatever happened to the table, nothing is missing and nothing is twice. -#}
{% macro raw_files_seen() -%}
    {{- return(api.Relation.create(
        database=this.database, schema=this.schema, identifier='raw_files_seen'
    )) -}}
{%- endmacro %}


{#- Where a file stands that a model has written: to know whether it is still
    the one that raw_files_seen speaks of. -#}
{% macro written_files() -%}
    {{- return(api.Relation.create(
        database=this.database, schema=this.schema, identifier='written_files'
    )) -}}
{%- endmacro %}


{% macro make_state_tables() -%}
    {%- if keeps_state() -%}
    create table if not exists {{ raw_files_seen() }} (
        model varchar, raw_file varchar, raw_file_version ubigint,
        seen_version ubigint
    );
    create table if not exists {{ written_files() }} (
        model varchar, location varchar, size_bytes bigint,
        modified_at timestamptz, version varchar, written_as varchar
    );
    create or replace table {{ build_changes() }} (
        counted varchar, total bigint, added bigint, corrected bigint,
        removed bigint
    )
    {%- endif -%}
{%- endmacro %}


{#- Not by ref(): every model descends from stg_raw_files, few read it. -#}
{% macro raw_files_listed() -%}
    {{- return(api.Relation.create(
        database=this.database, schema=this.schema, identifier='stg_raw_files'
    )) -}}
{%- endmacro %}


{#- A model that reads raw files is made of those of its source, as listed. Any
    other is made of what the models that it reads hold: that may be less than
    what is listed, when they were not built since. -#}
{% macro raw_files_now(source_name=none, also_made_of='0') -%}
    (
    {%- if source_name is not none %}
        select
            *,
            raw_file_version as seen_version
        from {{ raw_files_listed() }}
        where source_name = '{{ source_name }}'
    {%- else %}
        select
            raw_file,
            max(raw_file_version) as raw_file_version,
            hash(list(seen_version order by model), {{ also_made_of }})
                as seen_version
        from {{ raw_files_seen() }}
        where model in ('{{ models_read() | join("', '") }}')
        group by raw_file
    {%- endif %}
    )
{%- endmacro %}


{#- The models that this one reads, views replaced by those that they read. -#}
{% macro models_read() -%}
    {%- set names, readers = [], [model.unique_id] -%}
    {%- for reader in readers -%}
        {%- for parent in graph.nodes[reader].depends_on.nodes if parent in graph.nodes -%}
            {%- if graph.nodes[parent].config.materialized == 'view' -%}
                {%- do readers.append(parent) -%}
            {%- else -%}
                {%- do names.append(graph.nodes[parent].name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(names) -}}
{%- endmacro %}


{#- `also_made_of` is what else a model's rows depend on: when it changes,
    every file is as good as new. -#}
{% macro raw_files_to_read(source_name=none, also_made_of='0') -%}
    select raw_files.*
    from {{ raw_files_now(source_name, also_made_of) }} as raw_files
    {%- if holds_raw_records() or is_file_as_written() %}
    anti join {{ raw_files_seen() }} as seen
        on
            raw_files.raw_file = seen.raw_file
            and raw_files.seen_version = seen.seen_version
            and seen.model = '{{ this.identifier }}'
    {%- endif -%}
{%- endmacro %}


{% macro raw_files_up_to_date(source_name=none, also_made_of='0') -%}
    select raw_files.raw_file
    from {{ raw_files_now(source_name, also_made_of) }} as raw_files
    semi join {{ raw_files_seen() }} as seen
        on
            raw_files.raw_file = seen.raw_file
            and raw_files.seen_version = seen.seen_version
            and seen.model = '{{ this.identifier }}'
{%- endmacro %}


{#- Whether a table of records stands there, to be added to. -#}
{% macro holds_raw_records() -%}
    {%- set is_held = false -%}
    {%- if execute and keeps_state() and config.get('materialized') == 'raw_records' and not should_full_refresh() -%}
        {%- set relation = load_cached_relation(this) -%}
        {%- set is_held = relation is not none and relation.is_table -%}
    {%- endif -%}
    {{- return(is_held) -}}
{%- endmacro %}


{#- Rows are looked at too: what is known of files may be lost or too old. The
    model's query asks first, and its materialization then need not. -#}
{% macro has_raw_files_changed(source_name=none, also_made_of='0') -%}
    {%- set known = known_in_this_run() -%}
    {%- set question = this.identifier ~ ' changed' -%}
    {%- if question not in known -%}
        {%- do known.update({question: run_query("
            select
                exists (from (" ~ raw_files_to_read(source_name, also_made_of) ~ ") as unread)
                or exists (
                    from " ~ this ~ "
                    where raw_file not in (" ~ raw_files_up_to_date(source_name, also_made_of) ~ ")
                )
        ").columns[0].values()[0]}) -%}
    {%- endif -%}
    {{- return(known[question]) -}}
{%- endmacro %}


{#- What need not be asked again. One process may run several builds, and dbt
    keeps `graph` for all of them. -#}
{% macro known_in_this_run() -%}
    {{- return(graph.setdefault('known in ' ~ invocation_id, {})) -}}
{%- endmacro %}


{#- `dbt compile` may come before the first build. -#}
{% macro has_files_to_read(source_name) -%}
    {{- return(
        execute
        and not flags.EMPTY
        and load_relation(ref('stg_raw_files')) is not none
        and (not holds_raw_records() or has_raw_files_changed(source_name))
    ) -}}
{%- endmacro %}


{#- Post-hook: the model holds every file that it is made of. Of a build without
    rows nothing is known. -#}
{% macro remember_files(source_name=none, also_made_of='0') -%}
    {%- if execute and keeps_state() -%}
        delete from {{ raw_files_seen() }}
        where model = '{{ this.identifier }}';
        insert into {{ raw_files_seen() }}
        select
            '{{ this.identifier }}' as model,
            raw_file,
            raw_file_version,
            seen_version
        from {{ raw_files_now(source_name, also_made_of) }}
        {{- ' limit 0' if flags.EMPTY }}
    {%- endif -%}
{%- endmacro %}


{#- Whether a model's file is the very one that its last build has written: as
    it was when the model's query first asked. -#}
{% macro is_file_as_written() -%}
    {%- if not is_building() or not is_file_model() -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- set known = known_in_this_run() -%}
    {%- set question = this.identifier ~ ' as written' -%}
    {%- if question not in known -%}
        {%- do known.update({question: is_file_found_as_written()}) -%}
    {%- endif -%}
    {{- return(known[question]) -}}
{%- endmacro %}


{#- In a unit test the model is none. -#}
{% macro is_file_model() -%}
    {{- return(config.get('materialized') == 'file') -}}
{%- endmacro %}


{% macro is_file_found_as_written() -%}
    {%- set is_as_written = false -%}
    {%- if keeps_state() and not flags.EMPTY and not should_full_refresh() -%}
        {%- set relation = load_relation(this) -%}
        {%- if relation is not none and relation.is_view and load_relation(written_files()) is not none -%}
            {%- set is_as_written = run_query("
                select count(*) > 0 and count(*) = count(found.file_path)
                from " ~ written_files() ~ " as written
                left join (" ~ files_of_model() ~ ") as found
                    on
                        written.location = found.file_path
                        and written.size_bytes = found.size_bytes
                        and written.modified_at = found.modified_at
                        and written.version is not distinct from found.version
                        and written.written_as = found.written_as
                where written.model = '" ~ this.identifier ~ "'
            ").columns[0].values()[0] -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(is_as_written) -}}
{%- endmacro %}


{#- What stands where a model's file belongs, and in its parts' folders if it is
    written in parts. -#}
{% macro files_of_model() -%}
    {%- set location = config.require('location') -%}
    {%- set part_bytes = part_bytes(location) -%}
    {%- set places = [location] -%}
    {%- if part_bytes -%}
        {%- for number in ['_1', '_2'] -%}
            {%- do places.append(location.rsplit('.', 1)[0] ~ number ~ '/**/*') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for place in places %}
        {{- ' union all ' if not loop.first }}
        select
            *,
            '{{ part_bytes }} {{ is_newline_delimited(location) }}' as written_as
        from {{ data_files(place) }}
    {%- endfor %}
{%- endmacro %}


{% macro remember_written_files() -%}
    delete from {{ written_files() }} where model = '{{ this.identifier }}';
    insert into {{ written_files() }}
    select
        '{{ this.identifier }}',
        file_path,
        size_bytes,
        modified_at,
        version,
        written_as
    from ({{ files_of_model() }}) as files
{%- endmacro %}


{% macro is_file_up_to_date() -%}
    {%- set is_up_to_date = false -%}
    {%- if is_file_as_written() -%}
        {%- set is_up_to_date = run_query("
            select
                not exists (from (" ~ raw_files_to_read() ~ ") as unread)
                and (select count(*) from (" ~ raw_files_up_to_date() ~ ") as known)
                = (select count(*) from " ~ raw_files_seen() ~ " where model = '" ~ this.identifier ~ "')
        ").columns[0].values()[0] -%}
    {%- endif -%}
    {{- return(is_up_to_date) -}}
{%- endmacro %}
