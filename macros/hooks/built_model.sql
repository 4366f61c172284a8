{#- The node of a model that this run has built, with its rows; none otherwise. -#}
{% macro built_model(results, name) -%}
    {%- set built = results
        | selectattr('node.unique_id', 'equalto', 'model.drug_mentions.' ~ name)
        | selectattr('status', 'equalto', 'success') | list -%}
    {{- return(built[0].node if built and not flags.EMPTY else none) -}}
{%- endmacro %}
