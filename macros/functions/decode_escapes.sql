-- Exports from Python leave bytes spelt out: `\xc3\xb1` for ñ. A run of such
-- escapes is decoded as a whole, and removed as a whole when it is not UTF-8:
-- half a run would be guess-work.
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
