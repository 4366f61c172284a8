{#- Post-hook of the model that lists the raw files: stops at a data file that
    nobody reads, and where a kind of file is missing that must be there. An
    export that was forgotten must not look like a drug that nobody writes
    about; but whoever uses the exports of others needs none made by hand. -#}
{% macro check_raw_files() -%}
    {%- if execute and not flags.EMPTY -%}
        {%- set unknown, found = [], [] -%}
        {%- for raw_file, source_name in run_query("
            select raw_file, source_name from " ~ this ~ "
            where source_name is null
            union all
            select null as raw_file, source_name from " ~ this ~ "
            where source_name is not null
            group by source_name
            order by raw_file
        ").rows -%}
            {%- if source_name -%}
                {%- do found.append(source_name) -%}
            {%- elif modules.re.search('[.](csv|json|nbib|xml)([.]gz)?$', raw_file) -%}
                {%- do unknown.append(raw_file) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if unknown -%}
            {%- do stop_at_unknown_files(unknown) -%}
        {%- endif -%}
        {%- do check_file_names() -%}
        {%- set missing, exports = [], [] -%}
        {%- for raw_source in graph.sources.values() -%}
            {%- if raw_source.source_name == 'raw' and raw_source.name not in found -%}
                {%- do missing.append(raw_source) -%}
            {%- elif (raw_source.config.meta or {}).get('is_export') and raw_source.name in found -%}
                {%- do exports.append(raw_source) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set missing = missing | selectattr('name', 'equalto', 'drugs') | list if exports else missing -%}
        {%- if missing -%}
            {{- exceptions.raise_compiler_error(
                "No file in " ~ data_path('raw') ~ " matches "
                ~ missing | map(attribute='identifier') | sort | join(' or ') ~ ". Put the export there. If there "
                ~ "is nothing to read, say so with a file that holds only the "
                ~ "header line (.csv) or [] (.json). The data root is the "
                ~ "folder that DRUG_MENTIONS_DATA names."
            ) -}}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{% macro stop_at_unknown_files(unknown) -%}
    {%- set known = [] -%}
    {%- for kind in run_query("
        select source_name, file_pattern, is_required, is_export, known_by
        from (" ~ raw_file_kinds() ~ ") as kinds
        order by is_export, known_by
    ").rows -%}
        {%- do known.append(kind.known_by if kind.is_export else kind.file_pattern ~ ': ' ~ kind.known_by) -%}
    {%- endfor -%}
    {{- exceptions.raise_compiler_error(
        "Can't tell what " ~ unknown | join(', ') ~ " is: neither its name nor what it begins with is known. Known are, by "
        ~ "the columns of the first line or by what stands first:\n" ~ known | join('\n') ~ "\nGive it such a first line, or "
        ~ "take it out of raw/."
    ) -}}
{%- endmacro %}


{#- A file that the engine's readers would pass over without a word. -#}
{% macro check_file_names() -%}
    {{- adapter.dispatch('check_file_names', 'drug_mentions')() -}}
{%- endmacro %}


{% macro duckdb__check_file_names() -%}
{%- endmacro %}


{#- To Spark a name that begins with `_` is that of a file it has not finished,
    and one with a colon that of another file system. -#}
{% macro spark__check_file_names() -%}
    {%- set unread = [] -%}
    {%- for raw_file in run_query(
        "select raw_file from " ~ this ~ " where source_name is not null order by raw_file"
    ).columns[0].values() if modules.re.search('(^|/)_[^/=]*(/|$)|[.]_COPYING_(/|$)|:', raw_file) -%}
        {%- do unread.append(raw_file) -%}
    {%- endfor -%}
    {%- if unread -%}
        {{- exceptions.raise_compiler_error(
            "Spark reads no file with : in its name, or whose name, or that of a folder that it stands in, begins with _ "
            ~ "or ends in ._COPYING_. Rename " ~ unread | join(', ') ~ "."
        ) -}}
    {%- endif -%}
{%- endmacro %}


{#- A table on BigQuery names its files itself. -#}
{% macro bigquery__check_file_names() -%}
{%- endmacro %}
