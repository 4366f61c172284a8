{#- For the model that publishes mentions: compares what is to be published with
    what is. The difference stands in the temporary table changed_mentions, if
    anything has been published yet.

    Where it is small the file is edited: what is new stands in new_mentions and
    new_publications then, and the rows that are to go in replaced_rows. Where a
    tenth has changed, or the file is in a bucket or in parts, all of it is
    better written again. -#}
{% macro find_replaced_mentions() -%}
    {%- if not is_building() or not is_file_model() or not keeps_state() or flags.EMPTY -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- do run_query('drop table if exists changed_mentions; drop table if exists replaced_rows') -%}
    {%- if load_relation(published_mentions()) is none -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- do run_query("
        create temp table changed_mentions as
        select
            published.publication_key is null as is_new,
            mentions.drug_key,
            coalesce(mentions.publication_key, published.publication_key) as publication_key,
            coalesce(mentions.atccode, published.atccode) as atccode,
            coalesce(mentions.drug, published.drug) as drug
        from (" ~ mentions_to_publish() ~ ") as mentions
        full join " ~ published_mentions() ~ " as published
            on mentions.publication_key = published.publication_key
            and mentions.atccode = published.atccode
            and mentions.drug = published.drug
        where
            (mentions.publication_key is null or published.publication_key is null)
            and not " ~ is_file_up_to_date() ~ "
    ") -%}
    {%- if is_object_store() or part_bytes(config.require('location')) or not begin_edit() -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- set new, gone, published = run_query("
        select
            count(*) filter (where is_new),
            count(*) filter (where not is_new),
            (select count(*) from " ~ published_mentions() ~ ")
        from changed_mentions
    ").rows[0].values() -%}
    {%- if new + gone > [1000, published / 10] | max -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- do run_query("
        create or replace temp table new_mentions as
        select drug_key, publication_key from changed_mentions
        where is_new
    ") -%}
    {%- do run_query(
        'create or replace temp table new_publications as ' ~ rows_found(
            (graph.nodes.values() | selectattr('name', 'equalto', 'int_publications_merged') | first).config.location,
            'publication_key in (select publication_key from new_mentions)'
        )
    ) -%}
    {#- To find out where a row is, all of them are read. -#}
    {%- do run_query("
        create or replace temp table replaced_rows as
        select published.* exclude (publication_key)
        from (
            select
                *,
                " ~ surrogate_key(['article_type', 'id', 'publication_title', 'journal', 'date']) ~ " as publication_key
            from " ~ this ~ "
            " ~ ('' if gone else 'limit 0') ~ "
        ) as published
        semi join (from changed_mentions where not is_new) as gone
            on published.publication_key = gone.publication_key
            and published.atccode = gone.atccode
            and published.drug = gone.drug
    ") -%}
    {%- set found = run_query('select count(*) from replaced_rows').columns[0].values()[0] -%}
    {%- if found != gone -%}
        {%- do run_query('drop table replaced_rows') -%}
    {%- endif -%}
    {{- return(found == gone) -}}
{%- endmacro %}


{#- What the last build has published, in few bytes. -#}
{% macro published_mentions() -%}
    {{- return(api.Relation.create(
        database=this.database, schema=this.schema, identifier='published_mentions'
    )) -}}
{%- endmacro %}


{#- A publication's key is made of all that a row says of it. -#}
{% macro mentions_to_publish() -%}
    select
        drugs.atc_code as atccode,
        drugs.drug_name as drug,
        mentions.publication_key,
        mentions.drug_key
    from {{ ref('int_drugs_matched') }} as mentions
    inner join {{ ref('int_drugs_deduplicated') }} as drugs on mentions.drug_key = drugs.drug_key
{%- endmacro %}


{#- Statement that is run when the file is written. -#}
{% macro remember_mentions() -%}
    {%- if is_edited() -%}
    delete from {{ published_mentions() }} as published
    using changed_mentions as gone
    where
        not gone.is_new
        and published.publication_key = gone.publication_key
        and published.atccode = gone.atccode
        and published.drug = gone.drug;
    insert into {{ published_mentions() }}
    select atccode, drug, publication_key from changed_mentions
    where is_new
    {%- else -%}
    create or replace table {{ published_mentions() }} as
    select atccode, drug, publication_key from ({{ mentions_to_publish() }})
    {%- endif -%}
{%- endmacro %}
