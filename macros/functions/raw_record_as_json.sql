-- The cells of a record as the text of a JSON object, without the empty ones: a
-- union of several sources gives every struct the fields of all of them.
create or replace macro raw_record_as_json(raw_record) as
    json_merge_patch('{}', to_json(raw_record))::varchar;
