{%- set staging_models = [
    'stg_drugs', 'stg_pubmed_csv', 'stg_pubmed_json', 'stg_clinical_trials'
] -%}
{%- set cleaned_models = ['int_drugs_deduplicated', 'int_publications_merged'] -%}

with raw_files as (

    select * from {{ ref('stg_raw_files') }}

),

records_read as (

    {% for staging_model in staging_models -%}
    select
        raw_file,
        count(*) as records_read
    from {{ ref(staging_model) }}
    group by raw_file
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Counted from what was written, not from what was read: a record that got
-- lost on the way is missing here.
records_kept as (

    {% for cleaned_model in cleaned_models -%}
    select
        raw_file,
        count(*) as records_kept
    from {{ ref(cleaned_model) }}
    group by raw_file
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

merged_raw_files as (

    {% for cleaned_model in cleaned_models -%}
    select unnest(merged_raw_files) as raw_file
    from {{ ref(cleaned_model) }}
    where merged_raw_files is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

records_merged as (

    select
        raw_file,
        count(*) as records_merged
    from merged_raw_files
    group by raw_file

),

records_rejected as (

    select
        raw_file,
        count(*) filter (where is_rejected) as records_rejected,
        count(*) filter (where not is_rejected) as records_with_warning
    from {{ ref('rejected_records') }}
    group by raw_file

),

reconciled as (

    select
        raw_files.raw_file,
        raw_files.source_name,
        coalesce(records_read.records_read, 0) as records_read,
        coalesce(records_kept.records_kept, 0) as records_kept,
        coalesce(records_merged.records_merged, 0) as records_merged,
        coalesce(records_rejected.records_rejected, 0) as records_rejected,
        coalesce(records_rejected.records_with_warning, 0)
            as records_with_warning
    from raw_files
    left join records_read on raw_files.raw_file = records_read.raw_file
    left join records_kept on raw_files.raw_file = records_kept.raw_file
    left join records_merged on raw_files.raw_file = records_merged.raw_file
    left join records_rejected
        on raw_files.raw_file = records_rejected.raw_file
    where raw_files.source_name is not null

)

select * from reconciled
order by raw_file
