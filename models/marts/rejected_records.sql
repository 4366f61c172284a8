with records as (

    select * from {{ ref('int_records_united') }}

),

-- Records are numbered through all files of a kind, since that costs nothing.
first_records as (

    select
        raw_file,
        min(record_number) as first_record_number
    from records
    group by raw_file

),

defective as (

    select
        records.raw_file,
        records.line_number,
        records.record_number - first_records.first_record_number + 1
            as record_number,
        not records.is_usable as is_rejected,
        records.defect as reason,
        records.defect_detail as detail,
        records.raw_text
    from records
    inner join first_records on records.raw_file = first_records.raw_file
    where records.defect is not null

)

select * from defective
order by raw_file, line_number, record_number
