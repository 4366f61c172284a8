{#- A number is joined at a tenth of a text's cost. Where two titles of one
    number would do harm, the titles are compared too. Each engine has its own
    fastest one. -#}
{% macro title_hash(title) -%}
    {{- adapter.dispatch('title_hash', 'drug_mentions')(title) -}}
{%- endmacro %}


{% macro duckdb__title_hash(title) -%}
    (hash({{ title }}) >> 1)::bigint
{%- endmacro %}


{% macro spark__title_hash(title) -%}
    xxhash64({{ title }})
{%- endmacro %}


{% macro bigquery__title_hash(title) -%}
    farm_fingerprint({{ title }})
{%- endmacro %}
