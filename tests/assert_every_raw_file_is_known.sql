-- A file that no source knows is read by nobody, so somebody must be told.
{{ config(severity='warn') }}

select raw_file
from {{ ref('stg_raw_files') }}
where source_name is null
