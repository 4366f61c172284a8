{#- The data root as DuckDB spells it in the names of files: no `//`, `.`, `..`,
    which mean something in the name of an object only. -#}
{% macro data_root() -%}
    {%- set root = target.external_root.rstrip('/') -%}
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
    {{- return('://' in target.external_root) -}}
{%- endmacro %}


{#- The text of a path below the data root, for use between single quotes. The
    folder is somebody's: its name may hold quotes and glob characters. -#}
{% macro data_path(relative_path) -%}
    {{- (data_root() ~ '/' ~ relative_path) | replace("'", "''") -}}
{%- endmacro %}


{% macro data_glob(relative_path) -%}
    {{- data_path('')
        | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')
        ~ relative_path -}}
{%- endmacro %}
