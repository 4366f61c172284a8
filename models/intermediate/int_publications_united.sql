{%- set kinds = {
    'stg_pubmed_csv': 'pubmed',
    'stg_pubmed_json': 'pubmed',
    'stg_clinical_trials': 'clinical_trials',
} -%}

with united as (

    {% for staging_model, article_type in kinds.items() -%}
    select
        '{{ article_type }}' as article_type,
        publication_id,
        title,
        journal,
        publication_date,
        raw_file,
        record_number
    from {{ ref(staging_model) }}
    where is_usable
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from united
