-- The records with a defect, from staging. A record whose date can't be read is
-- used without it, and listed here as a warning.
with rejected as (

    select
        raw_file,
        table_position,
        record_number,
        line_number,
        defect as reason,
        raw_text
    from {{ ref('int_records') }}
    where not is_usable

),

staged_files as (

    select * from {{ ref('int_staged_files') }}

),

publication_records as (

    select * from {{ ref('int_publication_records') }}

),

unreadable_dates as (

    select
        date_text,
        is_month_first
    from {{ ref('int_dates') }}
    where publication_date is null

),

numbered as (

    select
        rejected.raw_file,
        -- A record that can't be parsed is found by its line. Others have a
        -- number: lines are counted in small files only.
        case
            when rejected.reason in ('unparseable_row', 'not_an_object')
                then rejected.line_number
        end as line_number,
        coalesce(
            rejected.record_number,
            rejected.table_position - staged_files.first_position + 1
        ) as record_number,
        true as is_rejected,
        rejected.reason,
        rejected.raw_text
    from rejected
    inner join staged_files on rejected.raw_file = staged_files.raw_file

),

warned as (

    select
        publication_records.raw_file,
        null as line_number,
        case
            when publication_records.is_numbered
                then publication_records.file_position
            else
                publication_records.file_position
                - staged_files.first_position + 1
        end as record_number,
        false as is_rejected,
        'unreadable_date' as reason,
        case publication_records.article_type
            when 'clinical_trials'
                then to_json({
                    'id': publication_records.publication_id,
                    'scientific_title': publication_records.title,
                    'date': publication_records.date_text,
                    'journal': publication_records.journal
                })
            else to_json({
                'id': publication_records.publication_id,
                'title': publication_records.title,
                'date': publication_records.date_text,
                'journal': publication_records.journal
            })
        end::varchar as raw_text
    from publication_records
    inner join unreadable_dates
        on
            publication_records.date_text = unreadable_dates.date_text
            and publication_records.is_month_first
            = unreadable_dates.is_month_first
    inner join staged_files
        on publication_records.raw_file = staged_files.raw_file

),

united as (

    select * from numbered

    union all

    select * from warned

)

select
    raw_file,
    line_number,
    case when line_number is null then record_number end as record_number,
    is_rejected,
    reason,
    raw_text
from united
order by
    raw_file asc, line_number asc nulls last, record_number asc nulls last
