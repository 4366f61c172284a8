-- When little has changed, the query is one of the mentions that are new, and
-- those stay in the file that still hold.
{%- set is_partial = find_replaced_mentions() %}
{%- set new_or_all_mentions = ref('int_drugs_matched') %}
{%- set their_publications = ref('int_publications_merged') %}
{%- if is_partial %}
    {%- set new_or_all_mentions = 'new_mentions' %}
    {%- set their_publications = 'new_publications' %}
{%- endif %}
{#- The contract's, so that two builds of one input are byte-identical. #}
{%- set order = [
    'drug', 'atccode', 'article_type', 'date', 'id', 'publication_title',
    'journal',
] %}
{{
    config(
        is_editable=true,
        order=order,
        remember="{{ remember_mentions() }}",
        pre_hook=["{{ count_raw_files() }}", "{{ count_mentions() }}"]
    )
}}

-- Published only after every record is accounted for.
-- depends_on: {{ ref('raw_file_reconciliation') }}

with mentions as (

    select * from {{ new_or_all_mentions }}

),

drugs as (

    select * from {{ ref('int_drugs_deduplicated') }}

),

publications as (

    select * from {{ their_publications }}

),

described as (

    select
        drugs.atc_code as atccode,
        drugs.drug_name as drug,
        publications.publication_id as id,
        publications.title as publication_title,
        publications.article_type,
        publications.journal,
        publications.publication_date as date
    from mentions
    inner join drugs on mentions.drug_key = drugs.drug_key
    inner join publications
        on mentions.publication_key = publications.publication_key

)

select * from described
order by
    {{ order | join(' asc nulls last, ') }} asc nulls last
