{#- A record of these columns. -#}
{% macro record_of(columns) -%}
    {{- adapter.dispatch('record_of', 'drug_mentions')(columns) -}}
{%- endmacro %}


{% macro duckdb__record_of(columns) -%}
    struct_pack({{ columns | join(', ') }})
{%- endmacro %}


{% macro spark__record_of(columns) -%}
    struct({{ columns | join(', ') }})
{%- endmacro %}


{% macro bigquery__record_of(columns) -%}
    struct({{ columns | join(', ') }})
{%- endmacro %}


{#- A record as the text of an object. -#}
{% macro record_as_json(record) -%}
    {{- adapter.dispatch('record_as_json', 'drug_mentions')(record) -}}
{%- endmacro %}


{% macro default__record_as_json(record) -%}
    cast(to_json({{ record }}) as string)
{%- endmacro %}


{% macro bigquery__record_as_json(record) -%}
    to_json_string({{ record }})
{%- endmacro %}
