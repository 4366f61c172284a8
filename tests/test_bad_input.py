r"""What hand-made exports may look like, and what a build makes of each.

Three outcomes are allowed. A file is *accepted*: its records are in the
cleaned layer and the mentions in the published file. A record is
*quarantined*: it stands in `rejected_records` with file, place, reason and raw
text, and its neighbours are used. A file is *refused*: the build fails, names
the file, and what was published before stays as it was. What must never happen
is that a record vanishes without a word.


A case says `accepted`, `quarantined` or `refused`. Cases of the first two
share one build, each with files of its own, unless they are `alone`. Files that
are refused are shown to the package `raw_files` without dbt.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from builds import DRUGS_HEADER, PUBMED_HEADER, TRIALS_HEADER, DataRoot
from inspected import assert_plain_words, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from builds import DbtInProcess, Outcome

H = PUBMED_HEADER
PUBLISHED_BEFORE = b'[{"drug": "published before"}]'
# None of it may mean anything to SQL, Jinja, glob patterns or paths.
ODD_ROOT_NAME = 'it\'s a "data" [root] {{ x }} {% raw %} *'
BASE: Mapping[str, str] = {
    "drugs.csv": DRUGS_HEADER + "A1,ASPIRIN\n",
    "pubmed.csv": H,
    "pubmed.json": "[]",
    "clinical_trials.csv": TRIALS_HEADER,
}


@dataclass(frozen=True)
class Row:
    """A cleaned publication and the drugs that it mentions."""

    id: str | None
    title: str
    journal: str | None = "J"
    date: str | None = None
    drugs: tuple[str, ...] = ("ASPIRIN",)


@dataclass(frozen=True)
class Defect:
    """A row of rejected_records; `place` is "line 3" or "record 2"."""

    reason: str
    place: str
    raw_text: str
    is_rejected: bool = True


@dataclass(frozen=True)
class Case:
    """Raw files and what a build makes of them.

    A file named ".csv" is pubmed_<id>.csv; other names stand as they are.
    `read` is the number of records read from the case's files.
    """

    id: str
    outcome: str
    files: Mapping[str, str | bytes | None]
    rows: tuple[Row, ...] = ()
    defects: tuple[Defect, ...] = ()
    read: int = 0
    says: tuple[str, ...] = ()
    alone: bool = False

    def named_files(self) -> dict[str, str | bytes | None]:
        """Return the files by the names they get in raw/."""
        return {
            f"pubmed_{self.id}{name}" if name.startswith(".") else name: text
            for name, text in self.files.items()
        }


def accepted(
    id: str,
    files: str | bytes | Mapping[str, str | bytes | None],
    *rows: Row,
    read: int | None = None,
    **others: Any,  # noqa: ANN401 - the fields of a Case
) -> Case:
    """Expect all records to be used; a text alone is a CSV file."""
    if isinstance(files, (str, bytes)):
        files = {".csv": files}
    read = len(rows) if read is None else read
    return Case(id, "accepted", files, rows, read=read, **others)


def quarantined(
    id: str,
    files: str | bytes | Mapping[str, str | bytes | None],
    *rows: Row,
    defects: tuple[Defect, ...],
    **others: Any,  # noqa: ANN401 - the fields of a Case
) -> Case:
    """Expect some records with a defect, rejected or not."""
    if isinstance(files, (str, bytes)):
        files = {".csv": files}
    read = len(rows) + sum(defect.is_rejected for defect in defects)
    return Case(
        id, "quarantined", files, rows, defects, **{"read": read, **others}
    )


def refused(
    id: str,
    files: str | bytes | Mapping[str, str | bytes | None],
    *says: str,
    **others: Any,  # noqa: ANN401 - the fields of a Case
) -> Case:
    """Expect the build to fail, and to name the files and `says`."""
    if isinstance(files, (str, bytes)):
        files = {".csv": files}
    return Case(id, "refused", files, says=says, **others)


def json_record(number: str, title: str) -> str:
    """Write a JSON record; the number stands as it is written."""
    return (
        f'{{"id":{number},"title":"{title}","date":"2020-01-02","journal":"J"}}'
    )


def json_row(number: str | None, title: str) -> Row:
    """Return what becomes of json_record."""
    return Row(number, title, date="2020-01-02")


def unparseable(place: int, raw_text: str) -> Defect:
    """Expect a line that is no record."""
    return Defect("unparseable_row", f"line {place}", raw_text)


def not_an_object(place: int, raw_text: str) -> Defect:
    """Expect an element of a JSON array that is no object."""
    return Defect("not_an_object", f"line {place}", raw_text)


def csv_defect(
    reason: str, place: int, cells: tuple[str | None, ...], **others: bool
) -> Defect:
    """Expect a CSV record with a defect, its cells kept as JSON."""
    keys = ("id", "title", "date", "journal")
    named = dict(zip(keys, cells, strict=True))
    if reason != "unreadable_date":
        named = {key: cell for key, cell in named.items() if cell is not None}
    record = json.dumps(named, ensure_ascii=False, separators=(",", ":"))
    return Defect(reason, f"record {place}", record, **others)


def blank_title(place: int, cells: tuple[str | None, ...]) -> Defect:
    """Expect a record without a title."""
    return csv_defect("blank_title", place, cells)


NAME_THE_COLUMNS = "The first line must name"


def accents(name: str) -> str:
    """Write a file with letters beyond ASCII in two lines."""
    return H + f"1,Aspirin é {name},,J\n2,Aspirin “ê” {name},,J\n"


def encoded(name: str, encoding: str) -> Case:
    """Make a file of some encoding."""
    return accepted(
        name,
        {".csv": accents(name).encode(encoding)},
        Row("1", f"Aspirin é {name}"),
        Row("2", f"Aspirin “ê” {name}"),
    )


ENCODINGS = (
    accepted(
        "csv-bom",
        "\ufeff" + H + "1,Aspirin csv-bom,,J\n",
        Row("1", "Aspirin csv-bom"),
    ),
    accepted(
        "quoted-header-behind-bom",
        '\ufeff"id","title",date,journal\n1,Aspirin quoted-bom,,J\n',
        Row("1", "Aspirin quoted-bom"),
    ),
    accepted(
        "json-bom",
        {".json": "\ufeff[" + json_record("1", "Aspirin json-bom") + "]"},
        json_row("1", "Aspirin json-bom"),
    ),
    accepted(
        "json-lines-bom",
        {
            ".json": "\ufeff"
            + json_record("1", "Aspirin lines-bom")
            + "\n"
            + json_record("2", "Aspirin lines-bom 2")
        },
        json_row("1", "Aspirin lines-bom"),
        json_row("2", "Aspirin lines-bom 2"),
    ),
    *(
        encoded(encoding, encoding)
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "cp1252")
    ),
    accepted(
        "cp1252-trials",
        {
            "clinical_trials_cp1252.csv": (
                TRIALS_HEADER + "1,Aspirin “one”,,J\n2,Aspirin € two,,J\n"
            ).encode("cp1252")
        },
        Row("1", "Aspirin “one”"),
        Row("2", "Aspirin € two"),
    ),
    accepted(
        "latin-1-header",
        "id,title,date,journal,année\n1,Aspirin année,,J,2020\n".encode(
            "latin-1"
        ),
        Row("1", "Aspirin année"),
    ),
    quarantined(
        "one-broken-byte-among-accents",
        H.encode()
        + "1,Aspirin é broken,,J\n".encode()
        + b"2,Aspirin \xe9  latin,,J\n3,Aspirin broken 3,,J\n",
        Row("1", "Aspirin é broken"),
        Row("3", "Aspirin broken 3"),
        defects=(unparseable(3, "2,Aspirin \ufffd  latin,,J"),),
    ),
    quarantined(
        "one-broken-byte-alone",
        H.encode() + b"1,Aspirin \xe9  latin,,J\n2,Aspirin byte,,J\n",
        Row("2", "Aspirin byte"),
        defects=(unparseable(2, "1,Aspirin \ufffd  latin,,J"),),
    ),
    accepted(
        "json-cp1252",
        {
            ".json": (
                "["
                + json_record("1", "Aspirin é json-cp1252")
                + ","
                + json_record("2", "Aspirin ê json-cp1252")
                + "]"
            ).encode("cp1252")
        },
        json_row("1", "Aspirin é json-cp1252"),
        json_row("2", "Aspirin ê json-cp1252"),
    ),
    accepted(
        "json-utf-16",
        {
            ".json": (
                "[" + json_record("1", "Aspirin é json-utf-16") + "]"
            ).encode("utf-16")
        },
        json_row("1", "Aspirin é json-utf-16"),
    ),
)


def two_lines(name: str, line_end: str) -> Case:
    """Make a file of two records with one kind of line end."""
    text = H + f"1,Aspirin {name},,J\n2,Aspirin {name} 2,2020-01-02,\n"
    return accepted(
        name,
        {".csv": text.replace("\n", line_end).encode()},
        Row("1", f"Aspirin {name}"),
        Row("2", f"Aspirin {name} 2", None, "2020-01-02"),
    )


def newline_in_cell(name: str, line_end: str, inside: str) -> Case:
    """Make a quoted cell with a line end inside: it becomes a blank."""
    text = H + f'1,"Aspirin~{name}",,"J~1"\n2,Aspirin {name} 2,,J\n'
    text = text.replace("\n", line_end).replace("~", inside)
    return accepted(
        name,
        {".csv": text.encode()},
        Row("1", f"Aspirin {name}", "J 1"),
        Row("2", f"Aspirin {name} 2"),
    )


def three_lines(name: str, *ends: str) -> Case:
    """Make a file of three records with a line end behind each line."""
    text = H.strip() + ends[0]
    for number, end in enumerate(ends[1:], 1):
        text += f"{number},Aspirin {name} {number},,J{end}"
    return accepted(
        name,
        {".csv": text.encode()},
        *(Row(str(n), f"Aspirin {name} {n}") for n in range(1, len(ends))),
    )


def between(name: str, *lines: str, cr_inside: bool = False) -> Case:
    """Make a file with lines that can't be read between a good first and last.

    They end in CR LF, or in CR where they are halves of a line, but the others
    in LF.
    """
    text = f"{H}1,Aspirin {name} first,,J\n"
    text += ("\r" if cr_inside else "\r\n").join(lines)
    text += f"\n9,Aspirin {name} last,,J\n"
    return quarantined(
        name,
        {".csv": text.encode()},
        Row("1", f"Aspirin {name} first"),
        Row("9", f"Aspirin {name} last"),
        defects=tuple(
            unparseable(place, line) for place, line in enumerate(lines, 3)
        ),
    )


LINE_ENDS = (
    two_lines("line-feed", "\n"),
    two_lines("carriage-return-line-feed", "\r\n"),
    two_lines("carriage-return", "\r"),
    accepted(
        "no-final-line-end",
        H + "1,Aspirin no-final,,J\n2,Aspirin no-final 2,,J",
        Row("1", "Aspirin no-final"),
        Row("2", "Aspirin no-final 2"),
    ),
    accepted(
        "blank-lines",
        H + "\n1,Aspirin blank-lines,,J\n\n\n2,Aspirin blank-lines 2,,J\n\n",
        Row("1", "Aspirin blank-lines"),
        Row("2", "Aspirin blank-lines 2"),
    ),
    newline_in_cell("cell-with-lf", "\n", "\n"),
    newline_in_cell("cell-with-lf-lf", "\n", "\n\n"),
    newline_in_cell("cell-with-cr-in-lf-file", "\n", "\r"),
    newline_in_cell("cell-with-crlf-in-lf-file", "\n", "\r\n"),
    newline_in_cell("cell-with-lf-in-crlf-file", "\r\n", "\n"),
    newline_in_cell("cell-with-lf-in-cr-file", "\r", "\n"),
    three_lines("crlf-header-lf-rows", "\r\n", "\n", "\n"),
    three_lines("lf-header-crlf-rows", "\n", "\r\n", "\r\n"),
    three_lines("one-crlf-among-lf", "\n", "\n", "\r\n", "\n"),
    three_lines("one-lf-among-crlf", "\r\n", "\n", "\r\n", "\r\n"),
    three_lines("cr-between-lf-records", "\n", "\r", "\n", "\n"),
    three_lines("cr-as-last-line-end", "\n", "\n", "\r"),
    three_lines("python-on-windows", "\r\r\n", "\r\r\n", "\r\r\n"),
    between("cr-in-unquoted-cell", "2,Aspirin", "one,,J", cr_inside=True),
    between("broken-quotes-and-crlf", '2,"Aspirin" two', '3,"Aspirin" three'),
    between("broken-quote-and-cr", '2,"A"two', "three,,J", cr_inside=True),
    between("two-broken-quotes-in-a-line", '2,"Aspirin" b,""c,d" e,,J'),
    between(
        "broken-quotes-around-cr",
        '2,,"a,b"a',
        '"Aspirin,b"c,,J',
        cr_inside=True,
    ),
)

QUOTES = (
    accepted(
        "doubled-quotes",
        H + '1,"Aspirin ""doubled"" 1","2020-01-02","a ""J"""\n',
        Row("1", 'Aspirin "doubled" 1', 'a "J"', "2020-01-02"),
    ),
    # An open quote takes its own line only.
    quarantined(
        "unclosed-quote",
        H + '1,Aspirin unclosed,,J\n2,"Aspirin,,J\n3,Aspirin unclosed 3,,J\n',
        Row("1", "Aspirin unclosed"),
        Row("3", "Aspirin unclosed 3"),
        defects=(unparseable(3, '2,"Aspirin,,J'),),
    ),
    quarantined(
        "unclosed-quote-behind-one-record",
        H + '1,Aspirin unclosed-only,,J\n2,"Aspirin,,J\n',
        Row("1", "Aspirin unclosed-only"),
        defects=(unparseable(3, '2,"Aspirin,,J'),),
    ),
    quarantined(
        "unclosed-quote-in-last-line",
        H + '1,Aspirin unclosed-last,,J\n2,"Aspirin,,J',
        Row("1", "Aspirin unclosed-last"),
        defects=(unparseable(3, '2,"Aspirin,,J'),),
    ),
    quarantined(
        "unclosed-quote-before-a-quoted-cell",
        H + '1,"Aspirin,,J\n2,"Aspirin quoted",,J\n3,Aspirin quoted 3,,J\n',
        Row("2", "Aspirin quoted"),
        Row("3", "Aspirin quoted 3"),
        defects=(unparseable(2, '1,"Aspirin,,J'),),
    ),
    accepted(
        "quote-in-unquoted-cell",
        H + '1,Aspirin in a 5" dish,,J\n2,Aspirin dish 2,,J\n',
        Row("1", 'Aspirin in a 5" dish'),
        Row("2", "Aspirin dish 2"),
    ),
    quarantined(
        "text-behind-closing-quote",
        H + '1,"Aspirin" behind,,J\n2,Aspirin behind 2,,J\n',
        Row("2", "Aspirin behind 2"),
        defects=(unparseable(2, '1,"Aspirin" behind,,J'),),
    ),
    quarantined(
        "text-behind-closing-quote-of-two-lines",
        H + '1,Aspirin two-lines,,J\n2,"Aspirin\n2" b,,J\n3,Aspirin 2l,,J\n',
        Row("1", "Aspirin two-lines"),
        Row("3", "Aspirin 2l"),
        defects=(
            unparseable(3, '2,"Aspirin'),
            unparseable(4, '2" b,,J'),
        ),
    ),
    quarantined(
        "backslash-escaped-quotes",
        H + '1,"Aspirin \\"a\\" b",,J\n2,Aspirin backslash 2,,J\n',
        Row("2", "Aspirin backslash 2"),
        defects=(unparseable(2, '1,"Aspirin \\"a\\" b",,J'),),
    ),
    accepted(
        "backslash-elsewhere",
        H + '1,Aspirin \\ b\\,,J\n2,"Aspirin \\ c",,"J\\"\n',
        Row("1", "Aspirin \\ b\\"),
        Row("2", "Aspirin \\ c", "J\\"),
    ),
    accepted(
        "blanks-around-quotes",
        H + '1, "Aspirin, blanks" ,,J\n2,Aspirin blanks 2,,J\n',
        Row("1", "Aspirin, blanks"),
        Row("2", "Aspirin blanks 2"),
    ),
    quarantined(
        "line-number-below-a-cell-of-two-lines",
        H + '1,"Aspirin\nline-number",,J\n2,Aspirin\n',
        Row("1", "Aspirin line-number"),
        defects=(unparseable(4, "2,Aspirin"),),
    ),
    # A NUL is left out.
    accepted(
        "nul-bytes",
        H + '1,Aspi\0rin nul,,J\n2,"Aspirin nul\0 2",,J\0\n',
        Row("1", "Aspirin nul"),
        Row("2", "Aspirin nul 2"),
    ),
    accepted(
        "nul-line",
        H + "\0\n1,Aspirin nul-line,,J\n",
        Row("1", "Aspirin nul-line"),
    ),
    accepted(
        "nul-in-header",
        "id,title,date,journal\0\n1,Aspirin nul-header,,J\n",
        Row("1", "Aspirin nul-header"),
    ),
)

