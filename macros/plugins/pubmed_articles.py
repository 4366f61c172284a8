"""Reads PubMed XML, which neither DuckDB nor Spark reads as it is needed.

What is read of an article is what its staging model needs. Nothing is kept but
the article that is being read, so that a file of any size takes the same
memory; and nothing is read but the file: where it declares an entity or refers
to one, which is how small files are made to fill a memory or to read other
files, it is refused.
"""

from __future__ import annotations

import gzip
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK_BYTES = 1 << 18
MAX_DEPTH = 200
MAX_TEXT = 1_000_000

# Where texts stand: an element that is not named here is passed over.
DATE = {
    "Year": "year",
    "Month": "month",
    "Day": "day",
    "Season": "season",
    "MedlineDate": "medline_date",
}
TREE = {
    "PubmedArticle": {
        "MedlineCitation": {
            "PMID": "pmid",
            "Article": {
                "ArticleTitle": "title",
                "VernacularTitle": "other_title",
                "Journal": {
                    "Title": "journal",
                    "ISOAbbreviation": "abbreviation",
                    "JournalIssue": {"PubDate": DATE},
                },
            },
            "MedlineJournalInfo": {"MedlineTA": "abbreviation"},
        },
    },
    "PubmedBookArticle": {
        "BookDocument": {
            "PMID": "pmid",
            "ArticleTitle": "title",
            "Book": {"BookTitle": "other_title", "PubDate": DATE},
        },
    },
}


class UnreadableXmlError(Exception):
    """Says which file can't be read, and why."""


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """Open a raw file or object, gunzipped when its name says so."""
    with ExitStack() as stack:
        if "://" in file:
            import fsspec  # noqa: PLC0415 - not installed for folders

            raw = stack.enter_context(fsspec.open(file, "rb"))
        else:
            raw = stack.enter_context(Path(file).open("rb"))
        if file.endswith(".gz"):
            raw = stack.enter_context(gzip.open(raw))
        yield raw


def articles(xml: BinaryIO, file: str) -> Iterator[dict[str, str | None]]:
    """Give the articles of a file one after the other."""
    reader = ArticleReader()
    try:
        while chunk := xml.read(CHUNK_BYTES):
            reader.parser.Parse(chunk)
            yield from reader.done
            reader.done.clear()
        reader.parser.Parse(b"", True)
    except (expat.ExpatError, EOFError, OSError, ValueError) as error:
        msg = (
            f"Can't read {file}: {error}. It must be XML whose first tag is "
            "<PubmedArticleSet>, whole, and without entities of its own."
        )
        raise UnreadableXmlError(msg) from error
    yield from reader.done


class ArticleReader:
    """Collects the texts of an article while its file is being parsed."""

    def __init__(self) -> None:
        """Start in front of the first tag."""
        self.done: list[dict[str, str | None]] = []
        self.texts: dict[str, str] = {}
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

    def refuse_entity(self, name: str, *_: object) -> NoReturn:
        """Stop: PubMed's files have no entities but those of all XML."""
        msg = f"entity {name} in line {self.parser.CurrentLineNumber}"
        raise ValueError(msg)

    def start(self, tag: str, _: dict[str, str]) -> None:
        """Go into an element."""
        if self.inside or self.passed_over:
            self.inside += self.inside > 0
            self.passed_over += self.passed_over > 0
            if max(self.inside, self.passed_over) > MAX_DEPTH:
                msg = f"line {self.parser.CurrentLineNumber} is nested too deep"
                raise ValueError(msg)
            return
        if not self.branches:
            if tag != "PubmedArticleSet":
                msg = f"its first tag is <{tag}>"
                raise ValueError(msg)
            self.branches.append(TREE)
            return
        branch = self.branches[-1].get(tag)
        if branch is None:
            self.passed_over = 1
        elif isinstance(branch, str):
            self.field, self.inside = branch, 1
            self.pieces, self.length = [], 0
            self.parser.CharacterDataHandler = self.collect
        else:
            self.branches.append(branch)

    def collect(self, text: str) -> None:
        """Keep a text, whatever tags stand in it."""
        self.pieces.append(text)
        self.length += len(text)
        if self.length > MAX_TEXT:
            msg = f"line {self.parser.CurrentLineNumber} has a text too long"
            raise ValueError(msg)

    def end(self, tag: str) -> None:
        """Leave an element; behind an article, give what was collected."""
        if self.passed_over:
            self.passed_over -= 1
        elif self.inside:
            self.inside -= 1
            if not self.inside:
                self.parser.CharacterDataHandler = None
                text = "".join(self.pieces).strip()
                if text:
                    self.texts.setdefault(self.field, text)
        else:
            self.branches.pop()
            if tag in TREE:
                self.done.append(described(self.texts))
                self.texts = {}


def described(texts: dict[str, str]) -> dict[str, str | None]:
    """Give an article's texts by the names that the staging model reads."""
    parts = (texts.get(part) for part in ("year", "month", "season", "day"))
    date = texts.get("medline_date") or " ".join(filter(None, parts))
    return {
        "pmid": texts.get("pmid"),
        "title": texts.get("title") or texts.get("other_title"),
        "journal": texts.get("journal") or texts.get("abbreviation"),
        "date": date,
    }
