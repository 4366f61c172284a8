with reconciliation as (

    select * from {{ ref('raw_file_reconciliation') }}

),

rejected_records as (

    select * from {{ ref('rejected_records') }}

),

record_totals as (

    select
        count(*) as files,
        coalesce(sum(records_read), 0)::bigint as records_read,
        coalesce(sum(records_kept), 0)::bigint as records_kept,
        coalesce(sum(records_merged), 0)::bigint as records_merged,
        coalesce(sum(records_deleted), 0)::bigint as records_deleted,
        coalesce(sum(records_rejected), 0)::bigint as records_rejected,
        coalesce(sum(records_with_warning), 0)::bigint as records_with_warning
    from reconciliation

),

-- Of more than 500 files, those with the most records put aside.
shown_files as (

    select *
    from reconciliation
    qualify
        row_number() over (
            order by
                records_rejected + records_with_warning desc, raw_file asc
        ) <= 500

),

files as (

    select
        coalesce(
            list(
                {
                    'file': left(raw_file, 300),
                    'kind': source_name,
                    'read': records_read,
                    'kept': records_kept,
                    'merged': records_merged,
                    'deleted': records_deleted,
                    'rejected': records_rejected,
                    'warned': records_with_warning
                }
                order by raw_file
            ),
            []
        ) as files
    from shown_files

),

reason_counts as (

    select
        reason,
        count(*) as records
    from rejected_records
    group by reason

),

reasons as (

    select
        coalesce(
            list(
                struct_pack(reason, records)
                order by records desc, reason asc
            ),
            []
        ) as reasons
    from reason_counts

),

first_rejected as (

    select
        *,
        row_number() over (
            partition by reason
            order by
                raw_file asc,
                line_number asc nulls last,
                record_number asc nulls last,
                raw_text asc nulls last
        ) as place
    from rejected_records
    qualify place <= 20

),

examples as (

    select
        coalesce(
            list(
                {
                    'file': left(raw_file, 300),
                    'line': line_number,
                    'record': record_number,
                    'reason': reason,
                    'text': left(raw_text, 300)
                }
                order by reason, place
            ),
            []
        ) as examples
    from first_rejected

),

accounts as (

    select
        {
            'files': record_totals.files,
            'read': record_totals.records_read,
            'kept': record_totals.records_kept,
            'merged': record_totals.records_merged,
            'deleted': record_totals.records_deleted,
            'rejected': record_totals.records_rejected,
            'warned': record_totals.records_with_warning
        } as totals,
        files.files,
        reasons.reasons,
        examples.examples
    from record_totals
    cross join files
    cross join reasons
    cross join examples

)

select * from accounts
