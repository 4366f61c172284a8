{#- Names of columns as files write them: quoted or not, padded, in any case. -#}
{% macro header_cells(header) -%}
    list_transform(
        regexp_extract_all(
            ',' || {{ header }}, ',(\s*"(?:[^"]|"")*"\s*|[^,]*)', 1
        ),
        lambda cell: lower(
            regexp_replace(cell, '^[\s\p{Z}"]+|[\s\p{Z}"]+$', '', 'g')
        )
    )
{%- endmacro %}
