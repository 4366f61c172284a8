-- The words of a title as it is read, each with what stands in front of it: as
-- many as `fold_text` gives, so that the place of a folded word is that of the
-- written one.
create or replace macro written_words(readable_title) as regexp_extract_all(
    readable_title,
    '[^\p{L}\p{M}\p{N}]*[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\p{Cf}]*'
);


create or replace macro without_signs_before(words) as
    regexp_replace(words, '^[^\p{L}\p{M}\p{N}]+', '');
