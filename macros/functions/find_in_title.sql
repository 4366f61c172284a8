-- Where a name that was found by its words stands in the title as it is read:
-- without tags, entities and trademark signs.

create or replace macro needs_no_fold(text) as
    is_ascii(text)
    and not contains(text, '<')
    and not contains(text, '&')
    and not contains(text, '(');


create or replace macro readable_title(title) as case
    when needs_no_fold(title) then title
    else without_all_markup(decode_mojibake(decode_entities(title)))
end;


-- As many as `fold_text` gives, each with what stands in front of it.
create or replace macro written_words(readable_title) as regexp_extract_all(
    readable_title,
    '[^\p{L}\p{M}\p{N}]*[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\p{Cf}]*'
);


-- Most names stand in the title as they are compared, and once: then there is
-- no need to count words. Otherwise 0.
create or replace macro only_place_of(name, title) as case
    when
        is_ascii(title)
        and not contains(title, '<')
        and not contains(title, '&')
        then case
            when strpos(
                substr(lower(title), strpos(lower(title), name) + 1), name
            ) = 0
                then strpos(lower(title), name)
            else 0
        end
    else 0
end;


create or replace macro without_signs_before(words) as
    regexp_replace(words, '^[^\p{L}\p{M}\p{N}]+', '');


-- What stands beside a name, as patterns expect it: lower case, plain hyphens,
-- Greek letters spelt out.
create or replace macro context_text(text) as case
    when is_ascii(text) then lower(text)
    else spell_out(with_plain_letters(lower(
        translate(text, '‐‑‒–—−', '------')
    )))
end;
