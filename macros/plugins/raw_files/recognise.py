"""Tells what a raw file is: by what is in it, then by its name."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .contents import (
    Content,
    Ends,
    marked_encoding,
    normal,
    normal_bytes,
    survey,
)
from .csv_files import Table, table_of
from .excel import Workbook
from .json_files import Shape, lines_instead, shape_of
from .json_values import RECORD_BYTES, walk_through
from .kinds import Kind, named_kind
from .refusals import (
    RefusedError,
    UnknownFileError,
    empty,
    foreign,
    json_without_records,
)
from .tagged import FIRST_JOURNAL_LINE, FIRST_MEDLINE_LINE
from .xml_articles import FIRST_TAG

if TYPE_CHECKING:
    from collections.abc import Callable

JSON_ENDINGS = (".json", ".jsonl", ".ndjson", ".geojson", ".json5")
# First bytes of formats that are no text.
MAGIC = (
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"PAR1", "parquet"),
    (b"BZh", "compressed"),
    (b"\xfd7zXZ\0", "compressed"),
    (b"\x28\xb5\x2f\xfd", "compressed"),
    (b"7z\xbc\xaf\x27\x1c", "compressed"),
    (b"Rar!", "compressed"),
    (b"\x1f\x9d", "compressed"),
)
ZIP_MAGIC = b"PK\x03\x04"
# First lines of formats that are text and not read.
FOREIGN_TEXTS = (
    ("ris", re.compile(r"\s*TY  ?-")),
    ("endnote", re.compile(r"\s*%0 \S")),
    ("bibtex", re.compile(r"\s*@\w+\s*\{")),
    ("summary", re.compile(r"\s*\d+: .*\bPMID: ?\d|\s*1: \S.*\. ", re.DOTALL)),
    ("abstract", re.compile(r"\s*1\. \S.*\bPMID: ?\d", re.DOTALL)),
    ("pmids", re.compile(r"\s*(?:\d{1,8}[ \t]*\n)+\d{0,8}\s*\Z")),
)
RRF_CELLS = 18
RRF_LINE = re.compile(r"\d+\|(?:[^|]*\|){17,}")
START_CHARACTERS = 4000


@dataclass(frozen=True)
class Recognised:
    """What a file is, and how to take it apart."""

    kind: Kind
    # csv, json, nbib, xml or xlsx.
    format: str
    # Empty in a file that is no text.
    encoding: str = ""
    # Length of the byte order mark.
    mark: int = 0
    table: Table | None = None
    shape: Shape | None = None
    workbook: Workbook | None = None


def recognised(content: Content, kinds: list[Kind]) -> Recognised:
    """Tell what a file is. Raises RefusedError if it is nothing known."""
    file = content.file
    found = no_text(content, kinds)
    if found is not None:
        return found
    encoding, mark = marked_encoding(content.head)
    head = normal_head(content, encoding, mark)
    start = head[:START_CHARACTERS].decode(errors="replace")
    if not start.strip():
        named = named_kind(file.name, kinds)
        raise empty(file.raw_file, named, is_json=is_named_json(file.name))
    first = start.lstrip()[0]
    if first == "<":
        return xml_file(content, head, encoding, mark, kinds)
    if first in "{[" or start.lstrip().startswith(("//", "/*")):
        return json_file(content, encoding, mark, kinds)
    by_layout = {kind.layout: kind for kind in kinds}
    tagged = (
        ("medline", FIRST_MEDLINE_LINE),
        ("journal_list", FIRST_JOURNAL_LINE),
    )
    for layout, pattern in tagged:
        if pattern.match(start) and layout in by_layout:
            encoding = encoding or told_encoding(content, b"\n\r")
            return Recognised(by_layout[layout], "nbib", encoding, mark)
    for what, pattern in FOREIGN_TEXTS:
        if pattern.match(start):
            raise foreign(file.raw_file, what)
    if RRF_LINE.match(start) and "rrf" in by_layout:
        kind = by_layout["rrf"]
        return rrf_file(content, kind, start, encoding, mark)
    if "\x01" in start or "\x02" in start or "\x03" in start:
        raise foreign(file.raw_file, "binary")
    return csv_file(content, encoding, mark, kinds)


def is_named_json(name: str) -> bool:
    """Whether a file is called like JSON."""
    return name.lower().removesuffix(".gz").endswith(JSON_ENDINGS)


def no_text(content: Content, kinds: list[Kind]) -> Recognised | None:
    """Recognise a workbook; refuse what else is no text."""
    head, file = content.head, content.file
    for magic, what in MAGIC:
        if head.startswith(magic):
            raise foreign(file.raw_file, what)
    if not head.startswith(ZIP_MAGIC):
        return None
    name = file.name.lower().removesuffix(".gz")
    if b"xl/" in head or name.endswith((".xlsx", ".xlsm")):
        workbook = Workbook(content, kinds)
        return Recognised(workbook.kind, "xlsx", workbook=workbook)
    if b"word/" in head or b"ppt/" in head or name.endswith((".docx", ".pptx")):
        raise foreign(file.raw_file, "office")
    if b"opendocument" in head[:100]:
        raise foreign(file.raw_file, "ods")
    raise foreign(file.raw_file, "zip")


def normal_head(content: Content, encoding: str, mark: int) -> bytes:
    """Return the head as UTF-8 with LF line ends; it may end in a line."""
    head = content.head[mark:]
    if encoding not in ("", "utf-8"):
        # The last character may be cut in two.
        head = head.decode(encoding, errors="ignore").encode(errors="ignore")
    return normal(head, Ends())


def told_encoding(content: Content, ends: bytes) -> str:
    """Tell UTF-8 from Windows-1252 by all lines of a file."""
    try:
        if content.is_whole:
            content.head.decode()
            return "utf-8"
    except UnicodeDecodeError:
        pass
    raw_file = content.file.raw_file
    return survey(raw_file, content.chunks(), ends).encoding


def head_encoding(content: Content, ends: bytes) -> str:
    """Tell the encoding of a head, where that of a file is not known yet."""
    try:
        # The last character may be cut in two.
        decoder = codecs.getincrementaldecoder("utf-8")()
        decoder.decode(content.head, final=content.is_whole)
    except UnicodeDecodeError:
        return told_encoding(content, ends)
    return "utf-8" if content.is_whole else ""


def csv_file(
    content: Content, encoding: str, mark: int, kinds: list[Kind]
) -> Recognised:
    """Recognise a table by its header line."""
    file = content.file
    encoding = encoding or head_encoding(content, b"\n\r")
    head = normal_head(content, encoding, mark)
    lines = head.decode(errors="replace").split("\n", 200)[:200]
    if not content.is_whole and len(lines) > 1:
        lines.pop()
    try:
        table = table_of(file.raw_file, lines, kinds)
    except RefusedError:
        named = named_kind(file.name, kinds)
        if named and is_named_json(file.name):
            start = next(filter(None, map(str.strip, lines)), "")
            raise json_without_records(file.raw_file, named, start) from None
        raise
    if table is not None:
        return Recognised(table.kind, "csv", encoding, mark, table=table)
    if b"\0" in content.head[:START_CHARACTERS]:
        raise foreign(file.raw_file, "binary")
    raise UnknownFileError(file.raw_file, kinds)


def rrf_file(
    content: Content, kind: Kind, start: str, encoding: str, mark: int
) -> Recognised:
    """Recognise a table of the UMLS, which has no header line."""
    width = start.split("\n", 1)[0].count("|") + 1
    table = Table(
        kind,
        "|",
        header_line=1,
        header_lines=0,
        width=width,
        places=tuple(range(len(kind.columns))),
        has_quotes=False,
    )
    encoding = encoding or head_encoding(content, b"\n\r")
    return Recognised(kind, "csv", encoding, mark, table=table)


def json_file(
    content: Content, encoding: str, mark: int, kinds: list[Kind]
) -> Recognised:
    """Recognise JSON by the keys of its records."""
    raw_file = content.file.raw_file
    encoding = encoding or head_encoding(content, b"\n\r}")

    def shape_now() -> Shape | None:
        head = normal_head(content, encoding, mark)
        return shape_of(raw_file, head, kinds, is_whole=content.is_whole)

    shape = more_of(content, shape_now)
    if shape is None:
        raise UnknownFileError(raw_file, kinds)
    head = normal_head(content, encoding, mark)
    if not content.is_whole and shape.layout == "values":
        # These may be values, or lines of which the first is broken. The end of
        # the file tells.
        lines = lines_instead(raw_file, head, kinds)
        if lines is not None:
            chunks = normal_bytes(content, encoding, mark, Ends())
            try:
                walk_through(raw_file, chunks)
            except RefusedError:
                shape = lines
    return Recognised(shape.kind, "json", encoding, mark, shape=shape)


def more_of(
    content: Content, shape_now: Callable[[], Shape | None]
) -> Shape | None:
    """Look at more of a file when its first megabyte does not tell."""
    try:
        shape = shape_now()
    except RefusedError:
        if content.is_whole:
            raise
        shape = None
    if shape is None and not content.is_whole:
        content.read_head(RECORD_BYTES)
        shape = shape_now()
    return shape


def xml_file(
    content: Content, head: bytes, encoding: str, mark: int, kinds: list[Kind]
) -> Recognised:
    """Recognise PubMed XML by its first tag."""
    raw_file = content.file.raw_file
    start = head[:START_CHARACTERS]
    for kind in kinds:
        if kind.layout == "pubmed_xml" and FIRST_TAG.search(start):
            declared = re.match(
                rb"\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.-]+)", start
            )
            told = declared[1].decode().lower() if declared else "utf-8"
            return Recognised(kind, "xml", encoding or told, mark)
    if re.search(rb"<!doctype\s+html|<html[\s>]", start, re.IGNORECASE):
        raise foreign(raw_file, "html")
    if b"<clinical_stud" in start:
        raise foreign(raw_file, "ctgov_xml")
    raise foreign(raw_file, "xml")
