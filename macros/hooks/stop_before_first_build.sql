{#- At the start of a run: stops if the selected models read models that no build
    has made yet, and names all of these in one message. -#}
{% macro stop_before_first_build() -%}
    {%- set missing, readers = [], [] -%}
    {%- for unique_id in selected_resources if unique_id in graph.nodes -%}
        {%- do readers.append(unique_id) -%}
    {%- endfor -%}
    {%- for unique_id in readers -%}
        {%- for parent_id in graph.nodes[unique_id].depends_on.nodes
            if parent_id in graph.nodes and parent_id not in selected_resources -%}
            {%- set parent = graph.nodes[parent_id] -%}
            {%- if parent.config.materialized == 'ephemeral' -%}
                {%- do readers.append(parent_id) -%}
            {%- elif parent.resource_type == 'model' and adapter.get_relation(
                database=parent.database, schema=parent.schema, identifier=parent.alias
            ) is none and parent.name not in missing -%}
                {%- do missing.append(parent.name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if missing -%}
        {{- exceptions.raise_compiler_error(
            "Nothing has built " ~ missing | sort | join(', ') ~ " in this data root yet: run `dbt build` first."
        ) -}}
    {%- endif -%}
{%- endmacro %}
