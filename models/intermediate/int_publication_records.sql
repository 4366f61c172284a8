-- Records of one file stand in the table in the order of the file; those that
-- the package has read have a number of their own.
-- `render`, since `--empty` puts a query in the place of the table, and a query
-- numbers no rows.
with records as (

    select
        'pubmed' as article_type,
        coalesce(record_number, rowid) as file_position,
        record_number is not null as is_numbered,
        raw_file,
        publication_id,
        has_registered_id,
        is_deleted,
        record_version,
        revised_on,
        title,
        title_hash,
        journal,
        date_text
    from {{ ref('stg_pubmed_articles').render() }}
    where is_usable

    union all

    select
        'clinical_trials' as article_type,
        coalesce(record_number, rowid) as file_position,
        record_number is not null as is_numbered,
        raw_file,
        publication_id,
        has_registered_id,
        false as is_deleted,
        null as record_version,
        null as revised_on,
        title,
        title_hash,
        journal,
        date_text
    from {{ ref('stg_clinical_trials').render() }}
    where is_usable

),

month_first_files as (

    select * from {{ ref('int_month_first_files') }}

),

with_date_orders as (

    select
        records.*,
        case
            when month_first_files.raw_file is null then false
            else may_be_month_first(records.date_text)
        end as is_month_first
    from records
    left join month_first_files on records.raw_file = month_first_files.raw_file

)

select * from with_date_orders
