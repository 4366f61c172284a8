{#- What files there may be: by their names, or, of the exports of others, by
    what they begin with. -#}
{% macro raw_file_kinds() -%}
    {%- for raw_source in (graph.sources.values() if execute else []) | sort(attribute='name') %}
        {%- set meta = raw_source.config.meta or {} %}
        {%- set columns = [] %}
        {%- for column in raw_source.columns.values() if not (column.config.meta or {}).get('optional') %}
            {%- do columns.append(column.name) %}
        {%- endfor %}
    select
        '{{ raw_source.name }}' as source_name,
        '{{ raw_source.identifier }}' as file_pattern,
        '{{ meta.get('also_named', raw_source.identifier) }}' as other_pattern,
        {{ raw_source.source_name == 'raw' }} as is_required,
        {{ meta.get('is_export', false) }} as is_export,
        {{ list_of_texts(columns) }} as columns,
        {{ pattern_text(meta.get('starts_with', '')) }} as starts_with,
        '{{ meta.get('known_by', columns | join(', ')) }}' as known_by
        {%- if not loop.last %}
    union all
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
