-- To load this source, macros/plugins/raw_files_plugin.py lists the raw files,
-- recognises the new ones, repairs what DuckDB can't read as it is, and creates
-- the views `raw.<kind>` over them.
select
    raw_file,
    kind,
    format,
    encoding,
    delimiter,
    line_ends,
    records,
    is_repaired,
    repair_reason,
    size_bytes,
    modified_at,
    raw_file_version,
    is_new,
    file_path
from {{ source('raw', 'files') }}
