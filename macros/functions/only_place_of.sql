-- Where a folded name begins in a title, counted in letters, if it stands there
-- as it is compared and once; otherwise 0. Most do, and then there is no need to
-- count words.
create or replace macro only_place_of(name, title) as case
    when
        is_plain_text(title)
        and strpos(
            substr(lower(title), strpos(lower(title), name) + 1), name
        ) = 0
        then strpos(lower(title), name)
    else 0
end;
