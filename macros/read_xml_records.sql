{#- DuckDB can't read XML: a plugin unpacks the files to lines of JSON first, in
    a folder beside the DuckDB file that goes when they have been read. -#}
{% macro read_xml_records(source_name) -%}
    {%- set files = raw_files_in_variable(source_name, 'xml_files') -%}
    (
    {%- if files %}
        {%- do run_query("set variable xml_paths = (select list(file_path order by file_path) from files_unread)") %}
        {%- do adapter.store_relation(
            'pubmed_xml', this, [], unpacked_folder(), 'json',
            {'files': files | map(attribute=0) | list}
        ) %}
        select
            {{ raw_file_name("getvariable('xml_paths')[file]") }} as raw_file,
            pmid,
            title,
            journal,
            date
        from read_json(
            '{{ unpacked_folder() | replace("'", "''") | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') }}/*.json',
            format = 'newline_delimited',
            hive_partitioning = false,
            columns = {
                'file': 'bigint', 'pmid': 'varchar', 'title': 'varchar',
                'journal': 'varchar', 'date': 'varchar'
            }
        )
    {%- else %}
        select
            null::varchar as raw_file,
            null::varchar as pmid,
            null::varchar as title,
            null::varchar as journal,
            null::varchar as date
        where false
    {%- endif %}
    )
{%- endmacro %}


{% macro unpacked_folder() -%}
    {{- target.path ~ '.unpacked' -}}
{%- endmacro %}


{#- Post-hook of the model that has read them. -#}
{% macro remove_unpacked_files() -%}
    {%- if execute -%}
        {%- do adapter.store_relation(
            'pubmed_xml', this, [], unpacked_folder(), 'json', {'files': []}
        ) -%}
    {%- endif -%}
{%- endmacro %}
