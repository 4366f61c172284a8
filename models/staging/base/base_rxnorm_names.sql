-- RxNorm's names. A concept is a drug if RxNorm calls it an ingredient. The
-- rows of the source `ATC` have its ATC codes.
select
    raw_file,
    raw_file_version,
    record_number,
    line_number,
    reader_defect,
    raw_text,
    struct_pack(rxcui, sab, tty, code, str) as raw_record,
    'rxnorm_names' as vocabulary,
    rxcui as concept_id,
    case when sab = 'ATC' and length(code) = 7 then code end as atc_code,
    str as name,
    null::varchar as other_names,
    sab = 'RXNORM' and tty = 'IN' as is_drug,
    suppress = 'N' as is_in_use
from {{ source('raw', 'rxnorm_names') }}
