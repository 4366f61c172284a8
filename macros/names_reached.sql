{#- All names that pairs of `links` connect with the names of `starts`, one after
    the other, with the spelling that stands there. -#}
{% macro names_reached(starts, links) -%}
    {{- adapter.dispatch('names_reached', 'drug_mentions')(starts, links) -}}
{%- endmacro %}


{% macro duckdb__names_reached(starts, links) -%}
    with recursive reached as (

        select
            name_key,
            folded_name,
            spelling
        from {{ starts }}

        union

        select
            reached.name_key,
            links.to_name as folded_name,
            links.spelling
        from reached
        inner join {{ links }} as links on reached.folded_name = links.from_name

    )

    select * from reached
{%- endmacro %}


{#- Spark's recursion leaves out no row that was there before, and works out
    again in every turn what it joins. So one row holds all pairs and what is
    known of every drug, and is followed by another one as long as that grows. -#}
{% macro spark__names_reached(starts, links) -%}
    with recursive neighbours as (

        select map_from_entries(array_agg(struct(from_name, to_names))) as names
        from (
            select
                from_name,
                array_agg(distinct to_name) as to_names
            from {{ links }}
            group by from_name
        ) as links_by_name

    ),

    linked as (

        select array_agg(struct(name_key, array(folded_name) as names)) as drugs
        from {{ starts }}
        where folded_name in (select links.from_name from {{ links }} as links)

    ),

    known as (

        select
            neighbours.names as neighbours,
            linked.drugs
        from linked
        cross join neighbours

        union all

        select
            neighbours,
            more_drugs as drugs
        from (
            select
                neighbours,
                drugs,
                transform(drugs, drug -> struct(
                    drug.name_key,
                    array_union(drug.names, flatten(transform(
                        drug.names, name -> coalesce(neighbours[name], array())
                    ))) as names
                )) as more_drugs
            from known
        ) as grown
        where cardinality(flatten(more_drugs.names)) > cardinality(flatten(drugs.names))

    ),

    reached as (

        select
            drug.name_key,
            explode(drug.names) as folded_name
        from (select explode(drugs) as drug from known) as drugs

    )

    select
        name_key,
        folded_name,
        spelling
    from {{ starts }}

    union

    select
        reached.name_key,
        links.to_name as folded_name,
        links.spelling
    from reached
    inner join {{ links }} as links on reached.folded_name = links.from_name
{%- endmacro %}


{#- BigQuery allows recursion at the top of a statement only, and only with
    `union all`, which never ends where pairs lead back. So steps are doubled
    instead: after six times a name is reached through 64 pairs. -#}
{% macro bigquery__names_reached(starts, links) -%}
    with steps_1 as (

        select
            from_name,
            to_name
        from {{ links }}

        union distinct

        select
            from_name,
            from_name as to_name
        from {{ links }}

    ),
    {% for step in range(6) %}
    steps_{{ 2 ** (step + 1) }} as (

        select
            first_steps.from_name,
            next_steps.to_name
        from steps_{{ 2 ** step }} as first_steps
        inner join steps_{{ 2 ** step }} as next_steps
            on first_steps.to_name = next_steps.from_name
        group by first_steps.from_name, next_steps.to_name

    ),
    {% endfor %}
    reached as (

        select
            starts.name_key,
            steps.to_name as folded_name
        from {{ starts }} as starts
        inner join steps_64 as steps on starts.folded_name = steps.from_name

    )

    select
        name_key,
        folded_name,
        spelling
    from {{ starts }}

    union distinct

    select
        reached.name_key,
        links.to_name as folded_name,
        links.spelling
    from reached
    inner join {{ links }} as links on reached.folded_name = links.from_name
{%- endmacro %}
