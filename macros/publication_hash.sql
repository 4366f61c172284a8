{#- A number of the title and the date, which records of one publication have in
    common: it is joined at a tenth of a text's cost. Where two titles of one
    number would do harm, the titles are compared too. Each engine has its own
    fastest one. -#}
{% macro publication_hash() -%}
    {{- adapter.dispatch('publication_hash', 'drug_mentions')() -}}
{%- endmacro %}


{% macro duckdb__publication_hash() -%}
    (hash(title, publication_date) >> 1)::bigint
{%- endmacro %}


{% macro spark__publication_hash() -%}
    xxhash64(title, publication_date)
{%- endmacro %}


{% macro bigquery__publication_hash() -%}
    farm_fingerprint(to_json_string(struct(title, publication_date)))
{%- endmacro %}
