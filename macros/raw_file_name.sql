{#- A raw file's name on its records: its path below the data root. Cut off by
    length, which costs a third of taking the path apart. -#}
{% macro raw_file_name(file_path) -%}
    substring({{ file_path }}, {{ data_root() | length + 2 }})
{%- endmacro %}
