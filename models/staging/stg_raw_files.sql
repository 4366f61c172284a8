-- Loading this source lists the raw files, recognises and inspects the new ones,
-- repairs what DuckDB can't read as it is, and puts a view over each kind of
-- them into the schema `raw`; see macros/plugins/raw_files.
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
