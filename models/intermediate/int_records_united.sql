{%- set staging_models = ['stg_drugs', 'stg_drug_synonyms']
    + publication_sources() | map(attribute='model') | list %}

with records as (

    {% for staging_model in staging_models -%}
        select
            raw_file,
            {{ position_in_table() }} as table_position,
            record_number,
            line_number,
            is_usable,
            defect,
            defect_detail,
            raw_text
        from {{ ref(staging_model) }}
        {% if not loop.last %}
            union all

        {% endif -%}
    {% endfor %}

)

select * from records
