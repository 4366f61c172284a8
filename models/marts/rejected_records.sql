with records as (

    select * from {{ ref('int_records_united') }}

),

first_records as (

    select
        raw_file,
        min(table_position) as first_position
    from {{ ref('int_records_united') }}
    group by raw_file

),

defective as (

    select
        records.raw_file,
        records.line_number,
        case
            when records.line_number is null
                then coalesce(
                    records.record_number,
                    records.table_position - first_records.first_position + 1
                )
        end as record_number,
        not records.is_usable as is_rejected,
        records.defect as reason,
        records.defect_detail as detail,
        records.raw_text
    from records
    inner join first_records on records.raw_file = first_records.raw_file
    where records.defect is not null

)

select * from defective
order by
    raw_file asc, line_number asc nulls last, record_number asc nulls last
