{#- Writes a model's rows as many files, none much larger than
    `export_part_bytes`, in the folder `…_1` or `…_2` beside the file that lists
    them, and returns the query for that list. The list is what is published. It
    names one of the two folders, in turn, so readers see the parts of a build
    only when all are there, and a build that fails leaves yesterday's. -#}
{% macro write_parts(relation, location, rows) -%}
    {%- set stem = location.rsplit('.', 1)[0] -%}
    {%- set is_first_taken = '/' ~ stem.rsplit('/', 1)[1] ~ '_1/' in parts_listed(location) -%}
    {%- set folder = stem ~ ('_2' if is_first_taken else '_1') -%}
    {%- set files = local_file(folder) | replace("'", "''") -%}
    {%- call statement('parts') -%}
        copy ({{ rows }}) to '{{ files }}' (
            format json, array {{ not is_newline_delimited(location) }}, file_size_bytes {{ part_bytes(location) }},
            filename_pattern 'part_{i}', overwrite true
        )
    {%- endcall -%}
    {#- The parts have the order of their numbers. -#}
    {%- set parts = run_query("
        select parse_filename(filename) as name, size as bytes
        from read_blob('" ~ files | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') ~ "/*')
        order by regexp_extract(filename, '(\\d+)[.]json$', 1)::integer
    ").rows -%}
    {%- set listed = [] -%}
    {%- for name, bytes in parts -%}
        {%- if is_in_bucket(location) -%}
            {%- do put_file(relation, local_file(folder) ~ '/' ~ name, folder ~ '/' ~ name) -%}
        {%- endif -%}
        {%- do listed.append(
            "select '" ~ folder.rsplit('/', 1)[1] ~ '/' ~ name ~ "' as part, " ~ bytes | int ~ " as bytes"
        ) -%}
    {%- endfor -%}
    {{- return(listed | join(' union all ')) -}}
{%- endmacro %}


{#- SQL for the list of the parts that a published file names. It is empty if the
    file is not there, or is not a list of parts. -#}
{% macro parts_listed(location) -%}
    {%- set file = "'" ~ data_glob(location) ~ "'" -%}
    {%- set paths = [] -%}
    {%- if run_query("select count(*) from read_blob(" ~ file ~ ") where size < 10_000_000").columns[0].values()[0] -%}
        {%- for part in run_query("
            select unnest(regexp_extract_all(
                content, '\"part\":\"([a-z_]+_[12]/part_\\d+[.]json)\"', 1
            )) as part
            from read_text(" ~ file ~ ")
            where regexp_matches(content, '^\\[\\s*\\{\"part\":')
        ").columns[0].values() -%}
            {%- do paths.append("'" ~ data_glob(location.rsplit('/', 1)[0] ~ '/' ~ part) ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return('[' ~ paths | join(', ') ~ ']') -}}
{%- endmacro %}


{#- Whether all parts that a published list names are there. -#}
{% macro has_parts(location) -%}
    {%- set parts = parts_listed(location) -%}
    {{- return(parts == '[]' or run_query(
        "select len(" ~ parts ~ ") = count(*) from glob(" ~ parts ~ ")"
    ).columns[0].values()[0]) -}}
{%- endmacro %}


{#- Only what is published as JSON may be written in parts, or line by line. -#}
{% macro part_bytes(location) -%}
    {{- return(var('export_part_bytes') | int if location.endswith('mentioned_drugs.json') else 0) -}}
{%- endmacro %}


{% macro is_newline_delimited(location) -%}
    {{- return(var('export_newline_delimited') and location.endswith('mentioned_drugs.json')) -}}
{%- endmacro %}
