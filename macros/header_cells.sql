{#- Names of columns as files write them: quoted or not, padded, in any case. -#}
{% macro header_cells(header) -%}
    {{- adapter.dispatch('header_cells', 'drug_mentions')(header) -}}
{%- endmacro %}


{% macro duckdb__header_cells(header) -%}
    list_transform(
        regexp_extract_all(
            ',' || {{ header }}, ',(\s*"(?:[^"]|"")*"\s*|[^,]*)', 1
        ),
        lambda cell: lower(
            regexp_replace(cell, '^[\s\p{Z}"]+|[\s\p{Z}"]+$', '', 'g')
        )
    )
{%- endmacro %}


{% macro spark__header_cells(header) -%}
    transform(
        {{ row_cells(header) }},
        cell -> lower(
            regexp_replace(cell, '^[\s\p{Z}"]+|[\s\p{Z}"]+$', '')
        )
    )
{%- endmacro %}


{% macro bigquery__header_cells(header) -%}
    array(
        select lower(regexp_replace(cell, r'^[\s\p{Z}"]+|[\s\p{Z}"]+$', ''))
        from unnest(regexp_extract_all(
            ',' || {{ header }}, r',(\s*"(?:[^"]|"")*"\s*|[^,]*)'
        )) as cell with offset as place
        order by place
    )
{%- endmacro %}


{#- The cells of a row as they are written, quotes and all. Java's patterns
    overflow the stack on long texts unless they give nothing back. -#}
{% macro row_cells(row) -%}
    regexp_extract_all(
        ',' || {{ row }}, ',(\s*"[^"]*+(?:""[^"]*+)*+"\s*+|[^,]*+)', 1
    )
{%- endmacro %}
