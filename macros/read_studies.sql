{#- The studies in ClinicalTrials.gov's JSON: in an array, in the answer of its
    API, which has them in `studies`, or one a line. -#}
{% macro read_studies(source_name) -%}
    {%- do ref('stg_raw_files') -%}
    {{- adapter.dispatch('read_studies', 'drug_mentions')(source_name) -}}
{%- endmacro %}


{#- An answer of the API is one object, as large as its file; an array of studies
    and a study a line are read study by study. -#}
{% macro duckdb__read_studies(source_name) -%}
    {%- set files = raw_files_in_variable(source_name, 'ctgov_files') -%}
    {%- set largest = namespace(bytes=16777216) -%}
    {%- for file, size in files -%}
        {%- set bytes = (size | int) * (20 if file.endswith('.gz') else 1) + 1 -%}
        {%- set largest.bytes = [largest.bytes, bytes] | max -%}
    {%- endfor -%}
    (
    {%- if files %}
        select
            {{ raw_file_name('file_path') }} as raw_file,
            unnest(
                case
                    when json_exists(json, '$.studies')
                        then json_extract(json, '$.studies[*]')
                    else [json]
                end
            ) as study
        from read_json_objects(
            getvariable('ctgov_files'),
            format = 'auto',
            maximum_object_size = {{ largest.bytes }},
            filename = 'file_path',
            hive_partitioning = false
        )
    {%- else %}
        select
            cast(null as string) as raw_file,
            cast(null as json) as study
        where false
    {%- endif %}
    )
{%- endmacro %}


{#- A large file whose lines are objects is read line by line, see json_files. -#}
{% macro spark__read_studies(source_name) -%}
    {%- set whole_files, line_files, array_files = [], [], [] -%}
    {%- if execute and not flags.EMPTY and load_relation(ref('stg_raw_files')) is not none -%}
        {%- set whole_files, line_files, array_files = json_files(source_name, []) -%}
    {%- endif -%}
    (
        with texts as (

            select
                raw_file,
                ltrim(decode(unhex('EFBBBF'), 'utf-8'), content) as content
            from {{ raw_text_of(whole_files, 'raw_texts') }}

        ),

        answers as (

            select
                raw_file,
                explode(
                    case
                        when regexp_like(content, '^\s*\[') and {{ is_json('content') }}
                            then from_json(content, 'array<string>')
                        when {{ is_json('content') }} then array(content)
                        else filter(split(content, '\n'), line -> btrim(line) <> '')
                    end
                ) as answer
            from texts

            union all

            select
                raw_file,
                {{ json_line() }} as answer
            from {{ raw_text_of(line_files) }}
            where {{ json_line() }} <> ''

            union all

            select
                raw_file,
                {{ json_line(true) }} as answer
            from {{ raw_text_of(array_files) }}
            where {{ json_line(true) }} <> ''

        )

        select
            raw_file,
            explode(
                case
                    when not {{ is_json('answer') }}
                        then raise_error(
                            '{{ data_path('') }}' || raw_file || ': not valid JSON: ' || left(answer, 100)
                        )
                    when get_json_object(answer, '$.studies') like '[%'
                        then from_json(get_json_object(answer, '$.studies'), 'array<string>')
                    else array(answer)
                end
            ) as study
        from answers
    )
{%- endmacro %}


{#- A study a line. -#}
{% macro bigquery__read_studies(source_name) -%}
    {{- records_of_table(source_name, ['study']) -}}
{%- endmacro %}


{% macro is_json_object(json) -%}
    {{- adapter.dispatch('is_json_object', 'drug_mentions')(json) -}}
{%- endmacro %}


{% macro duckdb__is_json_object(json) -%}
    json_type({{ json }}) = 'OBJECT'
{%- endmacro %}


{% macro spark__is_json_object(json) -%}
    regexp_like({{ json }}, '^\s*\{')
{%- endmacro %}


{% macro bigquery__is_json_object(json) -%}
    regexp_contains({{ json }}, r'^\s*\{')
{%- endmacro %}


{% macro json_text(json, path) -%}
    {{- adapter.dispatch('json_text', 'drug_mentions')(json, path) -}}
{%- endmacro %}


{% macro duckdb__json_text(json, path) -%}
    {{ json }} ->> '{{ path }}'
{%- endmacro %}


{% macro spark__json_text(json, path) -%}
    get_json_object({{ json }}, '{{ path }}')
{%- endmacro %}


{% macro bigquery__json_text(json, path) -%}
    json_value({{ json }}, '{{ path }}')
{%- endmacro %}
