{#- Where raw/, cleaned/ and aggregated/ stand. -#}
{% macro data_root() -%}
    {{- return(adapter.dispatch('data_root', 'drug_mentions')()) -}}
{%- endmacro %}


{% macro default__data_root() -%}
    {{- return(target.external_root) -}}
{%- endmacro %}


{#- The text of a path below the data root, for use between single quotes. The
    folder is somebody's: its name may hold quotes. A name without a folder is a
    file of the project's own, beside the DuckDB file. -#}
{% macro data_path(relative_path) -%}
    {{- dbt.escape_single_quotes(
        data_root() ~ '/' ~ relative_path if '/' in relative_path else local_file(relative_path)
    ) -}}
{%- endmacro %}


{#- The same for use as a DuckDB pattern: `[`, `*` and `?` are escaped. -#}
{% macro data_glob(relative_path) -%}
    {{- data_path(relative_path)
        | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]') -}}
{%- endmacro %}


{% macro is_in_bucket(location) -%}
    {{- return('://' in data_root() and '/' in location) -}}
{%- endmacro %}
