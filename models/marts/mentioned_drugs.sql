{%- set is_partial = find_replaced_mentions() %}
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

    select * from {{ 'new_mentions' if is_partial else ref('int_drugs_matched') }}

),

drugs as (

    select * from {{ ref('int_drugs_deduplicated') }}

),

publications as (

    select * from
    {{ 'new_publications' if is_partial else ref('int_publications_merged') }}

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
    {%- for column in order %}
    {{ column }} asc nulls last{{ ',' if not loop.last }}
    {%- endfor %}
