{#- A file is read whole, as text: DuckDB's JSON reader refuses an array with a
    comma behind its last element, its JSON functions do not. A file that
    begins with a bracket is an array, a file that is one object is one record,
    and any other has a record a line. -#}
{% macro read_json_records(source_name) -%}
    {%- do source('raw', source_name) -%}
    {%- set raw_files = ref('stg_raw_files') -%}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- set columns = raw_source_columns(source_name) -%}
        {#- `dbt compile` may come before the first build. -#}
        {%- if load_relation(raw_files) is not none -%}
            {%- do run_query(
                "set variable json_files = (
                    select coalesce(list(file_path order by file_path), [])
                    from " ~ raw_files ~ "
                    where source_name = '" ~ source_name ~ "'
                )"
            ) -%}
        {%- endif -%}
    {%- endif -%}
    (
        with texts as (

            select
                filename as file_path,
                ltrim(try(decode(content)), chr(65279)) as content
            from read_blob(getvariable('json_files'))
            {{ 'where false' if flags.EMPTY }}

        ),

        checked as (

            select
                file_path,
                regexp_matches(content, '^\s*\[') as is_array,
                case
                    when content is null
                        then error(
                            file_path || ': not UTF-8 text. It was saved in '
                            || 'another encoding, or is damaged: save it as '
                            || 'UTF-8.'
                        )
                    when trim(content, e' \n\r\t') = ''
                        then error(
                            file_path || ': the file is empty. If there is '
                            || 'nothing to read, let it hold [] and no more.'
                        )
                    when is_array and not json_valid(content)
                        then error(
                            file_path || ': not valid JSON, so none of it can '
                            || 'be read. Is it cut off, or a quote or bracket '
                            || 'missing? Export it again, or write one object '
                            || 'a line: then only a broken line is lost.'
                        )
                    when is_array
                        then from_json(content, '["varchar"]')
                    when json_valid(content)
                        then [content]
                    else list_transform(
                        string_split(content, e'\n'),
                        lambda line: trim(line, e' \r\t,')
                    )
                end as records
            from texts

        ),

        complete as (

            select
                *,
                list_filter(
                    {{ columns }},
                    lambda name: not list_bool_or(
                        list_transform(
                            records,
                            lambda record: case
                                when json_valid(record)
                                    then json_exists(record, '$.' || name)
                                else false
                            end
                        )
                    )
                ) as missing
            from checked

        ),

        positioned as (

            select
                file_path,
                is_array,
                case
                    when len(missing) > 0
                        then error(
                            file_path || ': no record has the key '
                            || array_to_string(missing, ', ')
                            || '. The records must be objects with the keys '
                            || '{{ columns | join(", ") }}.'
                        )
                    else unnest(records)
                end as raw_text,
                generate_subscripts(records, 1) as place
            from complete

        ),

        parsed as (

            select
                'raw/' || parse_filename(file_path) as raw_file,
                case when is_array then place end as record_number,
                case when not is_array then place end as line_number,
                raw_text,
                case
                    when not json_valid(raw_text) then 'unparseable_row'
                    when json_type(raw_text) <> 'OBJECT' then 'not_an_object'
                end as reader_defect,
                case when reader_defect is null then raw_text end as record
            from positioned
            where raw_text is null or raw_text <> ''

        )

        select
            raw_file,
            record_number,
            line_number,
            reader_defect,
            raw_text
        {%- for column in columns %},
            record ->> '$.{{ column }}' as {{ column }}
        {%- endfor %}
        from parsed
    )
{%- endmacro %}
