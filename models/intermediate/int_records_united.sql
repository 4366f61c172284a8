with united as (

    select
        *,
        {{ position_in_table() }} as table_position
    from {{ ref('stg_drugs') }}

    union all by name

    select
        *,
        {{ position_in_table() }} as table_position
    from {{ ref('stg_drug_synonyms') }}
    {%- for publications in publication_sources() %}

        union all by name

        select
            *,
            {{ position_in_table() }} as table_position
        from {{ ref(publications.model) }}
    {%- endfor %}

),

records as (

    select
        raw_file,
        table_position,
        record_number,
        line_number,
        is_usable,
        defect,
        defect_detail,
        raw_text
    from united

)

select * from records
