"""What the project promises, said once more in plain Python.

Nothing here is taken from the project's SQL or from DuckDB: letters are spelt
out by their names in the Unicode database, case is Unicode's full case folding,
dates are counted by the calendar. Slow and short on purpose, so that a reader
can check each rule against its sentence.
"""

from __future__ import annotations

import re
import string
import unicodedata
from calendar import month_name
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

TAGS = {"i", "b", "u", "em", "strong", "sub", "sup"}

MONTHS = [month.lower() for month in month_name[1:]]

# What programs and people write where there is nothing.
PLACEHOLDERS = {
    *("na", "n/a", "n.a.", "#n/a", "#na", "<na>", "nan", "#nan", "-nan"),
    *("null", "(null)", "<null>", "none", "nil", "nat", r"\n"),
    *("-", "--", "---", "\u2013", "\u2014", ".", "?"),
    *("#null!", "#ref!", "#value!", "#name?", "#num!", "#div/0!"),
}

# Format characters that are seen: the Arabic signs that enclose a number, and
# the tag characters, without which the flag of Scotland is a black one.
VISIBLE_FORMATS = {
    *range(0x0600, 0x0606),
    0x06DD,
    0x070F,
    0x0890,
    0x0891,
    0x08E2,
    0x110BD,
    0x110CD,
    *range(0xE0000, 0xE0080),
}


class Record(NamedTuple):
    """A cleaned record of a publication, or a publication."""

    article_type: str
    publication_id: str | None
    title: str
    journal: str | None
    publication_date: date | None


def _without_tags(text: str) -> str:
    """Leave out `<i>`, `</i>`, `<i/>` and the like, and nothing else."""
    kept = ""
    while "<" in text:
        before, _, behind = text.partition("<")
        inside, closing, rest = behind.partition(">")
        name = inside.removeprefix("/").removesuffix("/")
        is_ascii_tag = name.isascii() and name.lower() in TAGS
        if closing and is_ascii_tag:
            kept, text = kept + before, rest
        else:
            kept, text = kept + before + "<", behind
    return kept + text


def _spelt_out(character: str) -> str:
    """Give one lower-case character without marks as it is compared.

    Greek letters by their names; the digraphs and ligatures as two letters; a
    letter with a stroke or without its dot as the plain letter; raised,
    lowered and full-width digits and letters as the plain ones.
    """
    kind, _, plain = unicodedata.decomposition(character).partition(" ")
    if kind in {"<super>", "<sub>", "<wide>"} and " " not in plain:
        base = chr(int(plain, 16))
        if base in string.digits or (kind == "<wide>" and base.isalpha()):
            return base
    name = unicodedata.name(character, "")
    if 0x3B1 <= ord(character) <= 0x3C9:
        greek = name.removeprefix("GREEK SMALL LETTER ").lower()
        return greek.replace("lamda", "lambda")
    latin = name.removeprefix("LATIN SMALL LETTER ")
    latin = latin.removeprefix("LATIN SMALL LIGATURE ")
    latin = latin.removeprefix("DOTLESS ").removesuffix(" WITH STROKE")
    if latin != name and (len(latin) == 1 or latin in {"AE", "OE", "IJ"}):
        return latin.lower()
    return character


