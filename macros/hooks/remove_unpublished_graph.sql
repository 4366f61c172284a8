{#- At the end of a run that published with `publish_graph: false`: removes the
    graph of an earlier build, so that nobody takes it for today's. -#}
{% macro remove_unpublished_graph(results) -%}
    {{- adapter.dispatch('remove_unpublished_graph', 'drug_mentions')(
        results, 'aggregated/mention_graph.graphml'
    ) -}}
{%- endmacro %}


{% macro default__remove_unpublished_graph(results, location) -%}
    {%- for result in results if not var('publish_graph') and result.node.name == 'mentioned_drugs'
        and result.node.resource_type == 'model' and result.status == 'success' and not flags.EMPTY -%}
        {%- set graph = api.Relation.create(
            database=result.node.database, schema=result.node.schema, identifier='mention_graph', type='view'
        ) -%}
        {%- do run_query("drop view if exists " ~ graph) -%}
        {%- if has_file(location) -%}
            {%- do adapter.store_relation(
                'duckdb_file', graph, [], '', '', {'remove': data_root() ~ '/' ~ location}
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
