{#- The text of a path below the data root, for use between single quotes. The
    folder is somebody's: its name may hold quotes and glob characters. -#}
{% macro data_path(relative_path) -%}
    {{- (target.external_root ~ '/' ~ relative_path) | replace("'", "''") -}}
{%- endmacro %}


{% macro data_glob(relative_path) -%}
    {{- data_path('')
        | replace('[', '[[]') | replace('*', '[*]') | replace('?', '[?]')
        ~ relative_path -}}
{%- endmacro %}
