{#- As dbt's own, in one statement instead of four. -#}
{% materialization view, adapter='duckdb' %}

    {%- set target_relation = this.incorporate(type='view') -%}
    {%- set old_relation = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {%- if old_relation is not none %}
        drop {{ old_relation.type }} {{ this }};
        {%- endif %}
        {{ create_view_as(target_relation, sql) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target_relation, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
