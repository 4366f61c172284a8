-- A title as it is read: without tags, entities and trademark signs.
create or replace macro readable_title(title) as case
    when is_plain_text(title) and not contains(title, '(') then title
    else without_all_markup(decode_mojibake(decode_entities(title)))
end;
