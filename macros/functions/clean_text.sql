-- A text as we keep it: escape residue decoded, white space and control
-- characters folded to single blanks, nothing invisible at its ends, null when
-- nothing is left or when it only says that there is nothing (`NA`, `NULL`, …).
--
-- Most texts are clean, and finding that out costs a fifth of cleaning them.
create or replace macro clean_text(text) as
    case
        when
            text is null
            or regexp_matches(text, '[^ -~]|  |^ | $|\\x')
            then null_if_placeholder(visible_text(decode_escapes(text)))
        else null_if_placeholder(text)
    end;
