{#- A kind without a single file stops the build here: an export that was
    forgotten must not look like a drug that nobody writes about. -#}
{% macro raw_file_kinds() -%}
    {%- set kinds -%}
        {%- for raw_source in (graph.sources.values() if execute else []) | sort(attribute='name') %}
    select
        '{{ raw_source.name }}' as source_name,
        '{{ raw_source.identifier }}' as file_pattern
            {%- if not loop.last %}
    union all
            {%- endif -%}
        {%- endfor -%}
    {%- endset -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry'] -%}
        {%- set missing = run_query(
            "select kinds.file_pattern from (" ~ kinds ~ ") as kinds"
            ~ " where not exists (from " ~ raw_files_found() ~ " as files"
            ~ " where files.file_name glob kinds.file_pattern"
            ~ " or files.file_name glob kinds.file_pattern || '.gz')"
            ~ " order by kinds.file_pattern"
        ).columns[0].values() -%}
        {%- if missing -%}
            {{- exceptions.raise_compiler_error(
                "No file in " ~ data_path('raw') ~ " matches "
                ~ missing | join(' or ') ~ ". Put the export there. If there "
                ~ "is nothing to read, say so with a file that holds only the "
                ~ "header line (.csv) or [] (.json). The data root is the "
                ~ "folder that DRUG_MENTIONS_DATA names."
            ) -}}
        {%- endif -%}
    {%- endif -%}
    {{- kinds -}}
{%- endmacro %}
