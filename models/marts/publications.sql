-- It has all columns of the intermediate model, which describes them.
--
-- It waits for the audits of all that is published.
-- depends_on: {{ ref('int_drug_mentions') }}
-- depends_on: {{ ref('raw_file_reconciliation') }}
select * from {{ ref('int_publications') }}  -- noqa: AM04
