{#- A number is joined at a tenth of a text's cost. Where two titles of one
    number would do harm, the titles are compared too. -#}
{% macro title_hash(title) -%}
    hash({{ title }})
{%- endmacro %}
