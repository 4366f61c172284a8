{#- Changes when a name is added, renamed or taken out. -#}
{% macro names_version() -%}
    (
        select hash(list(folded_name order by folded_name))
        from {{ ref('int_drugs_deduplicated') }}
    )
{%- endmacro %}