LONG, TOO_LONG = "x" * 1_000_000, "x" * 2_200_000
# So much is kept of a line that is put aside.
KEPT = 10_000

SHAPES = (
    accepted(
        "title-of-1-mb",
        H + f"1,Aspirin {LONG},,J\n2,Aspirin long 2,,J\n",
        Row("1", f"Aspirin {LONG}"),
        Row("2", "Aspirin long 2"),
    ),
    accepted(
        "titles-over-2-mb",
        H + f'1,Aspirin {TOO_LONG},,J\n2,"{TOO_LONG}",,J\n3,Aspirin mb,,J\n',
        Row("1", f"Aspirin {TOO_LONG}"),
        Row("2", TOO_LONG, drugs=()),
        Row("3", "Aspirin mb"),
    ),
    quarantined(
        "row-of-5000-cells",
        H + "1,Aspirin" + ",x" * 5_000 + "\n2,Aspirin cells 2,,J\n",
        Row("2", "Aspirin cells 2"),
        defects=(unparseable(2, ("1,Aspirin" + ",x" * 5_000)[:KEPT]),),
    ),
    accepted(
        "header-of-5000-cells",
        H.strip() + ",x" * 5_000 + "\n1,Aspirin wide,,J" + ",x" * 5_000 + "\n",
        Row("1", "Aspirin wide"),
    ),
    quarantined(
        "too-few-and-too-many-cells",
        H + "1,Aspirin\n2,Aspirin,,J,x\n3,Aspirin few,,J\n",
        Row("3", "Aspirin few"),
        defects=(
            unparseable(2, "1,Aspirin"),
            unparseable(3, "2,Aspirin,,J,x"),
        ),
    ),
    accepted(
        "comma-behind-the-last-cell",
        H + "1,Aspirin comma-behind,,J,\n",
        Row("1", "Aspirin comma-behind"),
    ),
    quarantined(
        "lines-of-blanks",
        H + "\t\n1,Aspirin tab,,J\n   \n2,Aspirin tab 2,,J\n\t",
        Row("1", "Aspirin tab"),
        Row("2", "Aspirin tab 2"),
        defects=(
            unparseable(2, "\t"),
            unparseable(4, "   "),
            unparseable(6, "\t"),
        ),
    ),
    quarantined(
        "lines-of-commas-and-of-quotes",
        H + ',,,\n""\n1,Aspirin commas,,J\n',
        Row("1", "Aspirin commas"),
        defects=(
            unparseable(3, '""'),
            blank_title(1, (None, None, None, None)),
        ),
    ),
    accepted("header-only", H),
    accepted("header-only-without-line-end", H.strip()),
    refused("empty-file", "", NAME_THE_COLUMNS),
    refused("bom-only", "\ufeff", NAME_THE_COLUMNS),
    accepted(
        "blank-first-line",
        "\n" + H + "1,Aspirin blank-first,,J\n",
        Row("1", "Aspirin blank-first"),
    ),
    accepted(
        "blanks-in-first-line",
        "  \t\n" + H + "1,Aspirin blanks-first,,J\n",
        Row("1", "Aspirin blanks-first"),
    ),
)

