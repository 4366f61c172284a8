{#- At the end of a run that published: all readable copies of raw files have
    been read by now. Where each layer is a run of its own, as under Airflow,
    only the last run removes them. -#}
{% macro remove_readable_copies(results) -%}
    {{- adapter.dispatch('remove_readable_copies', 'drug_mentions')(results) -}}
{%- endmacro %}


{% macro default__remove_readable_copies(results) -%}
    {%- if built_model(results, 'mentioned_drugs') -%}
        {%- do adapter.store_relation(
            'raw_files_plugin', api.Relation.create(schema='raw', identifier='files'), [], '', '', {}
        ) -%}
    {%- endif -%}
{%- endmacro %}
