"""The same content gives the same records, however it is stored.

Size, compression, line ends, mark and encoding of a file may change nothing.
"""

from __future__ import annotations

import gzip
import json
from itertools import product
from typing import TYPE_CHECKING

import pytest
from both_ways import (
    ALL_SMALL,
    HEADER,
    KINDS,
    NONE_SMALL,
    inspect_only,
    read,
    read_both_ways,
    read_folder,
)
from raw_files import contents
from raw_files.folder import inspect_new_files
from raw_files.listing import list_folder
from raw_files.readable import Copies

if TYPE_CHECKING:
    from pathlib import Path

LINE_ENDS = {
    "lf": ("\n",),
    "crlf": ("\r\n",),
    "cr": ("\r",),
    "crcrlf": ("\r\r\n",),
    # As PubMed saves a CSV, and the other way round.
    "header-lf": ("\n", "\r\n", "\r\n"),
    "header-crlf": ("\r\n", "\n", "\n"),
    "mixed": ("\n", "\r\n", "\r"),
}
ENCODINGS = {
    "plain": "utf-8",
    "mark": "utf-8-sig",
    "utf16": "utf-16",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "cp1252": "cp1252",
}
# Good rows, a cell of two lines, bad rows, and nothing that Windows-1252 lacks.
TABLE = (
    HEADER
    + '1,"Aspirin, é",2020-01-02,J\n'
    + '2,"Aspirin\nü ""x""",,\n\n'
    + "3,Aspirin ß,2020-01-02\n"
    + "\t\n"
    + '4,"Aspirin,,J\n'
    + "5,Aspirin €,2020-01-02,J\n"
)
CELLS = [
    ("1", "Aspirin, é", "2020-01-02", "J"),
    ("2", 'Aspirin\nü "x"', None, None),
    ("5", "Aspirin €", "2020-01-02", "J"),
]
DEFECTS = [
    ("unparseable_row", "3,Aspirin ß,2020-01-02"),
    ("unparseable_row", "\t"),
    ("unparseable_row", '4,"Aspirin,,J'),
]
RECORDS = [
    {"id": 1, "title": "Aspirin é", "date": "2020-01-02", "journal": None},
    {"id": "2", "title": 'Aspirin \\ "ü" ,]}', "date": "", "journal": "J"},
]
JSON_CELLS = [
    ("1", "Aspirin é", "2020-01-02", None),
    ("2", 'Aspirin \\ "ü" ,]}', "", "J"),
]


def ended(text: str, line_ends: tuple[str, ...]) -> str:
    """Let the lines of a text end in turn like this; first the header's."""
    lines = text.split("\n")
    ends = [line_ends[place % len(line_ends)] for place in range(len(lines))]
    if line_ends[0] not in line_ends[1:] and line_ends[1:2] == line_ends[2:]:
        ends[1:] = line_ends[1:2] * len(ends[1:]) or ends[1:]
    ends[-1] = ""
    return "".join(line + end for line, end in zip(lines, ends, strict=True))


def variations(text: str, name: str) -> dict[str, bytes]:
    """Store a text in every way, plain and gzipped, below a name for each."""
    files = {}
    for (end, ends), (code, encoding), is_packed in product(
        LINE_ENDS.items(), ENCODINGS.items(), (False, True)
    ):
        content = ended(text, ends).encode(encoding)
        if is_packed:
            content = gzip.compress(content, mtime=0)
        stem, _, ending = name.partition(".")
        packed = ".gz" if is_packed else ""
        files[f"{stem}_{end}_{code}.{ending}{packed}"] = content
    return files


def test_a_table_is_the_same_however_it_is_stored(tmp_path: Path) -> None:
    files = variations(TABLE, "pubmed.csv")
    found = read_both_ways(tmp_path, files)
    for name in files:
        raw_file = f"raw/{name}"
        assert found.cells(raw_file) == CELLS, name
        assert found.defects(raw_file) == DEFECTS, name
        assert found.lines(raw_file) == [2, 3, 6, 7, 8, 9], name


def test_a_good_table_is_the_same_however_it_is_stored(tmp_path: Path) -> None:
    """Without bad rows a large one is left to DuckDB, or copied as it is."""
    text = HEADER + "".join(
        f'{n},"Aspirin ""é"", ü {n}",2020-01-02,J{n}\n' for n in range(50)
    )
    files = variations(text, "pubmed.csv")
    found = read_both_ways(tmp_path, files)
    cells = [
        (str(n), f'Aspirin "é", ü {n}', "2020-01-02", f"J{n}")
        for n in range(50)
    ]
    for name in files:
        assert found.cells(f"raw/{name}") == cells, name
        # Python has taken none of them apart.
        assert set(found.lines(f"raw/{name}")) == {None}, name
        is_plain = name.startswith(
            ("pubmed_lf_plain", "pubmed_lf_mark")
        ) or name.startswith(("pubmed_crlf_plain", "pubmed_crlf_mark"))
        assert found.files[f"raw/{name}"].is_repaired is not is_plain, name


@pytest.mark.parametrize(
    "layout",
    [
        "one line",
        "pretty",
        "lines",
        "array of lines",
        "indented lines",
        "wrapped",
        "concatenated",
    ],
)
def test_json_is_the_same_however_it_is_stored(
    tmp_path: Path, layout: str
) -> None:
    texts = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
    content = {
        "one line": json.dumps(RECORDS, ensure_ascii=False),
        "pretty": json.dumps(RECORDS, indent=2, ensure_ascii=False),
        "lines": "\n".join(texts) + "\n",
        "array of lines": "[\n" + ",\n".join(texts) + "\n]\n",
        "indented lines": "[\n\t" + ",\n\t".join(texts) + "\n]\n",
        "wrapped": json.dumps({"n": 2, "a": RECORDS}, ensure_ascii=False),
        "concatenated": "\n".join(
            json.dumps(record, indent=1, ensure_ascii=False)
            for record in RECORDS
        ),
    }[layout]
    files = variations(content, "pubmed.json")
    found = read_both_ways(tmp_path, files)
    for name in files:
        assert found.cells(f"raw/{name}") == JSON_CELLS, name
        assert not found.defects(f"raw/{name}"), name