HEADERS = (
    accepted(
        "header-reordered-upper-quoted-padded",
        ' JOURNAL ,"Date", "TITLE" ,Id\nJ,2020-01-02,Aspirin reordered,1\n',
        Row("1", "Aspirin reordered", date="2020-01-02"),
    ),
    accepted(
        "header-padded-in-quotes",
        '"id "," title",date,journal\n1,Aspirin padded,,J\n',
        Row("1", "Aspirin padded"),
    ),
    accepted(
        "header-padded-with-tab",
        "id,\ttitle,date,journal\t\n1,Aspirin padded-tab,,J\n",
        Row("1", "Aspirin padded-tab"),
    ),
    accepted(
        "extra-columns",
        'id,x,title,"a ""b"", c",date,x,journal\n1,,Aspirin extra,"y,z",,,J\n',
        Row("1", "Aspirin extra"),
    ),
    accepted(
        "extra-column-without-name-at-end",
        "id,title,date,journal,\n1,Aspirin unnamed,,J,x\n",
        Row("1", "Aspirin unnamed"),
    ),
    # What pandas writes: its index, in a first column without a name.
    accepted(
        "extra-column-without-name-in-front",
        ",id,title,date,journal\n0,1,Aspirin index,,J\n",
        Row("1", "Aspirin index"),
    ),
    refused("duplicate-header", "id,title,date,journal,title\n", "twice"),
    refused("duplicate-header-case", "id,title,date,journal,TITLE\n", "twice"),
    refused("missing-column", "id,title,date\n1,Aspirin,\n", "column journal"),
    refused("no-header", "1,Aspirin,,J\n", NAME_THE_COLUMNS),
    *(
        accepted(
            f"separated-by-{name}",
            (H + f"1,Aspirin {name},,J\n").replace(",", delimiter)
            + f'2{delimiter}"Aspirin{delimiter}{name}"{delimiter * 2}J\n',
            Row("1", f"Aspirin {name}"),
            Row(
                "2",
                f"Aspirin{delimiter}{name}".replace("\t", " "),
            ),
        )
        for name, delimiter in (
            ("semicolons", ";"),
            ("tabs", "\t"),
            ("pipes", "|"),
        )
    ),
    accepted(
        "separated-as-excel-says",
        "sep=;\n" + H.replace(",", ";") + "1;Aspirin, sep;;J\n",
        Row("1", "Aspirin, sep"),
    ),
    refused(
        "rows-separated-otherwise",
        H + "1;Aspirin;;J\n",
        "line 1 (the header) is separated by commas, line 2 by semicolons",
    ),
    refused(
        "missing-column-in-drugs",
        {"drugs_2.csv": "code,drug\nA1,ASPIRIN\n"},
        "column atccode is missing",
    ),
)

