-- Whether a text looks like a PubMed id or the number of a trial. Anything else
-- proves nothing about which records are the same.
create or replace macro is_registered_id(text) as
    coalesce(
        regexp_full_match(text, '[1-9][0-9]{0,9}|NCT[0-9]{8}'), false
    );
