-- Null for an empty text and for what programs and people write where there is
-- nothing: R, pandas, databases, spreadsheets.
create or replace macro null_if_placeholder(text) as
    case
        when
            strlen(text) <= 7
            and lower(text) in (
                '', 'na', 'n/a', 'n.a.', '#n/a', '#na', '<na>', 'nan', '#nan',
                '-nan', 'null', '(null)', '<null>', 'none', 'nil', 'nat',
                '\n', '-', '--', '---', '–', '—', '.', '?', '#null!', '#ref!',
                '#value!', '#name?', '#num!', '#div/0!'
            )
            then null
        else text
    end;
