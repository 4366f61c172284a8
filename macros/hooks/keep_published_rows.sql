{#- Pre-hook of the model that publishes: keeps the rows of the last published
    file, which `changed_mentions` compares with the new one. -#}
{% macro keep_published_rows() -%}
    {{- adapter.dispatch('keep_published_rows', 'drug_mentions')() -}}
{%- endmacro %}


{% macro default__keep_published_rows() -%}
    {%- set location = config.require('location') -%}
    {%- if execute and (flags.EMPTY or not is_file_current(location)) -%}
        {%- set relation = load_cached_relation(this) -%}
        {%- set is_published = not flags.EMPTY and relation is not none and relation.is_view
            and has_file(location) and has_parts(location) -%}
        create {{ 'table if not exists' if flags.EMPTY else 'or replace table' }} {{ this.schema }}.mentions_before as
        select
        {%- for column in model.columns.values() %}
            {{ column.name if is_published else 'null' }}::{{ column.data_type }} as {{ column.name }}
            {{- ',' if not loop.last }}
        {%- endfor %}
        {{ 'from ' ~ this if is_published else 'where false' }}
    {%- endif -%}
{%- endmacro %}
