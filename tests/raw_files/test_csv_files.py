"""Tables of text: headers, quotes, rows, and what is wrong with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from both_ways import HEADER, KIND, inspect_only, read_both_ways
from raw_files.csv_files import Table, cells_of, padded_cells, rows_of
from raw_files.plain_rows import NotPlainError, RowCounter
from raw_files.refusals import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

TABLE = Table(KIND["pubmed"], ",", 1, 1, 4, (0, 1, 2, 3))
LONG = "x" * 2_200_000

# Text behind the header; the rows as they are read, a text for one put aside.
ROWS: dict[str, tuple[str, list[tuple[str | None, ...] | str]]] = {
    "no-final-line-end": ("1,A,,J\n2,B,,J", [("1", "A"), ("2", "B")]),
    "blank-lines": ("\n1,A,,J\n\n\n2,B,,J\n\n", [("1", "A"), ("2", "B")]),
    "blanks": ("\t\n1,A,,J\n   \n", ["\t", ("1", "A"), "   "]),
    "commas": (',,,\n""\n', [(None, None), '""']),
    "quotes": ('1,"A ""q"" 1",,J\n', [("1", 'A "q" 1')]),
    "quote-inside": ('1,A 5" dish,,J\n', [("1", 'A 5" dish')]),
    "quotes-inside": ('1,A""B "c",,J\n', [("1", 'A""B "c"')]),
    "quote-in-front": ('1,""A,,J\n2,B,,J\n', ['1,""A,,J', ("2", "B")]),
    "text-behind-quote": ('1,"A" b,,J\n2,B,,J\n', ['1,"A" b,,J', ("2", "B")]),
    "backslash": ('1,"A \\"a\\" b",,J\n', ['1,"A \\"a\\" b",,J']),
    "blanks-around": ('1, "A, b" ,,J\n', [("1", "A, b")]),
    "two-lines": ('1,"A\n\nB",,J\n2,C,,J\n', [("1", "A\n\nB"), ("2", "C")]),
    "open-quote": (
        '1,A,,J\n2,"B,,J\n3,C,,J\n',
        [("1", "A"), '2,"B,,J', ("3", "C")],
    ),
    "open-quote-closed-by-a-later-row": (
        '1,"A,2020,J\n2,B,2020,J\n3,C 5",2020,J\n4,D,2020,J\n',
        ['1,"A,2020,J', ("2", "B"), ("3", 'C 5"'), ("4", "D")],
    ),
    "open-quote-closed-by-the-next-row": (
        '31,"A, b,2020,J\n32,B 5",,J\n33,C,,J',
        ['31,"A, b,2020,J', ("32", 'B 5"'), ("33", "C")],
    ),
    "open-quote-in-the-last-cell": (
        'NCT1,A,,"J\nNCT2,B,,J\nNCT33,C 5"\n',
        ['NCT1,A,,"J', ("NCT2", "B"), 'NCT33,C 5"'],
    ),
    "lines-like-rows": (
        '1,"A, b, c\n2, d, e\nfor 3, 4,\nx,y,z,w\n10, 20 mg",,J\n',
        [("1", "A, b, c\n2, d, e\nfor 3, 4,\nx,y,z,w\n10, 20 mg")],
    ),
    "ids-like-rows": (
        '1,"A\n2,3,4,5\n6",,J\nx,"A,b,c\ny,z,v,w",,J\n',
        [("1", "A\n2,3,4,5\n6"), ("x", "A,b,c\ny,z,v,w")],
    ),
    "open-quote-before-a-quoted-cell": (
        '1,"A,,J\n2,"B",,J\n3,C,,J\n',
        ['1,"A,,J', ("2", "B"), ("3", "C")],
    ),
    "open-quotes": (
        '1,"A,,J\n2,"B,,J\n3,"C\nD",,J\n4,"E,,J',
        ['1,"A,,J', '2,"B,,J', ("3", "C\nD"), '4,"E,,J'],
    ),
    "few-and-many-cells": (
        "1,A\n2,B,,J,x\n3,C,,J,\n",
        ["1,A", "2,B,,J,x", ("3", "C")],
    ),
    "commas-behind": ("1,A,,J,\n2,B,,J,\n", [("1", "A"), ("2", "B")]),
    "nul": ('1,A\0B,,J\n2,"C\0",,J\0\n', [("1", "AB"), ("2", "C")]),
    "separators-of-unicode": (
        "1,A\u2028B\x0bC\x85D,,J\n",
        [("1", "A\u2028B\x0bC\x85D")],
    ),
    "long": (f"1,{LONG},,J\n2,B,,J\n", [("1", LONG), ("2", "B")]),
    "header-only": ("", []),
}


def test_rows_are_read_or_put_aside(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{name}.csv": HEADER + text for name, (text, _) in ROWS.items()
    }
    found = read_both_ways(tmp_path, files)
    for name, (_, expected) in ROWS.items():
        assert [
            row[4:6] if row[2] is None else row[3]
            for row in found.rows[f"raw/{name}.csv"]
        ] == expected, name


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        f"\ufeff{HEADER}",
        '"id","title","date","journal"\n',
        HEADER.upper(),
    ],
)
def test_a_header_in_the_middle_is_put_aside(
    tmp_path: Path, header: str
) -> None:
    """As where tables were joined by `cat`."""
    rows = "1,Title,,J\n2,title,date,journal\n"
    found = read_both_ways(
        tmp_path,
        {
            "a.csv": HEADER + rows + header + rows,
            "b.csv": "\ufeff" + (header + rows + header).replace("\n", "\r\n"),
            "c.tsv": (HEADER + rows + header).replace(",", "\t"),
            "d.csv": HEADER + f'3,"A\nB",,J\n4,x\n{rows}{header}',
        },
    )
    for name in found.files:
        defects = [defect for defect, _ in found.defects(name)]
        assert set(defects) == {"unparseable_row"}
        assert len(defects) == 1 + (name == "raw/d.csv"), name
        assert ("2", "title", "date", "journal") in found.cells(name)


def test_columns_of_exports_in_the_middle_are_put_aside(tmp_path: Path) -> None:
    header = "PMID,Title,Citation,Journal/Book,DOI\n"
    row = "1,Aspirin,J. 2020,J,\n"
    found = read_both_ways(tmp_path, {"x.csv": header + row + header + row})
    assert [cells[0] for cells in found.cells()] == ["1", "1"]
    assert len(found.defects()) == 1


def test_one_line_that_is_not_utf8_is_put_aside(tmp_path: Path) -> None:
    broken = b"2,Aspirin \xe9 latin,,J\n"
    files: dict[str, str | bytes] = {
        "accents.csv": HEADER.encode() + "1,é,,J\n".encode() + broken,
        "ascii.csv": HEADER.encode() + b"1,e,,J\n" + broken,
        "two.csv": HEADER.encode() + "1,é,,J\n".encode() + broken + broken,
    }
    found = read_both_ways(tmp_path, files)
    for name, row in found.files.items():
        assert row.encoding == "utf-8", name
        assert {cells[0] for cells in found.cells(name)} == {"1"}
        assert {text for _, text in found.defects(name)} == {
            "2,Aspirin \ufffd latin,,J"
        }


WORDS = (
    "Méthylprednisolone Élan Gefäß ÜBER Fußball Señor Núñez Ærø Ångström naïve "
    "œuvre ŒUVRE Dvořák Škoda Ženy Žižka Şahin Łódź Kraków żona książka błąd "
    "crème brûlée français État Straße München Ölçü piñón París corazón niño"
)
WINDOWS = (
    "M\u2019s \u201cq\u201dtext\u2013dash…more 20°C N°s n°3 cm²g m³ R²and ±2 "
    "Aspirin®and ½dose 1½h Crohn\xb4s col·lagen l'«étude» »mot« „Wort“ ¿Qué? "
    "hola¿Qué sí¡No 5‰ 3£ §5 a† b‡ ¹H-NMR R¹R² N¹-methyl x¹y: 1ª 2º ©Else 5µg "
    "Škoda ŠKODA Ženy Œuvre cœur Ÿ Aÿ ¼ ¾ • ™ab Gerät FŒTUS ØRSTED Simon µmol"
)


def table(words: str, encoding: str, line_end: str = "\n") -> bytes:
    """Write a table with a row for each word that an encoding has."""
    rows = [HEADER]
    for word in words.split():
        if word.encode(encoding, "ignore").decode(encoding) == word:
            rows.append(f"{len(rows)},{word},,J\n")
    return "".join(rows).replace("\n", line_end).encode(encoding)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_windows_1252_is_read(tmp_path: Path, line_end: str) -> None:
    words = f"{WORDS} {WINDOWS}"
    content = table(words, "cp1252", line_end)
    found = read_both_ways(tmp_path, {"pubmed.csv": content})
    assert found.file.encoding == "windows-1252"
    expected = content.decode("cp1252").split(line_end)[1:-1]
    assert [",".join(map(str, row[:2])) for row in found.cells()] == [
        row.removesuffix(",,J") for row in expected
    ]


def test_csv_of_a_macintosh_is_read(tmp_path: Path) -> None:
    content = table(WORDS, "mac_roman", "\r")
    found = read_both_ways(tmp_path, {"pubmed.csv": content})
    assert found.file.encoding == "mac_roman"
    assert [row[1] for row in found.cells()] == [
        row.split(",")[1]
        for row in content.decode("mac_roman").split("\r")[1:-1]
    ]


@pytest.mark.parametrize(
    "encoding", ["cp437", "cp850", "cp1250", "mac_roman", "cp852"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_other_encodings_are_refused(
    tmp_path: Path, encoding: str, line_end: str
) -> None:
    content = table(WORDS, encoding, line_end)
    with pytest.raises(RefusedError) as refusal:
        inspect_only(tmp_path, {"pubmed.csv": content})
    told = str(refusal.value)
    line, word = re.findall(r"line (\d+): .* a word '(.+)'\.", told)[0]
    row = content.decode("cp1252", "replace").split(line_end)[int(line) - 1]
    assert word in row
    assert 'Save it as UTF-8; in Excel, as "CSV UTF-8".' in told


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (' JOURNAL ,"Date", "TITLE" ,Id', "J,D,T,1"),
        ('"id "," title",date,journal', "1,T,D,J"),
        ("id,\ttitle,date,journal\t", "1,T,D,J"),
        ('id,x,title,"a ""b"", c",date,x,journal', "1,,T,,D,,J"),
        ("id,title,date,journal,", "1,T,D,J,x"),
        (",id,title,date,journal", "0,1,T,D,J"),
        ('"","id","title","date","journal"', '"1","1","T","D","J"'),
        ("\ufeffid,title,date,journal", "1,T,D,J"),
        ("\n\nid,title,date,journal", "1,T,D,J"),
        ("sep=;\nid;title;date;journal", "1;T;D;J"),
        ('id,"ti\ntle",title,date,journal', "1,,T,D,J"),
    ],
)
def test_columns_are_found_by_name(
    tmp_path: Path, header: str, row: str
) -> None:
    found = read_both_ways(tmp_path, {"x.csv": f"{header}\n{row}\n{row}\n"})
    assert found.cells() == [("1", "T", "D", "J")] * 2


@pytest.mark.parametrize(
    "header", ["ATC Code;Drug name", "atc_code;DRUG", "AtcCode;Drug-Name"]
)
def test_columns_are_found_whatever_their_blanks(
    tmp_path: Path, header: str
) -> None:
    found = read_both_ways(tmp_path, {"list.csv": f"{header}\nA01;IRON\n"})
    assert found.file.kind == "drugs"
    assert found.cells() == [("A01", "IRON")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "The first line must name id, title, date, journal"),
        ("\ufeff \n", "The first line must name id, title, date, journal"),
        ("id,title,date\n1,A,\n", "column journal is missing"),
        ("pmid,title\n1,A\n", "columns id, date, journal are missing"),
        ("1,Aspirin,,J\n", "The first line must name the columns id, title"),
        ("id,title,date,journal,TITLE\n", "column title stands there twice"),
        (
            "id,title,date,journal\n\n1;A;;J\n2;B;;J\n",
            "line 1 (the header) is separated by commas, line 3 by semicolons",
        ),
        ("id\ttitle\tdate\tjournal\n1,A,,J\n", "by tabs, line 2 by commas"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        inspect_only(tmp_path, {"pubmed_2020.csv": content})
    assert "raw/pubmed_2020.csv" in str(refusal.value)
    assert told in str(refusal.value)


def test_open_quotes_cost_no_more_than_their_lines() -> None:
    """Each quote is looked for in a few lines; nothing is read twice often."""
    lines = [f'{n},"A ""x"",,J' for n in range(20_000)]
    rows = list(rows_of(TABLE, iter(["", *lines])))
    assert len(rows) == len(lines)
    assert {cells for _, _, cells in rows} == {None}


@pytest.mark.parametrize(
    ("row", "cells", "is_open"),
    [
        ("a,b", ["a", "b"], False),
        ('a,"b', None, True),
        ('a,"b""', None, True),
        ('a,"', None, True),
        ('a,"b"c', None, False),
        ('a,"b""c"', ["a", 'b"c'], False),
        ('a,"b\nc"', ["a", "b\nc"], False),
    ],
)
def test_cells_of_a_row(
    row: str, cells: list[str] | None, is_open: bool
) -> None:
    assert cells_of(row, ",") == (cells, is_open)


def test_blanks_around_quotes() -> None:
    assert padded_cells('a, "b, ""c""" ,d', ",") == ["a", 'b, "c"', "d"]
    assert padded_cells('a\t "b"\t', "\t") == ["a", "b", ""]
    assert padded_cells('a, "b" c', ",") is None


