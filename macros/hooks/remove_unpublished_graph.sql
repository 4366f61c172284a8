{#- At the end of a run that published with `publish_graph: false`: removes the
    graph of an earlier build, so that nobody takes it for today's. -#}
{% macro remove_unpublished_graph(results) -%}
    {{- adapter.dispatch('remove_unpublished_graph', 'drug_mentions')(
        results, 'aggregated/mention_graph.graphml'
    ) -}}
{%- endmacro %}


{% macro default__remove_unpublished_graph(results, location) -%}
    {%- set published = built_model(results, 'mentioned_drugs') -%}
    {%- if published and not var('publish_graph') -%}
        {%- set graph = api.Relation.create(
            database=published.database, schema=published.schema, identifier='mention_graph', type='view'
        ) -%}
        {%- do run_query("drop view if exists " ~ graph) -%}
        {%- if has_file(location) -%}
            {%- do adapter.store_relation(
                'duckdb_file', graph, [], '', '', {'remove': data_root() ~ '/' ~ location}
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
