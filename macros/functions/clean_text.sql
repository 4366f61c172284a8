-- A text as we keep it: escape residue decoded, white space and control
-- characters folded to single blanks, nothing invisible at its ends, null when
-- nothing is left or when it only says that there is nothing (`NA`, `NULL`, …).
--
-- Most texts are clean, and to find that out costs a fifth of cleaning them.
-- DuckDB pastes the body of a function where it is called, and the argument
-- wherever the body names it. So call this one with a column, not with a long
-- expression.

-- What programs and people write where there is nothing: R, pandas, databases,
-- spreadsheets.
create or replace macro without_placeholder(text) as
    nullif(
        regexp_replace(
            text,
            '(?i)^(?:#?n/?a|n\.a\.|<na>|[#-]?nan|null|[(<]null[)>]|none|nil|nat'
            || '|\\n|-{1,3}|[–—.?]|#(?:null!|ref!|value!|name\?|num!|div/0!))$',
            ''
        ),
        ''
    );


create or replace macro clean_text(text) as
    case
        when regexp_matches(text, '[^ -~]|  |^ | $|\\x')
            then without_placeholder(visible_text(decode_escapes(text)))
        when strlen(text) <= 7 and lower(text) in (
            '', 'na', 'n/a', 'n.a.', '#n/a', '#na', '<na>', 'nan', '#nan',
            '-nan', 'null', '(null)', '<null>', 'none', 'nil', 'nat', '\n',
            '-', '--', '---', '.', '?', '#null!', '#ref!', '#value!', '#name?',
            '#num!', '#div/0!'
        ) then null
        else text
    end;
