{#- A file is read whole, as text: DuckDB's JSON reader refuses an array with a
    comma behind its last element, its JSON functions do not. A file that
    begins with a bracket is an array, a file that is one object is one record,
    and any other has a record a line. -#}
{% macro read_json_records(source_name) -%}
    {%- do source('raw', source_name) -%}
    {%- set raw_files = ref('stg_raw_files') -%}
    {%- set columns, endings = [], [] -%}
    {%- if execute -%}
        {%- set columns = raw_source_columns(source_name) -%}
        {#- `dbt compile` may come before the first build. -#}
        {%- if not flags.EMPTY and load_relation(raw_files) is not none -%}
            {%- set endings = json_endings(source_name, raw_files) -%}
        {%- endif -%}
    {%- endif -%}
    (
        with texts as (

            {% if 'json' in endings -%}
            select
                filename as file_path,
                try(decode(content)) as content
            from read_blob(getvariable('json_files'))
            {{ 'union all' if 'gz' in endings }}
            {%- endif %}
            {% if 'gz' in endings -%}
            {#- Only the CSV reader unpacks text: line by line, put together. -#}
            select
                file_path,
                string_agg(coalesce(line, ''), e'\n' order by line_number)
                    as content
            from (
                select
                    file_path,
                    line,
                    row_number() over () as line_number
                from read_csv(
                    getvariable('gz_files'),
                    auto_detect = false,
                    header = false,
                    delim = chr(1),
                    quote = '',
                    escape = '',
                    strict_mode = false,
                    max_line_size = 1000000000,
                    columns = {'line': 'varchar'},
                    filename = 'file_path'
                )
            ) as lines
            group by file_path
            {%- endif %}
            {% if not endings -%}
            select
                null::varchar as file_path,
                null::varchar as content
            where false
            {%- endif %}

        ),

        unmarked as (

            select
                file_path,
                ltrim(content, chr(65279)) as content
            from texts

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
                        then json_extract(content, '$[*]')::varchar[]
                    when json_valid(content)
                        then [content]
                    else list_transform(
                        string_split(content, e'\n'),
                        lambda line: trim(line, e' \r\t,')
                    )
                end as records
            from unmarked

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
            where is_array or raw_text <> ''

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


{#- Which endings there are, ['json', 'gz'] at most; sets the variables
    json_files and gz_files to the files' names, escaped for the readers. -#}
{% macro json_endings(source_name, raw_files) -%}
    {%- set endings = [] -%}
    {%- for ending in ['json', 'gz'] -%}
        {%- set file_count = run_query("
            set variable " ~ ending ~ "_files = (
                select list(" ~ glob_escaped('file_path') ~ " order by file_path)
                from " ~ raw_files ~ "
                where source_name = '" ~ source_name ~ "' and ends_with(file_path, '." ~ ending ~ "')
            );
            select len(getvariable('" ~ ending ~ "_files'))
        ").columns[0].values()[0] -%}
        {%- if file_count -%}
            {%- do endings.append(ending) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(endings) -}}
{%- endmacro %}
