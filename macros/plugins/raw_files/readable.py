"""Copies that DuckDB reads instead of files that it can't read as they are.

They stand in a folder beside the DuckDB file for the time of a build.
"""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TextIO

    from .kinds import Kind
    from .listing import RawFile
    from .records import Record

# Columns in front of the cells, in the copy that files of a kind share.
RECORD_COLUMNS = (
    "raw_file",
    "raw_file_version",
    "record_number",
    "line_number",
    "reader_defect",
    "raw_text",
)


class RecordCopy(NamedTuple):
    """A copy with the records of many files of a kind, as CSV."""

    kind: Kind
    # The keys of JSON values, in the order of the kind's columns; None where
    # the cells stand in the copy.
    keys: tuple[str, ...] | None
    path: Path


class Copies:
    """The folder of copies of a build."""

    def __init__(self, folder: Path) -> None:
        """Begin with an empty folder."""
        self.folder = folder
        self.record_copies: list[RecordCopy] = []
        # The longest record in characters, by path.
        self.longest: dict[Path, int] = {}
        self.opened: dict[
            tuple[str, tuple[str, ...] | None],
            Callable[[RawFile, Record], None],
        ] = {}
        self.streams: list[TextIO] = []
        self.number = 0
        remove_copies(folder)
        folder.mkdir(parents=True)

    def new_file(self) -> Path:
        """Return the path of a file that is not there yet."""
        self.number += 1
        return self.folder / f"{self.number:06}.csv"

    def writer(
        self, kind: Kind, keys: tuple[str, ...] | None
    ) -> Callable[[RawFile, Record], None]:
        """Return what adds a record to the copy of a kind."""
        known = self.opened.get((kind.name, keys))
        if known is not None:
            return known
        path = self.new_file()
        # A file's name may hold bytes that are no text.
        stream = path.open("w", encoding="utf-8", errors="replace", newline="")
        self.streams.append(stream)
        self.record_copies.append(RecordCopy(kind, keys, path))
        self.longest[path] = 0
        no_cells = (None,) * (1 if keys is not None else len(kind.columns))
        write = csv.writer(stream, lineterminator="\n").writerow

        def add(file: RawFile, record: Record) -> None:
            number, line, defect, raw_text, cells = record
            row = (
                file.raw_file,
                file.raw_file_version,
                number,
                line,
                defect,
                raw_text,
                *(cells or no_cells),
            )
            self.longest[path] = max(self.longest[path], write(row))

        self.opened[kind.name, keys] = add
        return add

    def close(self) -> None:
        """Write everything out."""
        for stream in self.streams:
            stream.close()
        self.streams.clear()
        self.opened.clear()


def remove_copies(folder: Path) -> None:
    """Remove a folder of copies, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)
