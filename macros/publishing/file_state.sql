{#- Whether a model's file is as its last build left it, and was made of what
    staging holds now, with the same settings. -#}
{% macro is_file_current(location) -%}
    {%- set relation = load_cached_relation(this) -%}
    {%- if should_full_refresh() or relation is none or not relation.is_view -%}
        {{- return(false) -}}
    {%- endif -%}
    {{- return(run_query("
        select count(*) > 0 and count(*) = count(found.file_path)
        from " ~ written_files() ~ " as written
        left join (" ~ files_of_model(location) ~ ") as found
            on
                written.file_path = found.file_path
                and written.size_bytes = found.size_bytes
                and written.modified_at = found.modified_at
                and written.version is not distinct from found.version
                and written.made_of = " ~ made_of() ~ "
        where written.model = '" ~ this.identifier ~ "'
    ").columns[0].values()[0]) -}}
{%- endmacro %}


{% macro remember_file(location) -%}
    {%- do run_query("
        delete from " ~ written_files() ~ " where model = '" ~ this.identifier ~ "';
        insert into " ~ written_files() ~ "
        select
            '" ~ this.identifier ~ "' as model,
            file_path,
            size_bytes,
            modified_at,
            version,
            " ~ made_of() ~ " as made_of
        from (" ~ files_of_model(location) ~ ") as files
    ") -%}
{%- endmacro %}


{#- The plugin duckdb_file creates this table. -#}
{% macro written_files() -%}
    {{- return(api.Relation.create(
        database=this.database, schema=this.schema, identifier='written_files'
    )) -}}
{%- endmacro %}


{#- SQL for what a model's file is made of: the raw files in staging, what --vars
    says and, for the page, its template. Every model with a file depends on
    int_staged_files. A build of a pull request may not have that model; then its
    files are always written. -#}
{% macro made_of() -%}
    {%- set staged_files = load_cached_relation(api.Relation.create(
        database=this.database, schema=this.schema, identifier='int_staged_files'
    )) -%}
    {%- if staged_files is none -%}
        '{{ invocation_id }}'
    {%- else -%}
        (
            select concat(
                md5(string_agg(raw_file_version, ' ' order by raw_file_version)),
                ' {{ local_md5(tojson(invocation_args_dict.vars or {}, sort_keys=true)) }}'
                {%- if ['seeds', 'page_template'] in model.sources -%}
                , ' ', (select bit_xor(hash(template)) from {{ source('seeds', 'page_template') }} as template)
                {%- endif %}
            )
            from {{ staged_files }}
        )
    {%- endif -%}
{%- endmacro %}


{#- SQL that lists the files at a model's location and, if it is written in
    parts, in the folders of its parts. -#}
{% macro files_of_model(location) -%}
    {%- set places = [location] -%}
    {%- if part_bytes(location) -%}
        {%- for number in ['_1', '_2'] -%}
            {%- do places.append(location.rsplit('.', 1)[0] ~ number ~ '/') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for place in places %}
        {{- ' union all ' if not loop.first }}
        {% if is_in_bucket(place) -%}
        select * from read_json(
            'listing://{{ data_path(place) }}',
            format = 'newline_delimited',
            columns = {
                'file_path': 'varchar',
                'size_bytes': 'bigint',
                'modified_at': 'timestamptz',
                'version': 'varchar'
            }
        )
        {%- else -%}
        select
            filename as file_path,
            size as size_bytes,
            last_modified as modified_at,
            null as version
        from read_blob('{{ data_glob(place) }}{{ '*' if place.endswith('/') }}')
        {%- endif -%}
    {%- endfor %}
{%- endmacro %}