GZ = gzip.compress((H + "1,Aspirin gz,,J\n").encode())
GZ_MORE = gzip.compress(b"2,Aspirin gz-members 2,,J\n")
JSON_GZ = gzip.compress(
    ("[" + json_record("1", "Aspirin json-gz") + ",]").encode()
)

COMPRESSED = (
    accepted("csv-gz", {".csv.gz": GZ}, Row("1", "Aspirin gz")),
    accepted(
        "csv-gz-of-two-members",
        {
            ".csv.gz": gzip.compress((H + "1,Aspirin gz-members,,J\n").encode())
            + GZ_MORE
        },
        Row("1", "Aspirin gz-members"),
        Row("2", "Aspirin gz-members 2"),
    ),
    accepted(
        "json-gz",
        {".json.gz": JSON_GZ},
        json_row("1", "Aspirin json-gz"),
    ),
    refused("csv-gz-truncated", {".csv.gz": GZ[:-9]}),
    refused("json-gz-truncated", {".json.gz": JSON_GZ[:-9]}),
    accepted(
        "csv-gz-that-is-plain",
        {".csv.gz": H + "1,Aspirin gz-plain,,J\n"},
        Row("1", "Aspirin gz-plain"),
    ),
    accepted(
        "csv-that-is-gz",
        {".csv": gzip.compress((H + "1,Aspirin is-gz,,J\n").encode())},
        Row("1", "Aspirin is-gz"),
    ),
)


def elements(*records: str) -> dict[str, str]:
    """Make a JSON array of records."""
    return {".json": "[" + ",".join(records) + "]"}


def lines(*records: str, line_end: str = "\n") -> dict[str, str]:
    """Make JSON records, one a line."""
    return {".json": "".join(record + line_end for record in records)}


HUGE = "1234567890" * 4
DEEP = "[" * 5_000 + "]" * 5_000
INSIDE = json_record("9", "Aspirin inside")

JSON = (
    accepted(
        "trailing-comma",
        {".json": "[" + json_record("1", "Aspirin ,] trailing") + ", \n]\n"},
        json_row("1", "Aspirin ,] trailing"),
    ),
    accepted("empty-array", {".json": " [ ] "}),
    refused("json-truncated", {".json": "[" + INSIDE + "," + INSIDE[:30]}),
    refused("json-double-comma", {".json": f"[{INSIDE},,{INSIDE}]"}, "JSON"),
    refused("json-two-arrays", {".json": f"[{INSIDE}]\n[{INSIDE}]"}, "JSON"),
    refused("json-empty", {".json": ""}, "let it hold []"),
    refused("json-blank", {".json": " \r\n\t"}, "let it hold []"),
    refused("json-null", {".json": "null"}, "must be objects"),
    refused("json-html", {".json": "<html>429</html>"}, "web page"),
    refused(
        "json-columns-of-pandas",
        {
            ".json": '{"id":{"0":1},"title":{"0":"Aspirin"},'
            '"date":{"0":null},"journal":{"0":"J"}}'
        },
        "orient='records'",
    ),
    accepted(
        "json-upper-case-keys",
        elements('{"ID":1,"TITLE":"Aspirin upper","DATE":"","JOURNAL":"J"}'),
        Row("1", "Aspirin upper"),
    ),
    accepted(
        "json-keys-in-any-order",
        elements('{"title":"Aspirin order","journal":"J","date":"","id":"1"}'),
        Row("1", "Aspirin order"),
    ),
    accepted(
        "json-comments",
        {
            ".json": "// as exported\n[/* one */"
            + json_record("1", "Aspirin /* no */ comment // here")
            + "\n// the last\n]"
        },
        json_row("1", "Aspirin /* no */ comment // here"),
    ),
    accepted(
        "json-nan",
        elements('{"id":NaN,"title":"Aspirin nan","date":NaN,"journal":NaN}'),
        Row(None, "Aspirin nan", None),
    ),
    accepted(
        "json-pretty-objects",
        {
            ".json": "\n".join(
                json.dumps(
                    json.loads(json_record(n, f"Aspirin pretty {n}")), indent=2
                )
                for n in ("1", "2")
            )
        },
        json_row("1", "Aspirin pretty 1"),
        json_row("2", "Aspirin pretty 2"),
    ),
    accepted(
        "json-lines-in-a-file-of-another-name",
        {".jsonl": json_record("1", "Aspirin jsonl") + "\n"},
        json_row("1", "Aspirin jsonl"),
    ),
    quarantined(
        "json-values-that-are-no-texts",
        elements(
            '{"id":1,"title":["Aspirin list"],"date":"","journal":"J"}',
            '{"id":2,"title":"Aspirin list 2","date":"","journal":"J"}',
        ),
        Row("2", "Aspirin list 2"),
        defects=(
            Defect(
                "not_a_text",
                "record 1",
                '{"id":1,"title":["Aspirin list"],"date":"","journal":"J"}',
            ),
        ),
    ),
    accepted(
        "single-object",
        {".json": json_record("1", "Aspirin single").replace(",", ",\n")},
        json_row("1", "Aspirin single"),
    ),
    accepted(
        "object-around-array",
        {
            ".json": '{"count":1,"result":{"articles":['
            + json_record("1", "Aspirin wrapped")
            + "]}}"
        },
        json_row("1", "Aspirin wrapped"),
    ),
    quarantined(
        "nested-array",
        elements(f"[{INSIDE}]", json_record("1", "Aspirin nested")),
        json_row("1", "Aspirin nested"),
        defects=(not_an_object(1, f"[{INSIDE}]"),),
    ),
    quarantined(
        "json-lines-with-bad-lines",
        lines(
            json_record("1", "Aspirin lines"),
            '{"id":2',
            "",
            "rubbish",
            "null",
            f"[{INSIDE}]",
            '"text"',
            json_record("2", "Aspirin lines 2") + ",",
        ),
        json_row("1", "Aspirin lines"),
        json_row("2", "Aspirin lines 2"),
        defects=(
            unparseable(2, '{"id":2'),
            unparseable(4, "rubbish"),
            Defect("not_an_object", "line 5", "null"),
            Defect("not_an_object", "line 6", f"[{INSIDE}]"),
            Defect("not_an_object", "line 7", '"text"'),
        ),
    ),
    accepted(
        "json-lines-crlf",
        lines(
            json_record("1", "Aspirin lines-crlf"),
            json_record("2", "Aspirin lines-crlf 2"),
            line_end="\r\n",
        ),
        json_row("1", "Aspirin lines-crlf"),
        json_row("2", "Aspirin lines-crlf 2"),
    ),
    quarantined(
        "scalars-among-objects",
        elements(json_record("1", "Aspirin scalars"), "3", "true", "[]", "{}"),
        json_row("1", "Aspirin scalars"),
        defects=(
            not_an_object(1, "3"),
            not_an_object(1, "true"),
            not_an_object(1, "[]"),
            Defect("blank_title", "record 5", "{}"),
        ),
    ),
    quarantined(
        "null-among-objects",
        elements(json_record("1", "Aspirin null-among"), "null"),
        json_row("1", "Aspirin null-among"),
        defects=(not_an_object(1, "null"),),
    ),
    quarantined(
        "text-among-objects",
        elements('"text"', json_record("1", "Aspirin text-among")),
        json_row("1", "Aspirin text-among"),
        defects=(not_an_object(1, '"text"'),),
    ),
    quarantined(
        "empty-text-among-objects",
        elements('""', json_record("1", "Aspirin empty-among")),
        json_row("1", "Aspirin empty-among"),
        defects=(not_an_object(1, '""'),),
    ),
    quarantined(
        "text-that-spells-an-object",
        elements(json.dumps(INSIDE), json_record("1", "Aspirin spelt")),
        json_row("1", "Aspirin spelt"),
        defects=(not_an_object(1, json.dumps(INSIDE)),),
    ),
    accepted(
        "deep-nesting",
        elements(
            json_record("1", "Aspirin deep")[:-1] + f',"x":{DEEP}}}',
        ),
        json_row("1", "Aspirin deep"),
    ),
    refused("deep-nesting-only", {".json": DEEP}, "must be objects"),
    refused("deep-nesting-unclosed", {".json": "[" * 5_000}, "JSON"),
    accepted(
        "ids-of-every-type",
        elements(
            json_record("9", "Aspirin id 1"),
            json_record('"0011"', "Aspirin id 2"),
            json_record("null", "Aspirin id 3"),
            json_record('""', "Aspirin id 4"),
            json_record("true", "Aspirin id 5"),
            json_record(HUGE, "Aspirin id 6"),
            json_record("9007199254740993", "Aspirin id 7"),
            json_record("-18446744073709551617", "Aspirin id 8"),
            json_record('"  "', "Aspirin id 9"),
        ),
        json_row("9", "Aspirin id 1"),
        json_row("0011", "Aspirin id 2"),
        json_row(None, "Aspirin id 3"),
        json_row(None, "Aspirin id 4"),
        json_row("true", "Aspirin id 5"),
        json_row(HUGE, "Aspirin id 6"),
        json_row("9007199254740993", "Aspirin id 7"),
        json_row("-18446744073709551617", "Aspirin id 8"),
        json_row(None, "Aspirin id 9"),
    ),
    accepted(
        "key-missing-in-one-record",
        elements(json_record("1", "Aspirin key"), '{"title":"Aspirin key 2"}'),
        json_row("1", "Aspirin key"),
        Row(None, "Aspirin key 2", None),
    ),
    refused(
        "key-missing-in-all-records",
        elements('{"id":1,"title":"Aspirin","date":""}'),
        "no record has the key journal",
    ),
    accepted(
        "duplicate-keys",  # the first one counts
        elements(
            '{"id":1,"title":"Aspirin dup","title":"Aspirin dup 2",'
            '"date":"","journal":"J"}'
        ),
        Row("1", "Aspirin dup"),
    ),
    accepted(
        "escaped-nul",
        elements(json_record("1", "Aspi\\u0000rin escaped-nul")),
        json_row("1", "Aspirin escaped-nul"),
    ),
    accepted(
        "surrogate-pair",
        elements(json_record("1", "Aspirin \\ud83d\\ude00")),
        json_row("1", "Aspirin \U0001f600"),
    ),
    quarantined(
        "lone-surrogate",
        elements(
            json_record("1", "Aspirin \\ud800"),
            json_record("2", "Aspirin surrogate 2"),
        ),
        json_row("2", "Aspirin surrogate 2"),
        defects=(unparseable(1, json_record("1", "Aspirin \\ud800")),),
    ),
    quarantined(
        "lone-surrogate-in-a-line",
        lines(
            json_record("1", "Aspirin \\ud800"),
            json_record("2", "Aspirin lone 2"),
        ),
        json_row("2", "Aspirin lone 2"),
        defects=(unparseable(1, json_record("1", "Aspirin \\ud800")),),
    ),
)


