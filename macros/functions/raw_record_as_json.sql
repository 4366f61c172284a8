-- The cells of a record that hold something, as the text of a JSON object. The
-- structs of several sources have all their fields when they are united, so
-- empty ones are left out.
create or replace macro raw_record_as_json(raw_record) as
    json_merge_patch('{}', to_json(raw_record))::varchar;
