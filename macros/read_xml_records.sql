{#- DuckDB can't read XML: a plugin unpacks the files to lines of JSON first, in
    a folder beside the DuckDB file that goes when they have been read. -#}
{% macro read_xml_records(source_name) -%}
    {%- do ref('stg_raw_files') -%}
    {{- adapter.dispatch('read_xml_records', 'drug_mentions')(source_name) -}}
{%- endmacro %}


{% macro duckdb__read_xml_records(source_name) -%}
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
        {{ no_xml_records() }}
    {%- endif %}
    )
{%- endmacro %}


{% macro no_xml_records() -%}
        select
            cast(null as string) as raw_file,
            cast(null as string) as pmid,
            cast(null as string) as title,
            cast(null as string) as journal,
            cast(null as string) as date
        where false
{%- endmacro %}


{#- By the same Python, in Spark's tasks, see pyspark_pubmed_xml.py. -#}
{% macro spark__read_xml_records(source_name) -%}
    {%- set files = raw_files_of(source_name) -%}
    (
    {%- if files %}
        {%- do run_query(
            "create or replace temporary view xml_articles using pubmed_xml options (root '"
            ~ dbt.escape_single_quotes(data_root()) ~ "', files '" ~ dbt.escape_single_quotes(tojson(files)) ~ "')"
        ) %}
        select * from xml_articles
    {%- else %}
        {{ no_xml_records() }}
    {%- endif %}
    )
{%- endmacro %}


{#- BigQuery can't read XML either: the table is over lines of JSON that hold
    these texts. -#}
{% macro bigquery__read_xml_records(source_name) -%}
    {{- records_of_table(source_name, ['pmid', 'title', 'journal', 'date']) -}}
{%- endmacro %}


{% macro unpacked_folder() -%}
    {{- target.path ~ '.unpacked' -}}
{%- endmacro %}


{#- Post-hook of the model that has read them. -#}
{% macro remove_unpacked_files() -%}
    {%- if execute and keeps_state() -%}
        {%- do adapter.store_relation(
            'pubmed_xml', this, [], unpacked_folder(), 'json', {'files': []}
        ) -%}
    {%- endif -%}
{%- endmacro %}