@pytest.mark.parametrize(
    ("before", "between", "behind"),
    [
        ("", "\n", "\n"),
        ("[", ",\n", "]"),
        ("[\n", ",\n", "\n]\n"),
        ("[\n\t", ",\n\t", "\n]\n"),
        ("[", ",\n ", "]\n"),
        ("  ", "\n  ", ""),
    ],
)
def test_duckdb_reads_an_object_a_line_itself(
    tmp_path: Path, before: str, between: str, behind: str
) -> None:
    texts = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
    times = contents.SMALL_BYTES // len("".join(texts)) + 1
    content = before + between.join(texts * times) + behind
    found = read(tmp_path, {"pubmed.json": content}, contents.SMALL_BYTES)
    assert found.cells("raw/pubmed.json") == JSON_CELLS * times
    # Nothing is known of a record's place then.
    assert {row[0] for row in found.rows["raw/pubmed.json"]} == {None}


def test_delimiters_are_told_from_header_and_rows(tmp_path: Path) -> None:
    files = {
        f"pubmed_{number}.txt": TABLE.replace(",", delimiter)
        for number, delimiter in enumerate(",;\t|")
    }
    found = read_both_ways(tmp_path, files)
    for (name, text), delimiter in zip(files.items(), ",;\t|", strict=True):
        assert found.files[f"raw/{name}"].delimiter == delimiter
        cells = [
            tuple(cell and cell.replace(",", delimiter) for cell in row)
            for row in CELLS
        ]
        assert found.cells(f"raw/{name}") == cells, text


def test_large_files_of_one_layout_are_read_by_one_query(
    tmp_path: Path,
) -> None:
    files: dict[str, str | bytes] = {
        "2020/pubmed [a].csv": HEADER + "1,A,,J\n",
        "2020/pubmed a.csv": HEADER + "2,B,,J\n",
        "date=1999/it's.csv": HEADER + "3,C,,J\n",
        "other.csv": "journal;x;TITLE;Date;id\nJ;y;D;;4\n",
        "bare.csv": (HEADER + "5,E,,J,\n6,F,,J,"),
        "packed": gzip.compress((HEADER + "7,G,,J\n").encode()),
        "crlf.csv": (HEADER + "8,H,,J\n").replace("\n", "\r\n"),
    }
    found = read(tmp_path, files, NONE_SMALL)
    assert {
        raw_file: rows[0][4:6] for raw_file, rows in found.rows.items()
    } == {
        "raw/2020/pubmed [a].csv": ("1", "A"),
        "raw/2020/pubmed a.csv": ("2", "B"),
        "raw/date=1999/it's.csv": ("3", "C"),
        "raw/other.csv": ("4", "D"),
        "raw/bare.csv": ("5", "E"),
        "raw/packed": ("7", "G"),
        "raw/crlf.csv": ("8", "H"),
    }
    assert not any(row.is_repaired for row in found.files.values())


def test_real_sizes_are_read_in_both_ways(tmp_path: Path) -> None:
    """Beyond the first megabyte and beyond one chunk of bytes."""
    rows = [
        f'{n},"Aspirin ""in"" gulls, é",2020-01-02,Journal {n}\n'
        for n in range(40_000)
    ]
    lines = [
        json.dumps(
            {"id": n, "title": f"Aspirin {n}", "date": "", "journal": ""}
        )
        for n in range(30_000)
    ]
    files = {
        "pubmed.csv": HEADER + "".join(rows),
        "pubmed_saved.csv": HEADER + "".join(rows).replace("\n", "\r\n"),
        "pubmed_bad.csv": HEADER + "".join([*rows, "1,2\n", *rows]),
        "pubmed_lines.json": "\n".join(lines) + "\n",
        "pubmed_array.json": "[" + ",\n".join(lines) + "]",
        "pubmed_line.json": '{"a":[' + ",".join(lines) + ",]}",
    }
    small = read(tmp_path, files, ALL_SMALL)
    large = read_folder(tmp_path, 1_000_000)
    for raw_file, found in small.rows.items():
        assert [row[4:] for row in found] == [
            row[4:] for row in large.rows[raw_file]
        ]
    assert {
        raw_file: (row.records, row.repair_reason)
        for raw_file, row in large.files.items()
    } == {
        "raw/pubmed.csv": (40_000, None),
        "raw/pubmed_saved.csv": (40_000, "line ends"),
        "raw/pubmed_bad.csv": (80_001, "rows that can't be taken apart"),
        "raw/pubmed_lines.json": (30_000, None),
        "raw/pubmed_array.json": (30_000, None),
        "raw/pubmed_line.json": (30_000, "records that are not one a line"),
    }


def test_a_file_that_is_known_is_not_opened(tmp_path: Path) -> None:
    rows = inspect_only(tmp_path, {"drugs.csv": "atccode,drug\nA,B\n"})
    (file,) = list_folder(str(tmp_path))
    (tmp_path / "raw" / "drugs.csv").chmod(0)
    (tmp_path / "raw" / "drugs.csv").write_bytes(b"")
    copies = Copies(tmp_path / "copies")
    known = {row.raw_file_version: row for row in rows}
    kept, inspected = inspect_new_files([file], KINDS, known, copies)
    assert inspected == []
    assert kept == [rows[0]._replace(is_new=False)]
