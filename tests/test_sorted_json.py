"""Lines replaced in a sorted JSON file, compared with what DuckDB writes.

DuckDB writes what goes in, and sorts and writes what has to come out: all bytes
must be the same.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import combinations_with_replacement
from pathlib import Path
from random import Random

import duckdb
import pytest

PROJECT = Path(__file__).parents[1]
sys.path.append(str(PROJECT / "macros" / "plugins"))

import sorted_json  # noqa: E402 - found by the line above
from sorted_json import replace_lines  # noqa: E402

ORDER = [
    "drug",
    "atccode",
    "article_type",
    "date",
    "id",
    "publication_title",
    "journal",
]
SORTED = ", ".join(f"{name} asc nulls last" for name in ORDER)

# Texts that begin with each other, or take an escape, or look like what stands
# between rows. U+FFFF is in front of U+1F600 here, and behind it in UTF-16.
PARTS = [
    *("a", "b", "A", "z", " ", "/", '"', "\\", '\\"', "\\n", "\n", "\r\n"),
    *("\t", "\b", "\0", "\x01", "\x1f", "\x7f", "\x85", "\xa0", "é", "e\u0301"),
    *("\u2028", "\u2029", "\ufeff", "\ufffd", "\uffff", "\U0001f600"),
    *("\U0010ffff", ",\n\t", "[\n\t", "\n]\n", '"}', '{"', "null", "0", "1"),
]

Row = tuple[str | None, ...]


class Files:
    """Files that DuckDB writes, and what becomes of them."""

    def __init__(self, folder: Path, is_array: bool) -> None:
        """Make the table whose rows are written."""
        self.folder = folder
        self.is_array = is_array
        self.connection = duckdb.connect()
        self.connection.execute(
            "create table mentions (atccode varchar, drug varchar, id varchar, "
            "publication_title varchar, article_type varchar, journal varchar, "
            "date date)"
        )

    def copy(self, query: str, name: str) -> Path:
        """Write what a query finds."""
        file = self.folder / f"{name}.json"
        self.connection.execute(
            f"copy ({query}) to '{file}' (format json, array {self.is_array})"
        )
        return file

    def write(self, rows: list[Row], name: str) -> Path:
        """Sort and write rows, whose values are in the order of the keys."""
        self.connection.execute("truncate mentions")
        if rows:
            self.connection.execute(
                "insert into mentions by name "
                "select unnest($1, recursive := true)",
                [[dict(zip(ORDER, row, strict=True)) for row in rows]],
            )
        return self.copy(f"from mentions order by {SORTED}", name)

    def replace(self, old: Path, removed: Path, added: Path) -> bytes:
        """Return what is written."""
        result = self.folder / "result.json"
        replace_lines(old, removed, added, ORDER, result)
        written = result.read_bytes()
        # To write into a file that is there takes some file systems longer.
        result.unlink()
        return written

    def refuses(self, old: Path, removed: Path, added: Path) -> bool:
        """Tell whether nothing is written."""
        result = self.folder / "refused.json"
        with pytest.raises(ValueError, match=str(self.folder)):
            replace_lines(old, removed, added, ORDER, result)
        return not result.exists()


@pytest.fixture(params=[True, False], ids=["array", "lines"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    return Files(tmp_path, request.param)


def row_of(drug: str) -> Row:
    return (drug, "A01", "pubmed", "2020-01-01", "1", "A title", "A journal")


def test_all_ways_to_replace_some_of_three_lines(files: Files) -> None:
    # Among them: no lines at all, all of them, the first and the last, equal
    # ones, and a line that is removed and added.
    some = [
        drugs
        for count in range(6)
        for drugs in combinations_with_replacement("abc", count)
    ]
    written = {
        drugs: files.write([row_of(drug) for drug in drugs], "".join(drugs))
        for drugs in some
    }
    for old in (drugs for drugs in some if len(drugs) <= 3):
        for removed in (drugs for drugs in some if len(drugs) <= 3):
            is_found = Counter(removed) <= Counter(old)
            for added in (drugs for drugs in some if len(drugs) <= 2):
                inputs = (written[old], written[removed], written[added])
                if is_found:
                    left = Counter(old) - Counter(removed) + Counter(added)
                    expected = written[tuple(sorted(left.elements()))]
                    assert files.replace(*inputs) == expected.read_bytes()
                elif not added:
                    assert files.refuses(*inputs)


def test_hostile_texts(files: Files) -> None:
    for seed in range(40):
        random = Random(seed)
        # So few texts that rows are equal in some keys, or in all.
        texts = [
            "".join(random.choices(PARTS, k=random.randrange(4)))
            for _ in range(random.randint(1, 12))
        ]
        old = random_rows(random, texts, 60)
        removed = random.sample(old, random.randint(0, len(old)))
        added = random_rows(random, texts, 20)
        added += random.sample(removed, len(removed) // 2)
        expected = Counter(old) - Counter(removed) + Counter(added)
        assert (
            files.replace(
                files.write(old, "old"),
                files.write(removed, "removed"),
                files.write(added, "added"),
            )
            == files.write([*expected.elements()], "expected").read_bytes()
        ), seed


def random_rows(random: Random, texts: list[str], most: int) -> list[Row]:
    dates = ["2020-01-01", "2019-12-31", "0987-06-05", None]
    return [
        (
            *random.choices(texts, k=3),
            random.choice(dates),
            random.choice([*texts, None]),
            random.choice(texts),
            random.choice([*texts, None]),
        )
        for _ in range(random.randint(0, most))
    ]


def test_a_large_file_is_hardly_parsed(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.connection.execute(
        "insert into mentions select hash(i) % 9, hash(i) % 300, i, "
        "repeat('long ', (hash(i) % 99)::integer), 'pubmed', null, "
        "date '2000-01-01' + (hash(i) % 9999)::integer "
        "from range(50_000) as numbers (i)"
    )

    def file_of(condition: str, name: str) -> Path:
        return files.copy(
            f"from mentions where {condition} order by {SORTED}", name
        )

    parsed = 0
    decode = sorted_json.decode

    def counted(row: str) -> tuple[object, int]:
        nonlocal parsed
        parsed += 1
        return decode(row)

    monkeypatch.setattr(sorted_json, "decode", counted)
    assert (
        files.replace(
            file_of("id::integer % 500 > 0", "old"),
            file_of("id::integer % 500 = 1", "removed"),
            file_of("id::integer % 500 = 0", "added"),
        )
        == file_of("id::integer % 500 != 1", "expected").read_bytes()
    )
    # For 200 lines. It would be 16 for each if it began anew every time.
    assert parsed < 200 * 12


def test_a_line_that_differs_in_what_is_not_sorted_by(files: Files) -> None:
    old = files.copy("select 'a' as drug, 1 as number", "old")
    none = files.copy("select 'a' as drug, 1 as number limit 0", "none")
    removed = files.copy("select 'a' as drug, 2 as number", "removed")
    with pytest.raises(ValueError, match="has no line"):
        replace_lines(old, removed, none, ["drug"], files.folder / "result")


@pytest.mark.parametrize(
    "row",
    [
        "",
        "[]",
        '"drug"',
        '{"drug":"b"',
        '{"drug":"b"}',
        json.dumps(dict.fromkeys(ORDER, 1)),
        json.dumps(dict(zip(ORDER, row_of("b"), strict=True))) + "{}",
    ],
)
def test_lines_that_duckdb_has_not_written(files: Files, row: str) -> None:
    none = files.write([], "none")
    good = files.write([row_of("b")], "good")
    shape = sorted_json.ARRAY if files.is_array else sorted_json.LINES
    bad = files.folder / "bad.json"
    bad.write_bytes(shape.head + row.encode() + shape.tail)
    assert files.refuses(bad, good, none)
    assert row == "" or files.refuses(bad, none, good)
    assert row == "" or files.refuses(good, none, bad)


def test_files_that_are_cut_off_or_of_two_formats(files: Files) -> None:
    none = files.write([], "none")
    # No search for its place comes near the end of the others.
    first = files.write([row_of("A")], "first")
    rows = [row_of(drug) for drug in "abcdefghijklmnopqrstuvwxyz"]
    good = files.write(rows, "good")
    bad = files.folder / "bad.json"
    content = good.read_bytes()
    # A line may end anywhere, but none ends here.
    for missing in range(1, 50):
        bad.write_bytes(content[:-missing])
        assert files.refuses(bad, none, first)
        assert files.refuses(good, bad, none)
    files.is_array = not files.is_array
    bad = files.write(rows, "bad")
    assert files.refuses(bad, none, first)
    assert files.refuses(good, bad, none)
    assert files.refuses(good, none, bad)
