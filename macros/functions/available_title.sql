-- Null for what PubMed prints where an article has no title in English.
create or replace macro available_title(title) as
    case
        when
            regexp_full_match(
                title, '(?i)\s*\[?(?:not available|in process citation)\]?\.?\s*'
            )
            then null
        else nullif(trim(title), '')
    end;
