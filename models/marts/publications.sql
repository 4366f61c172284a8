-- Publishes the file of int_publications, with all its columns. The models
-- below are named so that it waits for their audits.
-- depends_on: {{ ref('int_drug_mentions') }}
-- depends_on: {{ ref('raw_file_reconciliation') }}
select * from {{ ref('int_publications') }}  -- noqa: AM04
