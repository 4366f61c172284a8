"""How names and titles are compared, said once more in plain Python.

Nothing here is taken from the project's SQL or from DuckDB: entities are those
of Python's `html`, letters are spelt out by their names in the Unicode
database. Slow and short on purpose.
"""

from __future__ import annotations

import html
import re
import string
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TAG = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|sc|small|big|span|font|tt|mml:[a-z]+)"
    r"(?:\s+[a-z][a-z:-]*\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?>",
    re.IGNORECASE | re.ASCII,
)


def is_latin_or_greek(character: str) -> bool:
    """Tell whether accents are taken from a character, or it has no script."""
    code = ord(character)
    return code < 0x400 or 0x1AB0 <= code <= 0x1AFF or 0x1D00 <= code <= 0x2BFF


# `ß-carotene` and `ß2`, but not the letter within a word.
HYPHENS = "\u2010\u2011\u2013"
OTHER_DIGITS = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2080-\u2089\uff10-\uff19"
BETA = re.compile(f"(^|[ -/{HYPHENS}])ß($|[ -/0-9{HYPHENS}{OTHER_DIGITS}])")


def without_accents(text: str) -> str:
    """Take the marks from Latin and Greek letters, and from no others."""
    kept = ""
    for character in unicodedata.normalize("NFC", text):
        if is_latin_or_greek(character):
            kept += "".join(
                part
                for part in unicodedata.normalize("NFD", character)
                if unicodedata.category(part)[0] != "M"
            )
        else:
            kept += character
    return kept


def spelt_out(character: str) -> str:
    """Give one lower-case character without accents as it is compared."""
    kind, _, plain = unicodedata.decomposition(character).partition(" ")
    if kind in {"<super>", "<sub>", "<wide>"} and " " not in plain:
        base = chr(int(plain, 16))
        if base in string.digits or (kind == "<wide>" and base.isalpha()):
            return base
    if character == "µ":
        return "mu"
    name = unicodedata.name(character, "")
    if 0x3B1 <= ord(character) <= 0x3C9:
        greek = name.removeprefix("GREEK SMALL LETTER ").lower()
        return greek.replace("final ", "").replace("lamda", "lambda")
    latin = name.removeprefix("LATIN SMALL LETTER ")
    latin = latin.removeprefix("LATIN SMALL LIGATURE ")
    latin = latin.removeprefix("DOTLESS ").removesuffix(" WITH STROKE")
    if latin == "SHARP S":
        return "ss"
    if latin != name and (len(latin) == 1 or latin in {"AE", "OE", "IJ"}):
        return latin.lower()
    return character


def fold(text: str) -> str:
    """Give a text as it is compared: words parted by single blanks.

    Entities are decoded; tags and trademark signs left out. Case and accents
    make no difference, nor do characters that print nothing. Whatever is
    neither a letter, a mark nor a digit parts two words.
    """
    if "&" in text:
        text = html.unescape(text.replace("&amp;", "&"))
    text = TAG.sub("", text)
    text = re.sub(
        r"([^\W_]) ?(?:\(tm\)|\(r\)($|[^-\w]|_))", r"\1 \2", text, flags=re.I
    )
    text = without_accents(text.lower())
    words = ""
    for character in BETA.sub(r"\1β\2", text):
        if unicodedata.category(character) == "Cf":
            continue
        is_word = unicodedata.category(character)[0] in "LMN"
        words += spelt_out(character) if is_word else " "
    return " ".join(words.split())


def digits_apart(words: str) -> str:
    """Part letters and digits: `il2` and `il 2` are one name."""
    apart = re.sub(r"([^\W\d_])([0-9])", r"\1 \2", words)
    return re.sub(r"([0-9])([^\W\d_])", r"\1 \2", apart)


def is_mentioned(name: str, title: str) -> bool:
    """Tell whether a name stands in a title, both folded, as whole words.

    Between a letter and a digit there may be a blank or none, in the name as in
    the title; at its ends the name ends where a word of the title does.
    """
    wanted = digits_apart(name).replace(" ", "")
    words = title.split()
    for first in range(len(words)):
        for last in range(first, len(words)):
            run = " ".join(words[first : last + 1])
            joined = run.replace(" ", "")
            if joined == wanted and digits_apart(run) == digits_apart(name):
                return True
            if len(joined) > len(wanted):
                break
    return False


def mentions(
    names: Iterable[str], titles: Iterable[str]
) -> set[tuple[str, str]]:
    """Give each pair of a name and a title that mentions it."""
    folded = [(title, fold(title)) for title in titles]
    return {
        (name, title)
        for name in names
        for title, title_words in folded
        if fold(name) and is_mentioned(fold(name), title_words)
    }
