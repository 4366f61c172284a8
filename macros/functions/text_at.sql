-- A title's words as it writes them, each with what stands in front of it:
-- entities, tags and signs that `fold_text` leaves out are no words here either.
create or replace macro written_words(title) as regexp_extract_all(
    title, '[^\p{L}\p{M}\p{N}]*[\p{L}\p{M}\p{N}\p{Cf}]+'
);


create or replace macro text_at(title, place, word_count) as ltrim(
    list_aggregate(
        written_words(title)[place:place + word_count - 1], 'string_agg', ''
    )
);