def dates(
    name: str, *spelt: tuple[str, str | None], warned: bool = False
) -> Case:
    """Make one record for each way to spell a date.

    If `warned`, those without a day are listed as unreadable.
    """
    text = H + "".join(
        f'{place},Aspirin {name} {place},"{date}",J\n'
        for place, (date, _) in enumerate(spelt, 1)
    )
    rows = tuple(
        Row(str(place), f"Aspirin {name} {place}", date=expected)
        for place, (_, expected) in enumerate(spelt, 1)
    )
    defects = tuple(
        csv_defect(
            "unreadable_date",
            place,
            (str(place), f"Aspirin {name} {place}", date, "J"),
            is_rejected=False,
        )
        for place, (date, expected) in enumerate(spelt, 1)
        if warned and expected is None
    )
    if warned:
        return quarantined(name, text, *rows, defects=defects)
    return accepted(name, text, *rows)


DATES = (
    dates(
        "dates-that-are-read",
        ("01/02/2020", "2020-02-01"),
        ("1/2/2020", "2020-02-01"),
        ("25/05/2020", "2020-05-25"),
        ("29/02/2020", "2020-02-29"),
        ("2020-02-01", "2020-02-01"),
        (" 2020-02-01 ", "2020-02-01"),
        ("1 February 2020", "2020-02-01"),
        ("1 FEBRUARY 2020", "2020-02-01"),
        ("1 february 2020", "2020-02-01"),
        ("01 fEbRuArY 2020", "2020-02-01"),
        # As in PubMed's own exports; see the unit test of stg_pubmed_csv.
        ("2020", "2020-01-01"),
        ("February 2020", "2020-02-01"),
        ("2020 Feb 30", "2020-02-01"),
        ("31/02/2020", "2020-02-01"),
        ("29-02-2019", "2019-02-01"),
        ("2020-02-30", "2020-02-01"),
        ("25.05.2020", "2020-05-25"),
        ("01/02/2020 10:30:00", "2020-02-01"),
        ("Q2 2020", "2020-04-01"),
    ),
    dates(
        "dates-that-are-month-first",
        ("05-25-2020", "2020-05-25"),
        ("01/02/2020", "2020-01-02"),
        ("1/2/2020 12:00:00 AM", "2020-01-02"),
        ("01.02.2020", "2020-02-01"),
        ("25.05.2020", "2020-05-25"),
        ("Jul/Aug 2020", "2020-07-01"),
        ("13/32/2020", None),
        warned=True,
    ),
    dates(
        "dates-that-are-blank",
        *((text, None) for text in ("", "  ", "\t", "NA", "-", "NaN", "null")),
    ),
    dates(
        "dates-that-do-not-exist",
        ("31/02/2020", "2020-02-01"),
        ("32/13/2020", None),
        ("05/25/2020", None),
        ("05.25.2020", None),
        ("0000-01-01", None),
        warned=True,
    ),
    dates(
        "dates-that-are-unclear",
        ("01/02/20", None),
        ("1 February 20", None),
        ("20-02-01", None),
        ("unknown 2020", None),
        ("2020-13", None),
        ("2020-02-01x", None),
        ("unknown", None),
        warned=True,
    ),
    dates(
        "dates-that-are-words-to-duckdb",
        ("infinity", None),
        ("-infinity", None),
        ("epoch", None),
        ("today", None),
        warned=True,
    ),
)

DROP = "'; drop table x; --"

