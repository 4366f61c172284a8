{#- Changes when a name is added, renamed or taken out, or comes to mean another
    drug, and when a context does. -#}
{% macro names_version() -%}
    (
        select
            hash(
                list(hash(name_key, folded_name) order by name_key, folded_name),
                (
                    select list(phrase order by phrase)
                    from {{ maintained_list('names_not_meant', ['kind', 'phrase']) }}
                    where kind = 'context' and {{ var('skip_contexts') }}
                )
            )
        from {{ ref('int_names') }}
    )
{%- endmacro %}