def counted(*pieces: bytes) -> int:
    """Count the rows in pieces of a file."""
    counter = RowCounter(TABLE, b"\n")
    for piece in pieces:
        counter.feed(piece)
    return counter.finish()


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_plain_rows_are_counted_in_pieces_of_any_size(size: int) -> None:
    rows = b'1,"A, ""b""",,J\n\n2,"C\n\nD",,"J"\n3,"""E""",x,\n' * 3
    pieces = (rows[place : place + size] for place in range(0, len(rows), size))
    assert counted(*pieces) == 9


@pytest.mark.parametrize(
    "rows",
    [
        b"1,A,,J,x\n",
        b"1,A,J\n",
        b"1,A,,J\n \n",
        b'1,"A,,J\n',
        b'1,"A"b,,J\n',
        b'1,b"A",,J\n',
        b'1,""A,,J\n',
        b'1, "A",,J\n',
        b'1,A"",,J\n',
        b"1,A,,J\r\n",
        b"1,A\rB,,J\n",
        b"1,A\0,,J\n",
        b"1,\xe9,,J\n",
        b"1,A,,J,x\n2,,,,\n",
    ],
)
def test_rows_that_are_not_plain_are_left_to_python(rows: bytes) -> None:
    with pytest.raises(NotPlainError):
        counted(b"1,A,,J\n" + rows)