TEXTS = (
    accepted(
        "invisible-characters-in-a-name",
        H
        + "1,As\u200bpi\u200drin zero-width,,J\n"
        + "2,\u200fAspirin\u200e marks,,\u200fJ\u200e\n"
        + "3,\u202bAspirin\u202c embedded,,J\n"
        + "4,As\u00adpirin soft,,J\n"
        + "5,As\ufeffpirin feff,,J\n",
        Row("1", "As\u200bpi\u200drin zero-width"),
        Row("2", "Aspirin\u200e marks"),
        Row("3", "Aspirin\u202c embedded"),
        Row("4", "As\u00adpirin soft"),
        Row("5", "As\ufeffpirin feff"),
    ),
    quarantined(
        "invisible-title",
        H
        + "1,\u200b\u200f\ufeff\u200e,,J\n"
        + '2," \u200b \u00a0\u2003 ",,J\n'
        + "3,Aspirin visible,,J\n",
        Row("3", "Aspirin visible"),
        defects=(
            blank_title(1, ("1", "\u200b\u200f\ufeff\u200e", None, "J")),
            blank_title(2, ("2", " \u200b \u00a0\u2003 ", None, "J")),
        ),
    ),
    quarantined(
        "title-of-direction-marks",
        H + "1,\u202b\u202c,,J\n2,\u2067\u2069,,J\n3,Aspirin rtl,,J\n",
        Row("3", "Aspirin rtl"),
        defects=(
            blank_title(1, ("1", "\u202b\u202c", None, "J")),
            blank_title(2, ("2", "\u2067\u2069", None, "J")),
        ),
    ),
    accepted(
        "sql-jinja-glob-in-cells",
        H
        + f"1,Aspirin {DROP},,{DROP}\n"
        + "2,Aspirin {{ 1/0 }},,{{ x }}\n"
        + "3,Aspirin {% raw %} {# a #},,{% raw %}\n"
        + "4,Aspirin * ? [a-z] %s {0} $1,,*\n"
        + f'{DROP},"Aspirin <b>b</b> & \\d+ (?i)",,NULL\n',
        Row("1", f"Aspirin {DROP}", DROP),
        Row("2", "Aspirin {{ 1/0 }}", "{{ x }}"),
        Row("3", "Aspirin {% raw %} {# a #}", "{% raw %}"),
        Row("4", "Aspirin * ? [a-z] %s {0} $1", "*"),
        # `NULL` is nothing, and a quote in front of an id is a spreadsheet's.
        Row(DROP[1:], "Aspirin <b>b</b> & \\d+ (?i)", None),
    ),
    accepted(
        "sql-jinja-in-json",
        elements(json_record("1", "Aspirin {{ 1/0 }} '; drop {% raw %}")),
        json_row("1", "Aspirin {{ 1/0 }} '; drop {% raw %}"),
    ),
)


def odd_name(number: int, name: str) -> Case:
    """Make a file whose own name is the danger."""
    return quarantined(
        f"file-name-{number}",
        {name: H + f"1,Aspirin file-name-{number},,J\n2,,,J\n3,x\n"},
        Row("1", f"Aspirin file-name-{number}"),
        defects=(unparseable(4, "3,x"), blank_title(2, ("2", None, None, "J"))),
    )


FILES = (
    *(
        odd_name(number, name)
        for number, name in enumerate(
            (
                "pubmed '; drop.csv",
                'pubmed "quoted".csv',
                "pubmed {{ x }}.csv",
                "pubmed {% raw %}.csv",
                "pubmed %s $1 #é.csv",
                "pubmed [z].csv",
            )
        )
    ),
    accepted(
        "file-names-with-patterns-beside-one-they-meet",
        {
            "pubmed [a].csv": H + "1,Aspirin brackets,,J\n",
            "pubmed *.csv": H + "2,Aspirin star,,J\n",
            "pubmed ?.csv": H + "3,Aspirin question mark,,J\n",
            "pubmed a.csv": H + "4,Aspirin plain name,,J\n",
            "pubmed [a].json": f"[{json_record('5', 'Aspirin json brackets')}]",
            "pubmed a.json": f"[{json_record('6', 'Aspirin json plain')}]",
        },
        Row("1", "Aspirin brackets"),
        Row("2", "Aspirin star"),
        Row("3", "Aspirin question mark"),
        Row("4", "Aspirin plain name"),
        json_row("5", "Aspirin json brackets"),
        json_row("6", "Aspirin json plain"),
    ),
    accepted(
        "same-file-under-two-names",
        {
            "pubmed_twice (1).csv": H + "1,Aspirin twice,,J\n,Aspirin t 2,,\n",
            "pubmed_twice.csv": H + "1,Aspirin twice,,J\n,Aspirin t 2,,\n",
        },
        Row("1", "Aspirin twice"),
        Row(None, "Aspirin t 2", None),
        read=4,
    ),
    accepted(
        "files-that-are-no-data",
        {
            ".csv": H + "1,Aspirin no-data,,J\n",
            **dict.fromkeys(
                (
                    *("README", "readme.txt", "LICENSE", "notes.md"),
                    *("~$drugs.xlsx", "Thumbs.db", "desktop.ini", "x.csv.tmp"),
                    *("x.csv.part", "x.crdownload"),
                ),
                "x",
            ),
        },
        Row("1", "Aspirin no-data"),
    ),
    accepted(
        "names-in-capitals",
        {
            "PUBMED.CSV": H + "1,Aspirin capitals,,J\n",
            "Pub-Med export.TXT": H + "2,Aspirin text,,J\n",
            "articles": H + "3,Aspirin unnamed,,J\n",
        },
        Row("1", "Aspirin capitals"),
        Row("2", "Aspirin text"),
        Row("3", "Aspirin unnamed"),
    ),
    refused(
        "unknown-text", {"notes.txt": "x"}, "Can't tell what raw/notes.txt"
    ),
    refused("unknown-workbook", {"pubmed.xlsx": b"PK\x03\x04"}),
    refused("unknown-archive", {"pubmed.csv.bz2": b"BZh9"}, "Unpack it"),
    refused(
        "missing-kind",
        {"pubmed.csv": None},
        "is pubmed (CSV, TSV or Excel, with the columns id, title, date",
        "DRUG_MENTIONS_DATA",
    ),
    refused(
        "missing-kinds",
        {"drugs.csv": None, "clinical_trials.csv": None},
        "drugs (CSV, TSV, Excel or JSON, with the columns atccode, drug)",
        "clinical_trials (CSV, TSV, Excel or JSON",
        "header line",
    ),
)


