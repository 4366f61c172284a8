-- Exports from Python write bytes as escapes: `\xc3\xb1` for ñ. Escapes in a
-- row are decoded together. If they are not UTF-8, all of them are removed: to
-- decode some of them would be a guess.
create or replace macro decode_escapes(text) as
    case
        when contains(text, '\x')
            then array_to_string(
                list_transform(
                    regexp_extract_all(
                        text, '(?:\\x[0-9a-fA-F]{2})+|[^\\]+|\\'
                    ),
                    lambda part: case
                        when regexp_matches(part, '^\\x[0-9a-fA-F]{2}')
                            then coalesce(
                                try(decode(unhex(replace(part, '\x', '')))), ''
                            )
                        else part
                    end
                ),
                ''
            )
        else text
    end;
