"""Reads raw files in both ways, for the tests of the package `raw_files`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "macros" / "plugins"))

from raw_files import contents  # noqa: E402 - found by the line above
from raw_files.folder import FileRow, inspect_new_files  # noqa: E402
from raw_files.inspection import Inspected  # noqa: E402
from raw_files.kinds import read_kinds  # noqa: E402
from raw_files.listing import list_folder  # noqa: E402
from raw_files.readable import Copies  # noqa: E402
from raw_files.views import create_views  # noqa: E402

KINDS = read_kinds(PROJECT / "models" / "staging" / "_sources.yml")
KIND = {kind.name: kind for kind in KINDS}
# Every file is small, or none is.
ALL_SMALL, NONE_SMALL = 1 << 40, 0
HEADER = "id,title,date,journal\n"


@dataclass(frozen=True)
class Read:
    """What became of a folder of raw files."""

    files: dict[str, FileRow]
    # By raw file, the rows of its view behind file and version.
    rows: dict[str, list[tuple[Any, ...]]]

    def cells(self, raw_file: str = "") -> list[tuple[str | None, ...]]:
        """Give the good records of a file, or of the only one."""
        return [row[4:] for row in self.rows_of(raw_file) if row[2] is None]

    def defects(self, raw_file: str = "") -> list[tuple[str, str | None]]:
        """Give defect and raw text of the records that have one."""
        return [
            row[2:4] for row in self.rows_of(raw_file) if row[2] is not None
        ]

    def lines(self, raw_file: str = "") -> list[int | None]:
        """Give the line of each record."""
        return [row[1] for row in self.rows_of(raw_file)]

    def rows_of(self, raw_file: str) -> list[tuple[Any, ...]]:
        """Give all rows of a file, or of the only one."""
        if not raw_file:
            (raw_file,) = self.rows
        return self.rows[raw_file]

    @property
    def file(self) -> FileRow:
        """The only file."""
        (file,) = self.files.values()
        return file


def read(
    root: Path, files: dict[str, str | bytes], small_bytes: int = ALL_SMALL
) -> Read:
    """Write files below `root`/raw, inspect them and read their views."""
    write(root, files)
    return read_folder(root, small_bytes)


def inspect_only(root: Path, files: dict[str, str | bytes]) -> list[FileRow]:
    """Write files below `root`/raw and inspect them."""
    write(root, files)
    rows, _, _ = inspect_folder(root, contents.SMALL_BYTES)
    return rows


def inspect_folder(
    root: Path, small_bytes: int
) -> tuple[list[FileRow], list[Inspected], Copies]:
    """Inspect all raw files of a data root."""
    with mock.patch.object(contents, "SMALL_BYTES", small_bytes):
        copies = Copies(root / "copies")
        rows, inspected = inspect_new_files(
            list_folder(str(root)), KINDS, {}, copies
        )
    return rows, inspected, copies


def write(root: Path, files: dict[str, str | bytes]) -> None:
    """Write files below `root`/raw."""
    for name, text in files.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)


def read_folder(root: Path, small_bytes: int = ALL_SMALL) -> Read:
    """Inspect all raw files of a data root, and read their views."""
    rows, inspected, copies = inspect_folder(root, small_bytes)
    found: dict[str, list[tuple[Any, ...]]] = {row.raw_file: [] for row in rows}
    versions = {row.raw_file: row.raw_file_version for row in rows}
    kinds = [KIND[name] for name in sorted({row.kind for row in rows})]
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("create schema raw")
        create_views(connection, "raw", str(root), kinds, inspected, copies)
        for kind in kinds:
            for raw_file, version, *others in connection.execute(
                f'from raw."{kind.name}"'
            ).fetchall():
                assert version == versions[raw_file], raw_file
                found[raw_file].append(tuple(others))
    for row in rows:
        assert len(found[row.raw_file]) == row.records, row
    return Read({row.raw_file: row for row in rows}, found)


def read_both_ways(
    root: Path, files: dict[str, str | bytes], *, may_break_apart: bool = False
) -> Read:
    """Read files as small ones and as large ones: with the same records.

    DuckDB tells no place of a record that it reads itself. With
    `may_break_apart` a broken record may be put aside in several pieces.
    """
    small = read(root, files, ALL_SMALL)
    large = read_folder(root, NONE_SMALL)
    for name, row in small.files.items():
        assert kind_of(row) == kind_of(large.files[name]), name
    for raw_file, rows in small.rows.items():
        records, others = (
            [told(row) for row in found if not (may_break_apart and row[2])]
            for found in (rows, large.rows[raw_file])
        )
        assert records == others, raw_file
    return large


def told(row: tuple[Any, ...]) -> list[Any]:
    """Give a record's cells and defect, without its place.

    Of a byte order mark inside a file, cleaning leaves nothing.
    """
    return [
        value.replace("\ufeff", "") if isinstance(value, str) else value
        for value in row[2:3] + row[4:]
    ]


def kind_of(row: FileRow) -> tuple[Any, ...]:
    """Give what must not depend on a file's size."""
    return (
        row.kind, row.format, row.encoding, row.delimiter, row.line_ends
    )  # fmt: skip
