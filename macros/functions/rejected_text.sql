-- What is kept of a record that can't be used: the text that the reader had, or
-- the cells that hold something, as a JSON object. The structs of several sources
-- have all their fields when they are united, so empty ones are left out.
create or replace macro rejected_text(defect, raw_text, raw_record) as
    case
        when defect is not null
            then left(
                coalesce(
                    raw_text,
                    json_merge_patch('{}', to_json(raw_record))::varchar
                ),
                10000
            )
    end;
