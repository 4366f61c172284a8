-- Before anything is published: mentioned_drugs waits for this model's tests.
select
    raw_file,
    records_read,
    records_kept,
    records_merged,
    records_deleted,
    records_rejected
from {{ ref('raw_file_reconciliation') }}
where
    records_read is distinct from
    records_kept + records_merged + records_deleted + records_rejected
