{#- Raw files on Spark. A table and no view, since a view's path would be taken
    for a pattern; names of folders, such as `year=2020`, are no columns. -#}
{% macro make_raw_texts() -%}
    {%- for name, column, is_whole in [('raw_lines', 'line', 'false'), ('raw_texts', 'content', 'true')] -%}
        {%- do run_query("drop table if exists " ~ spark_relation(name)) -%}
        {%- do run_query(
            "create table " ~ spark_relation(name) ~ " (" ~ column ~ " string) using text "
            ~ "options (recursiveFileLookup 'true', wholetext '" ~ is_whole ~ "') location '" ~ data_path('raw') ~ "'"
        ) -%}
    {%- endfor -%}
{%- endmacro %}


{% macro spark_relation(name) -%}
    {{- return(api.Relation.create(schema=target.schema, identifier=name)) -}}
{%- endmacro %}


{#- The lines of these files, in order, or with 'raw_texts' their whole text,
    gunzipped when their names end in .gz. Spark opens no other file. -#}
{% macro raw_text_of(raw_files, table='raw_lines') -%}
    {%- set names = [] -%}
    {%- for raw_file in raw_files -%}
        {%- do names.append("'" ~ dbt.escape_single_quotes(raw_file) ~ "'") -%}
    {%- endfor -%}
    {%- set root = 'file:' ~ data_root() -%}
    (
        select
            substring(url_decode(replace(_metadata.file_path, '+', '%2B')), {{ root | length + 2 }}) as raw_file,
            {{ 'line' if table == 'raw_lines' else 'content' }}
        from {{ spark_relation(table) }}
        where
            substring(url_decode(replace(_metadata.file_path, '+', '%2B')), {{ root | length + 2 }})
            in ({{ names | join(', ') or 'null' }})
    )
{%- endmacro %}


{#- The files of a source; `dbt compile` may come before the first build. -#}
{% macro raw_files_of(source_name) -%}
    {%- if not execute or flags.EMPTY or load_relation(ref('stg_raw_files')) is none -%}
        {{- return([]) -}}
    {%- endif -%}
    {{- return(run_query(raw_files_to_read(source_name)).columns['raw_file'].values() | list) -}}
{%- endmacro %}
