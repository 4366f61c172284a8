-- Names and titles are compared in this form only: words of letters and digits
-- in lower case, parted by single blanks. Case, accents, punctuation, tags,
-- entities and trademark signs make no difference.
--
-- Most titles are plain ASCII, and folding is the most expensive step of a
-- build. So the rules for other letters come after a test for ASCII, and each
-- rule after a cheaper test whether the title can need it.

-- `<sub>`, `</i>`, `<sup class="x">`; `<5 mg and >3` is not a tag.
create or replace macro tag_pattern() as
    '(?i)</?(?:i|b|u|em|strong|sub|sup|sc|small|big|span|font|tt|mml:[a-z]+)'
    || '(?:\s+[a-z][a-z:-]*\s*=\s*(?:"[^"<>]*"|''[^''<>]*''))*\s*/?>';


-- `Zyrtec(R)` and `Haldol (TM)`; in `(R)-warfarin` it is not a trademark.
create or replace macro trademark_pattern() as
    '(?i)([\p{L}\p{N}]) ?(?:\(tm\)|\(r\)($|[^-\p{L}\p{N}]))';


create or replace macro without_all_markup(text) as regexp_replace(
    regexp_replace(text, tag_pattern(), '', 'g'),
    trademark_pattern(), '\1 \2', 'g'
);


-- The same, behind a look whether there is any.
create or replace macro without_markup(text) as case
    when
        contains(text, '<')
        or (contains(text, '(') and regexp_matches(text, '(?i)\((?:r|tm)\)'))
        then without_all_markup(text)
    else text
end;


create or replace macro with_plain_letters(text) as translate(
    text,
    'µϐϑϕϖϰϱϵøłđħŧıſ⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉０１２３４５６７８９'
    || 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
    'μβθφπκρεoldhtis012345678901234567890123456789'
    || 'abcdefghijklmnopqrstuvwxyz'
);


-- A Latin or Greek letter is the same without its accent. In other scripts a
-- mark may make another letter (`ば` and `は`, `й` and `и`) or be the only vowel.
-- So the text is split where scripts change.
create or replace macro without_accents(text) as list_aggregate(
    list_transform(
        regexp_extract_all(
            nfc_normalize(text),
            -- `^$`, or an empty text would become null.
            '^$|[\x{0}-\x{3FF}\x{1AB0}-\x{1AFF}\x{1D00}-\x{2BFF}]+'
            || '|[^\x{0}-\x{3FF}\x{1AB0}-\x{1AFF}\x{1D00}-\x{2BFF}]+'
        ),
        lambda part: case
            when
                ord(part) < 1024
                or ord(part) between 6832 and 6911
                or ord(part) between 7424 and 11263
                then strip_accents(part)
            else part
        end
    ),
    'string_agg',
    ''
);


-- Of `ß-carotene` and `ß2`, which people type for want of a Greek letter.
create or replace macro with_greek_beta(text) as
    regexp_replace(text, '(^|[ -/‐‑–])ß($|[ -/‐‑–0-9])', '\1β\2', 'g');


-- Not by `translate`, which can only replace one letter by one letter.
create or replace macro spell_out(text) as
    replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(replace(replace(replace(replace(
    replace(replace(replace(replace(text
    , 'α', 'alpha') , 'β', 'beta') , 'γ', 'gamma') , 'δ', 'delta') , 'ε', 'epsilon')
    , 'ζ', 'zeta') , 'η', 'eta') , 'θ', 'theta') , 'ι', 'iota') , 'κ', 'kappa')
    , 'λ', 'lambda') , 'μ', 'mu') , 'ν', 'nu') , 'ξ', 'xi') , 'ο', 'omicron')
    , 'π', 'pi') , 'ρ', 'rho') , 'σ', 'sigma') , 'ς', 'sigma') , 'τ', 'tau')
    , 'υ', 'upsilon') , 'φ', 'phi') , 'χ', 'chi') , 'ψ', 'psi') , 'ω', 'omega')
    , 'ß', 'ss') , 'æ', 'ae') , 'œ', 'oe') , 'ĳ', 'ij') , 'ﬀ', 'ff')
    , 'ﬁ', 'fi') , 'ﬂ', 'fl') , 'ﬃ', 'ffi') , 'ﬄ', 'ffl') , 'ﬅ', 'st')
    , 'ﬆ', 'st');


-- For a text with at most one blank at either end. DuckDB's `trim` goes through
-- the whole text to find its end, which costs a quarter of folding it.
create or replace macro without_outer_blanks(text) as
    ltrim(regexp_replace(text, ' $', ''));


-- Each step names its argument once. DuckDB pastes the body of a function where
-- it is called, so a step that names its argument twice would double all steps
-- inside it. `array_to_string` does so, `list_aggregate` does not.
create or replace macro fold_lower_case(text) as without_outer_blanks(
    regexp_replace(
        regexp_replace(spell_out(with_greek_beta(with_plain_letters(text))), '\p{Cf}', '', 'g'),
        ' *[^\p{L}\p{M}\p{N} ][^\p{L}\p{M}\p{N}]*|  +', ' ', 'g'
    )
);


create or replace macro fold_text(text) as case
    when is_ascii(text) and not contains(text, '&')
        then without_outer_blanks(regexp_replace(
            lower(without_markup(text)),
            ' *[^a-z0-9 ][^a-z0-9]*|  +', ' ', 'g'
        ))
    else fold_lower_case(lower(without_all_markup(case
        when
            contains(text, '&')
            or regexp_matches(
                text,
                '[ÂÃÅÎÏâ][\x{80}-\x{BF}\x{152}-\x{192}\x{2C6}\x{2DC}\x{2020}-\x{2122}]'
                || '|[\x{400}-\x{1AAF}\x{1B00}-\x{1CFF}\x{2C00}-\x{FAFF}\x{10000}-\x{10FFFF}]'
            )
            then without_accents(decode_mojibake(decode_entities(text)))
        else strip_accents(text)
    end)))
end;
