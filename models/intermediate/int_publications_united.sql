with pubmed_csv as (

    select
        *,
        {{ position_in_table() }} as table_position
    from {{ ref('stg_pubmed_csv') }}

),

pubmed_json as (

    select
        *,
        {{ position_in_table() }} as table_position
    from {{ ref('stg_pubmed_json') }}

),

clinical_trials as (

    select
        *,
        {{ position_in_table() }} as table_position
    from {{ ref('stg_clinical_trials') }}

),

united as (

    select
        'pubmed' as article_type,
        *
    from pubmed_csv

    union all by name

    select
        'pubmed' as article_type,
        *
    from pubmed_json

    union all by name

    select
        'clinical_trials' as article_type,
        *
    from clinical_trials

),

usable as (

    select
        article_type,
        publication_id,
        title,
        {{ title_hash('title') }} as title_hash,
        journal,
        publication_date,
        raw_file,
        table_position
    from united
    where is_usable

)

select * from usable
