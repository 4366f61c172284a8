{#- The data root as DuckDB spells it in the names of files: no `//`, `.`, `..`,
    which mean something in the name of an object only. -#}
{% macro data_root() -%}
    {%- set root = external_root().rstrip('/') -%}
    {%- set parts = [] -%}
    {%- for part in root.split('/') -%}
        {%- if part == '..' and parts | length > 1 -%}
            {%- do parts.pop() -%}
        {%- elif loop.first or part not in ['', '.', '..'] -%}
            {%- do parts.append(part) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- root if is_object_store() else parts | join('/') -}}
{%- endmacro %}


{% macro is_object_store() -%}
    {{- return('://' in external_root()) -}}
{%- endmacro %}


{#- What DRUG_MENTIONS_DATA names. -#}
{% macro external_root() -%}
    {{- return(adapter.dispatch('external_root', 'drug_mentions')()) -}}
{%- endmacro %}


{% macro duckdb__external_root() -%}
    {{- return(target.external_root) -}}
{%- endmacro %}


{#- dbt-spark has no such setting. A relative path would be another one to each
    of Spark's processes. -#}
{% macro spark__external_root() -%}
    {%- set root = env_var('DRUG_MENTIONS_DATA', 'data') -%}
    {%- if not (root.startswith('/') or ':' in root) -%}
        {%- set root = flags.PROFILES_DIR ~ '/' ~ root -%}
    {%- endif -%}
    {%- if not root.startswith('/') -%}
        {{- exceptions.raise_compiler_error(
            "The data root " ~ root ~ " is no absolute path of a folder, as Spark takes it. DRUG_MENTIONS_DATA names "
            ~ "it, and --profiles-dir what it is relative to."
        ) -}}
    {%- endif -%}
    {{- return(root) -}}
{%- endmacro %}


{#- Names of files on BigQuery begin with their bucket's. -#}
{% macro bigquery__external_root() -%}
    {%- set root = env_var('DRUG_MENTIONS_DATA', '') -%}
    {%- if not root.startswith('gs://') -%}
        {{- exceptions.raise_compiler_error(
            "BigQuery reads raw files in Google Cloud Storage only: DRUG_MENTIONS_DATA must name the data root as "
            ~ "gs://bucket/prefix, not as '" ~ root ~ "'."
        ) -}}
    {%- endif -%}
    {{- return(root) -}}
{%- endmacro %}


{#- The text of a path below the data root, for use between single quotes. The
    folder is somebody's: its name may hold quotes and glob characters. -#}
{% macro data_path(relative_path) -%}
    {{- dbt.escape_single_quotes(data_root() ~ '/' ~ relative_path) -}}
{%- endmacro %}


{% macro data_glob(relative_path) -%}
    {{- data_path('')
        | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')
        ~ relative_path -}}
{%- endmacro %}
