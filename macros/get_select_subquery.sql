{#- What dbt puts around a query whose columns are under contract. Parquet keeps
    no `not null`, so on Spark the query itself stops at one. -#}
{% macro spark__get_select_subquery(sql) -%}
    select
    {%- for column in model.columns.values() %}
        {% if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
            coalesce(
                {{ column.name }}, raise_error('{{ model.name }}.{{ column.name }} is null.')
            ) as {{ column.name }}
        {%- else -%}
            {{ column.name }}
        {%- endif -%}
        {{ ',' if not loop.last }}
    {%- endfor %}
    from (
        {{ sql }}
    ) as under_contract
{%- endmacro %}
