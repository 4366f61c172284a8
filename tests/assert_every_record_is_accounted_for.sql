-- Before anything is published: mentioned_drugs waits for this model's tests.
select *
from {{ ref('raw_file_reconciliation') }}
where records_read <> records_kept + records_merged + records_rejected
