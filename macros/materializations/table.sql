{#- As dbt's own, in one statement instead of nine: this project's tables have no
    indexes, grants or foreign keys to look after. -#}
{% materialization table, adapter='duckdb' %}

    {%- set target_relation = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {{ replace_table(sql) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}


{#- The query may read the table that it replaces. -#}
{% macro replace_table(sql) -%}
    {%- set old_relation = load_cached_relation(this) -%}
    {%- set new_relation = make_intermediate_relation(this) -%}
    {{ create_table_as(false, new_relation, sql) }}
    {%- if old_relation is not none %}
    drop {{ old_relation.type }} {{ this }};
    {%- endif %}
    alter table {{ new_relation }} rename to {{ adapter.quote(this.identifier) }}
{%- endmacro %}
