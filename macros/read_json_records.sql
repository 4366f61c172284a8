{#- A file of some size streams through DuckDB's JSON reader when it is an
    array, and line by line when it is not. That reader refuses a comma behind
    an array's last element, DuckDB's JSON functions do not: so a file with such
    a comma is taken whole, as text, and so is every small file, of which then
    the place of each record is known. -#}
{% macro read_json_records(source_name) -%}
    {%- do source('raw', source_name) -%}
    {%- do ref('stg_raw_files') -%}
    {{- adapter.dispatch('read_json_records', 'drug_mentions')(source_name) -}}
{%- endmacro %}


{% macro duckdb__read_json_records(source_name) -%}
    {%- set columns = raw_source_columns(source_name) if execute else [] -%}
    {%- set readers = json_readers(source_name, columns) if has_files_to_read(source_name) else [] -%}
    (
        with texts as (

            {% for reader in readers if reader in ['text', 'text_gz'] -%}
            {{- 'union all' if not loop.first }}
            {% if reader == 'text' -%}
            select
                filename as file_path,
                try(decode(content)) as content
            from {{ "json_texts" if "many_texts" in readers else "read_blob(getvariable('json_text'))" }}
            {%- else -%}
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
                from {{ read_lines("getvariable('json_text_gz')", max_line_size=128000000) }}
            ) as lines
            group by file_path
            {%- endif %}
            {% else -%}
            select
                null::varchar as file_path,
                null::varchar as content
            where false
            {%- endfor %}

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

        united as (

            select
                file_path,
                case when is_array then place end as record_number,
                case when not is_array then place end as line_number,
                raw_text
            from positioned
            {% if 'array' in readers %}
            union all

            select
                file_path,
                null as record_number,
                null as line_number,
                json::varchar as raw_text
            from read_json_objects(
                getvariable('json_array'),
                format = 'array',
                filename = 'file_path',
                hive_partitioning = false
            )
            {% endif %}
            {%- if 'lines' in readers %}
            union all

            select
                file_path,
                null as record_number,
                null as line_number,
                {#- Looking for something to trim costs a tenth of trimming. -#}
                case
                    when regexp_matches(line, '^[ \r\t,]|[ \r\t,]$')
                        then trim(line, e' \r\t,')
                    else line
                end as raw_text
            from {{ read_lines("getvariable('json_lines')", max_line_size=16000000) }}
            {% endif %}
        ),

        parsed as (

            select
                *,
                try(
                    json_transform(
                        raw_text,
                        '{
        {%- for column in columns -%}
            "{{ column }}":"VARCHAR"{{ ',' if not loop.last }}
        {%- endfor -%}
                        }'
                    )
                ) as record
            from united
            where raw_text <> '' or record_number is not null

        )

        select
            {{ raw_file_name('file_path') }} as raw_file,
            record_number,
            line_number,
            case
                when record is null and trim(raw_text, e' \n\r\t') <> 'null'
                    then 'unparseable_row'
                when not regexp_matches(raw_text, '^\s*\{')
                    then 'not_an_object'
            end as reader_defect,
            raw_text
        {%- for column in columns %},
            record.{{ column }}
        {%- endfor %}
        from parsed
    )
{%- endmacro %}


{#- Decides how each file is read, sets the variables json_text, json_text_gz,
    json_array and json_lines to the files' names, escaped for the readers, and
    returns those that have a file. -#}
{% macro json_readers(source_name, columns) -%}
    {%- set small_bytes = 1000000 -%}
    {%- do run_query("
        create or replace temp table json_files as
        select
            file_path,
            " ~ glob_escaped('file_path') ~ " as pattern,
            ends_with(file_path, '.gz') as is_gz,
            size_bytes > " ~ small_bytes ~ " as is_large
        from (" ~ raw_files_to_read(source_name) ~ ") as files;
        set variable json_large = (select list(pattern) from json_files where is_large);
        create or replace temp table json_scans (
            file_path varchar, is_array boolean, has_extra_comma boolean, missing varchar[]
        )
    ") -%}
    {%- if run_query("select count(*) from json_files where is_large").columns[0].values()[0] -%}
        {#- A file may be one line, too long to be looked at here: it is an array
            then, and what is wrong with it the JSON reader tells. -#}
        {%- do run_query("
            drop table if exists line_errors;
            drop table if exists line_scans;
            insert into json_scans
            select
                file_path,
                regexp_matches(ltrim(arg_min(line, line_number), chr(65279)), '^\\s*\\['),
                bool_or(
                    regexp_matches(line, ',\\s*[\\]}]')
                    or regexp_matches(line, '^\\s*[\\]}]') and regexp_matches(line_before, ',\\s*$')
                ),
                list_filter(
                    " ~ columns ~ ",
                    lambda name, place: not [" ~ key_checks(columns) | join(', ') ~ "][place]
                )
            from (
                select
                    file_path,
                    line,
                    row_number() over () as line_number,
                    lag(line) over () as line_before
                from " ~ read_lines("getvariable('json_large')", store_rejects=true) ~ "
                where regexp_matches(line, '[^ \\r\\t]')
            ) as lines
            group by file_path
        ") -%}
        {%- set incomplete = run_query("
            select file_path || ': no record has the key ' || array_to_string(missing, ', ')
            from json_scans
            where len(missing) > 0
            order by file_path
            limit 10
        ").columns[0].values() -%}
        {%- do stop_at_missing_keys(incomplete, columns) -%}
    {%- endif -%}
    {%- set readers = [] -%}
    {%- for reader, condition in {
        'text': "not is_gz and (not is_large or has_extra_comma)",
        'text_gz': "is_gz and (not is_large or has_extra_comma)",
        'array': "is_large and coalesce(is_array, true) and not coalesce(has_extra_comma, false)",
        'lines': "is_large and not coalesce(is_array, true) and not coalesce(has_extra_comma, false)"
    }.items() -%}
        {%- set file_count = run_query("
            set variable json_" ~ reader ~ " = (
                select list(pattern order by file_path)
                from json_files
                left join json_scans using (file_path)
                where " ~ condition ~ "
            );
            select len(getvariable('json_" ~ reader ~ "'))
        ").columns[0].values()[0] -%}
        {%- if file_count -%}
            {%- do readers.append(reader) -%}
        {%- endif -%}
        {%- if reader == 'text' and file_count and file_count > files_per_query() -%}
            {%- do run_query("create or replace temp table json_texts (filename varchar, content blob)") -%}
            {%- do run_in_batches('json_text', file_count | int, "
                insert into json_texts
                select filename, content from read_blob(<files>)
            ") -%}
            {%- do readers.append('many_texts') -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(readers) -}}
{%- endmacro %}


{% macro key_checks(columns) -%}
    {%- set checks = [] -%}
    {%- for column in columns -%}
        {%- do checks.append("bool_or(contains(line, '\"" ~ column ~ "\"'))") -%}
    {%- endfor -%}
    {{- return(checks) -}}
{%- endmacro %}


{#- The same on Spark. A large file whose lines are objects is read line by line,
    by as many tasks as it is large, be it an array or not; any other is one
    text, since Spark's own JSON reader would not tell what it can't read. A
    comma in front of a bracket is taken out, unless it is in a text.

    Of a list Spark gives texts without their quotes, which then may look like
    objects; of two keys that are the same it takes the last. -#}
{% macro spark__read_json_records(source_name) -%}
    {%- set columns, whole_files, line_files, array_files = [], [], [], [] -%}
    {%- if execute -%}
        {%- set columns = raw_source_columns(source_name) -%}
        {#- `dbt compile` may come before the first build. -#}
        {%- if not flags.EMPTY and load_relation(ref('stg_raw_files')) is not none -%}
            {%- set whole_files, line_files, array_files = json_files(source_name, columns) -%}
        {%- endif -%}
    {%- endif -%}
    {%- set extra_comma = '("(?:[^"\\\\]++|\\\\.)*+")|,(?=\\s*+[\\]}])' -%}
    (
        with checked as (

            select
                raw_file,
                content,
                case
                    when not is_valid_utf8(content)
                        then raise_error(
                            '{{ data_path('') }}' || raw_file || ': not UTF-8 text. It was saved in '
                            || 'another encoding, or is damaged: save it as '
                            || 'UTF-8.'
                        )
                    when regexp_like(content, '^\s*$')
                        then raise_error(
                            '{{ data_path('') }}' || raw_file || ': the file is empty. If there is '
                            || 'nothing to read, let it hold [] and no more.'
                        )
                    when regexp_like(content, '^\s*\[') and not {{ is_json('content') }}
                        then raise_error(
                            '{{ data_path('') }}' || raw_file || ': not valid JSON, so none of it can '
                            || 'be read. Is it cut off, or a quote or bracket '
                            || 'missing? Export it again, or write one object '
                            || 'a line: then only a broken line is lost. Spark '
                            || 'reads no value inside a thousand others.'
                        )
                    else regexp_like(content, '^\s*\[')
                end as is_array
            from (
                select
                    raw_file,
                    regexp_replace(
                        ltrim(decode(unhex('EFBBBF'), 'utf-8'), content), '{{ extra_comma }}', '$1'
                    ) as content
                from {{ raw_text_of(whole_files, 'raw_texts') }}
            ) as texts

        ),

        listed as (

            select
                raw_file,
                is_array,
                case
                    when is_array and regexp_like(content, '[\[,]\s*"(?:[^"\\]++|\\.)*+"\s*[,\]]')
                        then zip_with(
                            from_json(content, 'array<string>'),
                            cast(try_parse_json(content) as array<variant>),
                            (text, value) -> if(
                                schema_of_variant(value) = 'STRING',
                                substr(to_json(array(text)), 2, length(to_json(array(text))) - 2),
                                text
                            )
                        )
                    when is_array then from_json(content, 'array<string>')
                    when {{ is_json('content') }} then array(content)
                    else transform(split(content, '\n'), line -> btrim(line, chr(32) || chr(13) || chr(9) || ','))
                end as records
            from checked

        ),

        complete as (

            select
                *,
                filter(
                    {{ list_of_texts(columns) }},
                    name -> cardinality(records) > 0 and not exists(
                        records,
                        record -> coalesce(array_contains(json_object_keys(record), name), false)
                    )
                ) as missing
            from listed

        ),

        placed as (

            select
                raw_file,
                is_array,
                posexplode(
                    case
                        when cardinality(missing) > 0
                            then raise_error(
                                '{{ data_path('') }}' || raw_file || ': no record has the key '
                                || array_join(missing, ', ')
                                || '. The records must be objects with the keys '
                                || '{{ columns | join(", ") }}.'
                            )
                        else records
                    end
                ) as (place, raw_text)
            from complete

        ),

        united as (

            select
                raw_file,
                place + 1 as record_number,
                case when not is_array then place + 1 end as line_number,
                coalesce(raw_text, 'null') as raw_text
            from placed
            where raw_text <> '' or is_array

            union all

            select
                raw_file,
                row_number() over (partition by raw_file order by monotonically_increasing_id()) as record_number,
                null as line_number,
                raw_text
            from (
                select
                    raw_file,
                    {{ json_line() }} as raw_text
                from {{ raw_text_of(line_files) }}

                union all

                select
                    raw_file,
                    {{ json_line(true) }} as raw_text
                from {{ raw_text_of(array_files) }}
            ) as lines
            where raw_text <> ''

        ),

        parsed as (

            select
                *,
                case
                    when not is_json then null
                    when cardinality(array_distinct(json_object_keys(raw_text))) < cardinality(json_object_keys(raw_text))
                        then struct(
                        {%- for column in columns -%}
                            get_json_object(raw_text, '$.{{ column }}') as {{ column }}{{ ', ' if not loop.last }}
                        {%- endfor -%}
                        )
                    else from_json(raw_text, '{{ columns | join(" string, ") }} string')
                end as record
            from (
                select
                    *,
                    {{ is_json('raw_text') }} as is_json
                from united
            ) as judged

        )

        select
            raw_file,
            record_number::bigint as record_number,
            line_number::bigint as line_number,
            case
                when not is_json then 'unparseable_row'
                when not regexp_like(raw_text, '^\s*\{')
                    then 'not_an_object'
            end as reader_defect,
            raw_text
        {%- for column in columns %},
            record.{{ column }}
        {%- endfor %}
        from parsed
    )
{%- endmacro %}


{#- An object a line, which is all of JSON that BigQuery reads through a table. -#}
{% macro bigquery__read_json_records(source_name) -%}
    {%- set columns = raw_source_columns(source_name) if execute else [] -%}
    (
        select
            raw_file,
            {{ place_in_file() }} as record_number,
            cast(null as int64) as line_number,
            cast(null as string) as reader_defect,
            to_json_string(struct({{ columns | join(', ') or 'raw_file' }})) as raw_text
        {%- for column in columns %},
            {{ column }}
        {%- endfor %}
        from {{ records_of_table(source_name, columns) }}
    )
{%- endmacro %}


{#- Whether a text is one JSON value: alone, Spark reads on no further than its
    end, whatever stands behind it; and takes half a character for a whole one. -#}
{% macro is_json(text) -%}
    {%- set high, low = '(?<!\\\\)\\\\u[dD][89abAB][0-9a-fA-F]{2}', '\\\\u[dD][c-fC-F][0-9a-fA-F]{2}' -%}
    (
        coalesce(json_array_length('[' || {{ text }} || ']') = 1, false)
        and not (
            contains(lower({{ text }}), '\ud')
            and regexp_like({{ text }}, '{{ high }}(?!{{ low }})|(?<!{{ high }}){{ low }}')
        )
    )
{%- endmacro %}


{#- A line without what joins it to others: commas, and in an array brackets. -#}
{% macro json_line(is_array=false) -%}
    btrim(line, ' ' || chr(9) || chr(13) || '{{ ',[]' if is_array else ',' }}')
{%- endmacro %}


{#- Which files of a source are read whole, which line by line, and which so
    because they are arrays of an object a line. Without columns to look for, a
    large file that is no array may be one object. -#}
{% macro json_files(source_name, columns) -%}
    {%- set large_bytes = 1000000 -%}
    {%- set whole_files, large_files, line_files, array_files = [], [], [], [] -%}
    {%- for raw_file in run_query(raw_files_to_read(source_name)).rows -%}
        {%- if raw_file.size_bytes > large_bytes -%}
            {%- do large_files.append(raw_file.raw_file) -%}
        {%- else -%}
            {%- do whole_files.append(raw_file.raw_file) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if large_files -%}
        {%- set missing = [] -%}
        {%- for column in columns -%}
            {%- do missing.append("if(bool_or(contains(line, '\"" ~ column ~ "\"')), null, '" ~ column ~ "')") -%}
        {%- endfor -%}
        {%- set incomplete = [] -%}
        {%- for raw_file, missing, is_array, has_object_per_line in run_query("
            select
                raw_file,
                concat_ws(', ', " ~ (missing | join(', ') or 'null') ~ ") as missing,
                min_by(line, place) like '[%' as is_array,
                (min_by(line, place) not like '[%' or max_by(line, place) like '%]')
                and bool_and(" ~ json_line(true) ~ " = '' or json_object_keys(" ~ json_line(true) ~ ") is not null)
                    as has_object_per_line
            from (
                select
                    raw_file,
                    btrim(line, ' ' || chr(9) || chr(13)) as line,
                    monotonically_increasing_id() as place
                from " ~ raw_text_of(large_files) ~ "
            ) as lines
            where line <> ''
            group by raw_file
            order by raw_file
        ").rows -%}
            {%- if missing -%}
                {%- do incomplete.append(data_root() ~ '/' ~ raw_file ~ ': no record has the key ' ~ missing) -%}
            {%- elif is_array and has_object_per_line -%}
                {%- do array_files.append(raw_file) -%}
            {%- elif not is_array and (columns or has_object_per_line) -%}
                {%- do line_files.append(raw_file) -%}
            {%- else -%}
                {%- do whole_files.append(raw_file) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do stop_at_missing_keys(incomplete, columns) -%}
    {%- endif -%}
    {{- return([whole_files, line_files, array_files]) -}}
{%- endmacro %}


{% macro stop_at_missing_keys(incomplete, columns) -%}
    {%- if incomplete -%}
        {{- exceptions.raise_compiler_error(
            incomplete | join("\n") ~ "\nThe records must be objects with the keys " ~ columns | join(", ") ~ "."
        ) -}}
    {%- endif -%}
{%- endmacro %}
