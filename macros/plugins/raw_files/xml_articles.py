"""PubMed XML, as in PubMed's baseline and update files.

No more is kept than the article that is being read, so a file of any size
takes the same memory. Nothing but the file is read: one that declares an entity
or refers to one, which is how small files are made to fill a memory or to read
other files, is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn
from xml.parsers import expat

from .records import Record
from .refusals import damaged_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .kinds import Kind

MAX_DEPTH = 200
MAX_TEXT = 1_000_000
FIRST_TAG = re.compile(
    rb"<PubmedArticleSet[\s>/]|<!DOCTYPE\s+PubmedArticleSet\s"
)

# Where texts stand. An element that is not named here is passed over.
DATE = {
    "Year": "year",
    "Month": "month",
    "Day": "day",
    "Season": "season",
    "MedlineDate": "medline_date",
}
REVISED = {
    "Year": "revised_year",
    "Month": "revised_month",
    "Day": "revised_day",
}
TREE: dict[str, Any] = {
    "PubmedArticle": {
        "MedlineCitation": {
            "PMID": "pmid",
            "DateRevised": REVISED,
            "Article": {
                "ArticleTitle": "title",
                "VernacularTitle": "vernacular_title",
                "Journal": {
                    "Title": "journal",
                    "ISOAbbreviation": "journal_abbreviation",
                    "JournalIssue": {"PubDate": DATE},
                },
            },
            "MedlineJournalInfo": {"MedlineTA": "journal_abbreviation"},
        },
    },
    "PubmedBookArticle": {
        "BookDocument": {
            "PMID": "pmid",
            "DateRevised": REVISED,
            "ArticleTitle": "title",
            "VernacularTitle": "vernacular_title",
            "Book": {"BookTitle": "book_title", "PubDate": DATE},
        },
    },
    "DeleteCitation": {"PMID": "deleted_pmid"},
}
RECORDS = ("PubmedArticle", "PubmedBookArticle")


class XmlFault(Exception):  # noqa: N818 - becomes a RefusedError
    """Why a file is not read, in the project's words."""


def xml_records(
    raw_file: str, kind: Kind, chunks: Iterable[bytes]
) -> Iterator[Record]:
    """Yield a record for each article, book chapter and deleted id."""
    reader = ArticleReader()
    number = 0
    try:
        for chunk in chunks:
            reader.parser.Parse(chunk)
            yield from reader.records(kind, number)
            number = reader.number
        reader.parser.Parse(b"", True)
    except XmlFault as fault:
        line = reader.parser.CurrentLineNumber
        raise damaged_xml(raw_file, line, str(fault)) from fault
    except expat.ExpatError as error:
        raise damaged_xml(raw_file, error.lineno, words(error)) from error
    yield from reader.records(kind, number)


def words(error: expat.ExpatError) -> str:
    """Say what is wrong with XML."""
    codes = expat.errors.codes
    if error.code in (
        codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
        codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
    ):
        return "the file is cut off there"
    if error.code == codes[expat.errors.XML_ERROR_TAG_MISMATCH]:
        return "a tag is closed that is not open"
    if error.code == codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]:
        return "it refers to an entity, which PubMed's files never do"
    if error.code in (
        codes[expat.errors.XML_ERROR_INVALID_TOKEN],
        codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
        codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
    ):
        return (
            "a character is not allowed there, or is not in the encoding that "
            "the first line declares"
        )
    if error.code == codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]:
        return "text stands behind the last tag"
    return "it is not valid XML"


class ArticleReader:
    """Collects the texts of an article while its file is being parsed."""

    def __init__(self) -> None:
        """Start in front of the first tag."""
        # Line, texts and whether it is deleted.
        self.done: list[tuple[int, dict[str, str], bool]] = []
        self.number = 0
        self.texts: dict[str, str] = {}
        self.line = 0
        # The branches of TREE in which the parser is.
        self.branches: list[dict[str, Any]] = []
        # How many elements deep it is in something that is passed over.
        self.passed_over = 0
        # The text that is being collected, and how deep in its element.
        self.field = ""
        self.inside = 0
        self.pieces: list[str] = []
        self.length = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.EntityDeclHandler = self.refuse_entity
        self.parser.SkippedEntityHandler = self.refuse_entity

    def records(self, kind: Kind, number: int) -> Iterator[Record]:
        """Yield what has been collected, numbered from `number` + 1."""
        for line, texts, is_deleted in self.done:
            number += 1
            told = described(texts) | {"is_deleted": is_deleted and "true"}
            cells = tuple(
                told.get(column.name) or None for column in kind.columns
            )
            yield Record(number, line, None, None, cells)
        self.number = number
        self.done.clear()

    def refuse_entity(self, *_: object) -> NoReturn:
        """Stop: PubMed's files have no entities but those of all XML."""
        raise XmlFault("it declares an entity, which PubMed's files never do")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Go into an element."""
        if self.inside or self.passed_over:
            self.inside += self.inside > 0
            self.passed_over += self.passed_over > 0
            if max(self.inside, self.passed_over) > MAX_DEPTH:
                raise XmlFault("tags are nested too deep")
            return
        if not self.branches:
            if tag != "PubmedArticleSet":
                raise XmlFault("the first tag is another one")
            self.branches.append(TREE)
            return
        branch = self.branches[-1].get(tag)
        if branch is None:
            self.passed_over = 1
        elif isinstance(branch, str):
            self.field, self.inside = branch, 1
            self.pieces, self.length = [], 0
            self.parser.CharacterDataHandler = self.collect
            if branch == "pmid" and "Version" in attributes:
                self.texts.setdefault("version", attributes["Version"])
            if branch == "deleted_pmid":
                self.line = self.parser.CurrentLineNumber
                self.texts = {}
                if "Version" in attributes:
                    self.texts["version"] = attributes["Version"]
        else:
            if tag in RECORDS:
                self.line = self.parser.CurrentLineNumber
                self.texts = {}
            self.branches.append(branch)

    def collect(self, text: str) -> None:
        """Keep a text, whatever tags stand in it."""
        self.pieces.append(text)
        self.length += len(text)
        if self.length > MAX_TEXT:
            raise XmlFault("a text is longer than a million characters")

    def end(self, tag: str) -> None:
        """Leave an element; behind an article, keep what was collected."""
        if self.passed_over:
            self.passed_over -= 1
        elif self.inside:
            self.inside -= 1
            if not self.inside:
                self.parser.CharacterDataHandler = None
                text = "".join(self.pieces).strip()
                if self.field == "deleted_pmid":
                    self.texts["pmid"] = text
                    self.done.append((self.line, self.texts, True))
                elif text:
                    self.texts.setdefault(self.field, text)
        else:
            self.branches.pop()
            if tag in RECORDS:
                self.done.append((self.line, self.texts, False))


def described(texts: dict[str, str]) -> dict[str, str | None]:
    """Give an article's texts by the names of the kind's columns."""
    date = texts.get("medline_date") or " ".join(
        text
        for part in ("year", "month", "season", "day")
        if (text := texts.get(part))
    )
    revised = None
    if "revised_year" in texts:
        month = texts.get("revised_month", "1").zfill(2)
        day = texts.get("revised_day", "1").zfill(2)
        revised = f"{texts['revised_year']}-{month}-{day}"
    book = texts.get("book_title")
    return {
        "pmid": texts.get("pmid"),
        "title": texts.get("title") or book,
        "vernacular_title": texts.get("vernacular_title"),
        "journal": texts.get("journal"),
        "journal_abbreviation": texts.get("journal_abbreviation"),
        "date": date,
        "version": texts.get("version"),
        "date_revised": revised,
    }