def _is_letter_or_digit(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"


def _without_marks(text: str) -> str:
    """Leave out accents, joined or loose, and what only steers the printing."""
    return "".join(
        character
        for character in unicodedata.normalize("NFD", text)
        if unicodedata.category(character)[0] != "M"
        and unicodedata.category(character) != "Cf"
    )


def fold(text: str) -> str:
    """Give a text as it is compared.

    Tags are left out. Case and accents make no difference, nor do characters
    that print nothing. Greek letters, ligatures, raised and lowered digits are
    spelt out within the word they stand in. Whatever is neither a letter nor a
    digit parts two words, and words are parted by one blank.
    """
    caseless = _without_marks(_without_marks(_without_tags(text)).casefold())
    words = "".join(
        _spelt_out(character) if _is_letter_or_digit(character) else " "
        for character in caseless
    )
    return unicodedata.normalize("NFC", " ".join(words.split()))


def _decoded(text: str) -> str:
    r"""Decode runs of `\xc3\xb1`; leave out a run that is not UTF-8."""

    def decode(run: re.Match[str]) -> str:
        encoded = bytes.fromhex(run[0].replace("\\x", ""))
        try:
            return encoded.decode()
        except UnicodeDecodeError:
            return ""

    return re.sub(r"(\\x[0-9a-fA-F]{2})+", decode, text)


def _is_blank(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "Z" or category == "Cc"


def _prints_nothing(character: str) -> bool:
    return character == " " or (
        unicodedata.category(character) == "Cf"
        and ord(character) not in VISIBLE_FORMATS
    )


def clean(text: str | None) -> str | None:
    """Give a text as it is kept, or nothing if there is nothing to be seen.

    Escape residue is decoded or left out; every run of white space or control
    characters is one blank; nothing invisible stands at either end. A text that
    only says that there is nothing is nothing.
    """
    if text is None:
        return None
    blanked = "".join(
        " " if _is_blank(character) else character
        for character in _decoded(text)
    )
    kept = list(" ".join(word for word in blanked.split(" ") if word))
    while kept and _prints_nothing(kept[-1]):
        kept.pop()
    while kept and _prints_nothing(kept[0]):
        kept.pop(0)
    cleaned = "".join(kept)
    return None if cleaned.lower() in PLACEHOLDERS else cleaned or None


def clean_id(text: str | None) -> str | None:
    """Give an id as it is kept.

    `10.0` is what a spreadsheet makes of 10. Of `1E+07` nobody knows what it
    was. The number of a trial is in capitals.
    """
    cleaned = clean(text)
    if cleaned is None or re.fullmatch(r"\dE\+\d\d", cleaned, re.ASCII):
        return None
    if re.fullmatch(r"nct\d{8}", cleaned, re.ASCII):
        return cleaned.upper()
    match = re.fullmatch(r"(\d+)\.0+", cleaned, re.ASCII)
    return match[1] if match else cleaned


def has_plain_date(text: str) -> bool:
    """Tell whether a text has the shape of the plain dates.

    Three numbers with dashes, slashes or dots, but for the year first with
    slashes or dots; behind a year at the end, there may be a time; or a number,
    an English month and a number. What other spellings of PubMed and
    ClinicalTrials.gov are, examples say better than rules.
    """
    if re.fullmatch(
        r"\d+-\d+-\d+|\d{1,3}([-/.])\d+\1\d+( \d\d:\d\d)?", text, re.ASCII
    ):
        return True
    match = re.fullmatch(r"\d+ ([A-Za-z]+) \d+", text, re.ASCII)
    return bool(match) and match[1].lower() in MONTHS


def parse_date(text: str | None) -> date | None:
    """Give the day that a cleaned text spells, or nothing.

    Year-month-day with dashes, day/month/year with slashes, dashes or dots, or
    day, month in English and year: in this order and no other, the year with
    four digits and no earlier than 1000. Where no calendar has the day, the
    month begins then, and the year where the month is 0.
    """
    if text is None or not text.isascii():
        return None
    if match := re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)", text):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(
        r"(\d\d?)([-/.])(\d\d?)\2(\d{4})( \d\d:\d\d)?", text
    ):
        day, month, year = map(int, match.group(1, 3, 4))
    elif (
        match := re.fullmatch(r"(\d\d?) ([A-Za-z]+) (\d{4})", text)
    ) and match[2].lower() in MONTHS:
        month = MONTHS.index(match[2].lower()) + 1
        day, year = int(match[1]), int(match[3])
    else:
        return None
    if year < 1000 or month > 12:
        return None
    if month == 0:
        return date(year, 1, 1)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 1)


def merge(records: Iterable[Record]) -> set[Record]:
    """Give the publications that the records are records of.

    Two records of one source with the same title and date are one publication
    when one lacks what the other has, an id or a journal. A record that lacks
    what several could give goes to the one with which it shares what it has; it
    completes one other record only, since an id is of one publication: the
    first id without a journal meets the first journal without an id.
    """
    groups = defaultdict(set)
    for record in records:
        key = (record.article_type, record.title, record.publication_date)
        groups[key].add((record.publication_id, record.journal))
    publications = set()
    for (article_type, title, publication_date), pairs in groups.items():
        complete = {pair for pair in pairs if None not in pair}
        ids = {pair[0] for pair in pairs} - {pair[0] for pair in complete}
        journals = {pair[1] for pair in pairs} - {pair[1] for pair in complete}
        lone_ids: list[str | None] = sorted(ids - {None})
        lone_journals: list[str | None] = sorted(journals - {None})
        count = max(len(lone_ids), len(lone_journals))
        lone_ids += [None] * (count - len(lone_ids))
        lone_journals += [None] * (count - len(lone_journals))
        complete |= set(zip(lone_ids, lone_journals, strict=True))
        for publication_id, journal in complete or {(None, None)}:
            publications.add(
                Record(
                    article_type,
                    publication_id,
                    title,
                    journal,
                    publication_date,
                )
            )
    return publications


def mentions(
    names: Iterable[str], titles: Iterable[str]
) -> set[tuple[str, str]]:
    """Give each pair of a name and a title that mentions it.

    The words of the name stand in the title, all of them, in their order and
    without another word between them.
    """
    worded = [(title, fold(title).split()) for title in titles]
    found = set()
    for name in names:
        words = fold(name).split()
        for title, title_words in worded:
            places = range(len(title_words) - len(words) + 1)
            if words and any(
                title_words[place : place + len(words)] == words
                for place in places
            ):
                found.add((name, title))
    return found
