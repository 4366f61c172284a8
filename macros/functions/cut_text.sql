-- A text of no more than some characters, the last of them `…` if it is cut.
create or replace macro cut_text(text, size) as
    case
        when length(text) > size then left(text, size - 1) || '…'
        else text
    end;
