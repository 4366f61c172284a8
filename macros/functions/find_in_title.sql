-- Finds the place of a matched name in the title as people read it, that is
-- without tags, entities and trademark signs.

create or replace macro needs_no_fold(text) as
    bit_length(text) = 8 * length(text)
    and not contains(text, '<')
    and not contains(text, '&')
    and not contains(text, '(');


create or replace macro readable_title(title) as case
    when needs_no_fold(title) then title
    else without_all_markup(decode_mojibake(decode_entities(title)))
end;


-- The title's words, as many as `fold_text` gives, each with the signs in front
-- of it.
create or replace macro written_words(readable_title) as regexp_extract_all(
    readable_title,
    '[^\p{L}\p{M}\p{N}]*[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\p{Cf}]*'
);


-- The place of a name whose letters occur in the title once, as for most names;
-- otherwise 0, and the name must be found by counting words.
create or replace macro only_place_of(name, title) as case
    when
        bit_length(title) = 8 * length(title)
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


-- The text beside a name, as the patterns of means_another_thing.sql expect it:
-- in lower case, with plain hyphens, Greek letters spelt out.
create or replace macro context_text(text) as case
    when bit_length(text) = 8 * length(text) then lower(text)
    else spell_out(with_plain_letters(lower(
        translate(text, '‐‑‒–—−', '------')
    )))
end;
