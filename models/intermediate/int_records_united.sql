with drugs as (

    select
        *,
        {{ position_in_table() }} as table_position
    from {{ ref('stg_drugs') }}

),

pubmed_csv as (

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

    select * from drugs
    union all by name
    select * from pubmed_csv
    union all by name
    select * from pubmed_json
    union all by name
    select * from clinical_trials

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