def drug_defect(place: int, reason: str, code: str | None, drug: str) -> Defect:
    """Expect a row of the drug list that can't be used."""
    cells = {"atccode": code, "drug": drug}
    record = json.dumps(
        {key: cell for key, cell in cells.items() if cell},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return Defect(reason, f"record {place}", record)


DRUGS = (
    quarantined(
        "drug-names",
        {
            "drugs.csv": DRUGS_HEADER
            + "A01,\nA02,A\nA03,-\nA04,A.C\nA05,C++\nA06,(x)\n"
            + f"A07,{DROP}\nA08,{{{{ 1/0 }}}}\nA09,{{% raw %}}\nA10,[a-z]+\n"
            + "A11,*?\nA12,\u200b\nA13,ASPIRIN\n,ASPIRIN\n",
            "pubmed.csv": H
            + "1,Vitamin A alone,,J\n2,Vitamin a.c twice,,J\n3,Abc ac,,J\n"
            + "4,It is c++,,J\n5,It is x,,J\n6,Raw %s 1 of 0 1,,J\n"
            + f"7,{DROP},,J\n8,Drop table,,J\n9,1/0,,J\n10,Aspirin,,J\n",
        },
        Row("1", "Vitamin A alone", drugs=("A",)),
        Row("2", "Vitamin a.c twice", drugs=("A", "A.C", "C++")),
        Row("3", "Abc ac", drugs=()),
        Row("4", "It is c++", drugs=("C++",)),
        Row("5", "It is x", drugs=("(x)",)),
        Row("6", "Raw %s 1 of 0 1", drugs=("{% raw %}",)),
        Row("7", DROP, drugs=(DROP, "(x)")),
        Row("8", "Drop table", drugs=()),
        Row("9", "1/0", drugs=("{{ 1/0 }}",)),
        Row("10", "Aspirin"),
        defects=(
            drug_defect(1, "blank_drug_name", "A01", ""),
            drug_defect(3, "blank_drug_name", "A03", "-"),
            drug_defect(11, "blank_drug_name", "A11", "*?"),
            drug_defect(12, "blank_drug_name", "A12", "\u200b"),
            drug_defect(14, "blank_atc_code", None, "ASPIRIN"),
        ),
        read=24,
        alone=True,
    ),
    accepted(
        "duplicated-drugs",
        {
            "drugs_copy.csv": DRUGS_HEADER
            + "A1,ASPIRIN\nA1,ASPIRIN\nA1,aspirin\nA1, Aspirin \n",
            "drugs_other.csv": "drug,atccode\nASPIRIN,A1\n",
            ".csv": H + "1,aspirin duplicated,,J\n",
        },
        Row("1", "aspirin duplicated"),
        read=6,
    ),
)

CASES = (
    *ENCODINGS,
    *LINE_ENDS,
    *QUOTES,
    *SHAPES,
    *HEADERS,
    *COMPRESSED,
    *JSON,
    *DATES,
    *TEXTS,
    *FILES,
    *DRUGS,
)


def select(*, is_refused: bool) -> list[Any]:
    """Return the cases that are refused, or all others."""
    return [
        pytest.param(case, id=case.id)
        for case in CASES
        if (case.outcome == "refused") is is_refused
    ]


@dataclass(frozen=True)
class Build:
    """What a build said and left, by raw file."""

    outcome: Outcome
    rows: Mapping[str, list[Row]]
    defects: Mapping[str, list[Defect]]
    records_read: Mapping[str, int]
    unbalanced: list[Any]


def write_files(folder: Path, files: Mapping[str, str | bytes | None]) -> None:
    """Write raw files into a new data root."""
    (folder / "raw").mkdir(parents=True)
    for name, text in files.items():
        if text is not None:
            content = text.encode() if isinstance(text, str) else text
            (folder / "raw" / name).write_bytes(content)


def build_files(
    folder: Path,
    runner: DbtInProcess,
    files: Mapping[str, str | bytes | None],
    *arguments: str,
) -> tuple[DataRoot, Outcome]:
    """Build in a new data root; None takes a file of BASE away."""
    root = DataRoot(folder, runner)
    write_files(folder, {**BASE, **files})
    (folder / "aggregated").mkdir()
    root.published.write_bytes(PUBLISHED_BEFORE)
    return root, root.build(*arguments)


def read_build(root: DataRoot, outcome: Outcome) -> Build:
    """Read the files that a build wrote."""
    assert outcome.success, outcome.messages
    drugs = defaultdict(list)
    for mention in root.mentions():
        key = mention["id"], mention["publication_title"]
        drugs[key].append(mention["drug"])
    rows, defects = defaultdict(list), defaultdict(list)
    for publication in root.cleaned("publications"):
        date = publication["publication_date"]
        key = publication["publication_id"], publication["title"]
        rows[publication["raw_file"]].append(
            Row(
                *key,
                publication["journal"],
                date and date.isoformat(),
                tuple(sorted(drugs[key])),
            )
        )
    for record in root.rejected():
        line, place = record["line_number"], record["record_number"]
        assert (line is None) != (place is None)
        defects[record["raw_file"]].append(
            Defect(
                record["reason"],
                f"record {place}" if line is None else f"line {line}",
                record["raw_text"],
                record["is_rejected"],
            )
        )
    reconciliation = root.query("""
        select
            raw_file,
            records_read,
            records_read = records_kept + records_merged + records_deleted
                + records_rejected
        from raw_file_reconciliation
    """)
    return Build(
        outcome,
        rows,
        defects,
        {raw_file: count for raw_file, count, _ in reconciliation},
        [line for line in reconciliation if not line[2]],
    )


@pytest.fixture(scope="module")
def shared_build(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> Build:
    """Build all cases that need no build of their own."""
    files: dict[str, str | bytes | None] = {}
    for case in CASES:
        if case.outcome != "refused" and not case.alone:
            assert not files.keys() & case.named_files().keys()
            files |= case.named_files()
    folder = tmp_path_factory.mktemp("shared") / ODD_ROOT_NAME
    return read_build(*build_files(folder, dbt_in_process, files))


@pytest.mark.parametrize("case", select(is_refused=False))
def test_every_record_is_used_or_in_quarantine(
    case: Case,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    dbt_in_process: DbtInProcess,
) -> None:
    if case.alone:
        # Data tests are left to the shared build: all that they could find is
        # compared below.
        without = ("--exclude-resource-type", "test")
        build = read_build(
            *build_files(
                tmp_path / "data",
                dbt_in_process,
                case.named_files(),
                *without,
            )
        )
    else:
        build = request.getfixturevalue("shared_build")
    raw_files = [f"raw/{name}" for name in case.named_files()]
    read = [build.records_read.get(raw_file, 0) for raw_file in raw_files]
    assert sorted(
        (row for raw_file in raw_files for row in build.rows[raw_file]),
        key=repr,
    ) == sorted(case.rows, key=repr)
    assert sorted(
        (
            defect
            for raw_file in raw_files
            for defect in build.defects[raw_file]
        ),
        key=repr,
    ) == sorted(case.defects, key=repr)
    assert sum(read) == case.read
    assert not build.unbalanced
    for text in case.says:
        assert text in build.outcome.messages


@pytest.mark.parametrize("case", select(is_refused=True))
def test_file_is_refused_by_name(case: Case, tmp_path: Path) -> None:
    files = {**BASE, **case.named_files()}
    write_files(tmp_path, files)
    message = refusal(tmp_path)
    for name, text in case.named_files().items():
        if text is not None:
            assert f"raw/{name}" in message
    for text in case.says:
        assert text in message
    assert_plain_words(message)


# What nasty lines are made of. A broken byte takes its neighbour with it when
# the reader shows it, hence the blanks.
FRAGMENTS = (
    b"a", "é".encode(), b" ", b'"', b'""', b'"x"', b",", b",", b"\n", b"\0",
    "\ufeff".encode(), b"\xe9    ", b"\xc3    ", b"'", b"\\", b"\t", b";",
    b'"a,b"', b'"a\nb"', b"1,t,,j", b"\n2,u,,k\n", b'"q ""r""",', b"#",
)  # fmt: skip
OTHER_LINE_ENDS = (b"\r", b"\r\n")


@dataclass
class NastyFile:
    """A CSV file of random fragments between numbered marks: <1> <2> <3>."""

    content: bytes
    marks: int = 0

    def mark(self) -> bytes:
        """Return the next mark: a word that must be found again."""
        self.marks += 1
        return b"<%d>" % self.marks


def nasty_file(chance: random.Random, fragments: tuple[bytes, ...]) -> bytes:
    """Make a header and a few lines, good and bad."""
    line_end = chance.choice((b"\n", b"\r\n", b"\r"))
    file = NastyFile(H.strip().encode() + line_end)
    if b"\r" not in fragments:
        fragments = tuple(
            fragment.replace(b"\n", line_end) for fragment in fragments
        )
    for _ in range(chance.randint(1, 6)):
        file.content += file.mark() + b","
        if chance.random() < 0.4:
            file.content += b"Aspirin"
        else:
            for _ in range(chance.randint(1, 8)):
                file.content += chance.choice(fragments)
                if chance.random() < 0.4:
                    file.content += file.mark()
        file.content += b",," + file.mark() + line_end
    return file.content


def marks(text: str) -> list[str]:
    """Find the marks in a text."""
    return re.findall(r"<\d+>", text)


def letters(text: str | None) -> str:
    """Return a text without what cleaning may change."""
    return re.sub(r"[\W_]", "", text or "")


def good_rows(content: bytes) -> Iterator[tuple[str, ...]]:
    """Yield rows of four cells, as Python's strict reader sees them."""
    try:
        text = content.decode().removeprefix("\ufeff")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return
    for row in rows[1:]:
        if len(row) == 4:
            yield tuple(letters(cell) for cell in row)


def assert_nothing_vanished(root: DataRoot, files: Mapping[str, bytes]) -> None:
    """Find every mark and every good row, in the result or in quarantine."""
    found = defaultdict(list)
    for raw_file, *cells in root.query("""
        select raw_file, publication_id, title, date_text, journal, raw_text
        from stg_pubmed_articles
    """):
        found[raw_file].append(cells)
    for name, content in files.items():
        records = found[f"raw/{name}"]
        everything = "\n".join(str(records) for records in records)
        lost = set(marks(content.decode(errors="replace")))
        lost -= set(marks(everything))
        assert not lost, (name, content, records)
        results = {
            tuple(letters(str(cell)) or "None" for cell in row[:4])
            for row in records
        }
        quarantine = letters("\n".join(row[4] or "" for row in records))
        for row in good_rows(content):
            as_result = tuple(cell or "None" for cell in row)
            assert as_result in results or all(
                cell in quarantine for cell in row
            ), (name, content, row, records)
    assert not root.query("""
        from raw_file_reconciliation
        where
            records_read <> records_kept + records_merged + records_deleted
                + records_rejected
    """)


def refused_files(folder: Path, files: Mapping[str, bytes]) -> set[str]:
    """Find the files that are refused by name, for their delimiters alone."""
    write_files(folder, {**BASE, **files})
    refused_names: set[str] = set()
    while message := refusal(folder):
        for line in message.splitlines():
            told = re.match(
                r"raw/(.+?\.csv): .* Separate both by the same", line
            )
            assert told, message
            (folder / "raw" / told[1]).unlink()
            refused_names.add(told[1])
    return refused_names


@pytest.mark.parametrize(
    ("seed", "file_count"),
    [(1, 300), pytest.param(2, 5000, marks=pytest.mark.slow)],
)
def test_nothing_vanishes_from_random_files(
    seed: int, file_count: int, tmp_path: Path, dbt_in_process: DbtInProcess
) -> None:
    chance = random.Random(seed)
    files = {
        f"pubmed_{number:04}.csv": nasty_file(
            chance,
            FRAGMENTS + OTHER_LINE_ENDS if number % 3 == 0 else FRAGMENTS,
        )
        for number in range(file_count)
    }
    for name in refused_files(tmp_path / "alone", files):
        del files[name]
    # Chance makes another delimiter of what follows the header, rarely.
    assert len(files) > 0.95 * file_count
    root, outcome = build_files(
        tmp_path / "data",
        dbt_in_process,
        files,
        "--vars",
        "{allow_unusable_files: true}",
    )
    assert outcome.success, outcome.messages
    assert_nothing_vanished(root, files)


# --- the same content, the same result ---------------------------------------

CONTENT_ROWS = 20
LINE_END = {"lf": "\n", "crlf": "\r\n", "cr": "\r", "crcrlf": "\r\r\n"}
ENCODINGS_OF_FILES = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


@dataclass(frozen=True)
class Variation:
    """How a file is written whose content is always the same."""

    form: str
    line_ends: str
    encoding: str
    is_large: bool
    is_gzip: bool

    @property
    def name(self) -> str:
        """The file's name, and a word of all its titles."""
        parts = [
            self.form,
            self.line_ends,
            self.encoding.replace("-", ""),
            "large" if self.is_large else "small",
        ]
        return "".join(parts) + ("gz" if self.is_gzip else "")

    @property
    def file_name(self) -> str:
        """The file's name."""
        ending = "csv" if self.form == "csv" else "json"
        return f"pubmed_{self.name}.{ending}" + ".gz" * self.is_gzip

    def content(self) -> bytes:
        """Write the records, with two that can't be used."""
        # What makes the file large is in a column that nobody reads.
        filling = "x" * (1_100_000 // CONTENT_ROWS) if self.is_large else "x"
        titles = [f"Aspirin é {self.name} {n}" for n in range(CONTENT_ROWS)]
        titles[5] = " "
        if self.form == "csv":
            lines = [f"{H.strip()},more"]
            lines += [
                f'{n},"{title}",2020-01-02,J,{filling}'
                for n, title in enumerate(titles)
            ]
            lines.insert(9, "too,few,é")
        else:
            lines = [
                json.dumps(
                    {
                        "id": n,
                        "title": title,
                        "date": "2020-01-02",
                        "journal": "J",
                        "more": filling,
                    },
                    ensure_ascii=False,
                )
                for n, title in enumerate(titles)
            ]
            lines.insert(9, '"no object, é"')
            if self.form == "array":
                lines = ["[", *(f"{line}," for line in lines), "]"]
            elif self.form == "wrapped":
                lines = ['{"list":[' + ",".join(lines) + "]}"]
        ends = [
            LINE_END.get(self.line_ends, ("\n", "\r\n", "\r")[place % 3])
            for place in range(len(lines))
        ]
        text = "".join(map("".join, zip(lines, ends, strict=True)))
        content = text.encode(self.encoding)
        return gzip.compress(content, 1) if self.is_gzip else content


def variations(*, are_all: bool) -> list[Variation]:
    """List all ways to write the content, or some of each kind."""
    every = [
        Variation(form, line_ends, encoding, is_large, is_gzip)
        for is_large in (False, True)
        for is_gzip in (False, True)
        for form in ("csv", "lines", "array", "wrapped")
        for line_ends in (*LINE_END, "mixed")
        for encoding in ENCODINGS_OF_FILES
    ]
    if are_all:
        return every
    return random.Random(1).sample(every[:160], 30) + random.Random(1).sample(
        every[160:], 10
    )


@pytest.mark.parametrize(
    "are_all", [False, pytest.param(True, marks=pytest.mark.slow)]
)
def test_the_same_content_gives_the_same_result(
    tmp_path: Path, dbt_in_process: DbtInProcess, are_all: bool
) -> None:
    """Half of the files are there when the first build comes."""
    written = variations(are_all=are_all)
    files = {variation.file_name: variation.content() for variation in written}
    first = dict(list(files.items())[::2])
    root, outcome = build_files(tmp_path / "data", dbt_in_process, first)
    assert outcome.success, outcome.messages
    for name, content in files.items():
        if name not in first:
            root.write(name, content)
    build = read_build(root, root.build())
    for variation in written:
        raw_file = f"raw/{variation.file_name}"
        expected = [
            Row(str(n), f"Aspirin é {variation.name} {n}", date="2020-01-02")
            for n in range(CONTENT_ROWS)
            if n != 5
        ]
        assert sorted(build.rows[raw_file], key=repr) == sorted(
            expected, key=repr
        ), variation
        assert sorted(defect.reason for defect in build.defects[raw_file]) == [
            "blank_title",
            "unparseable_row" if variation.form == "csv" else "not_an_object",
        ], variation
        assert build.records_read[raw_file] == CONTENT_ROWS + 1
    assert not build.unbalanced
