"""Replaces lines of a sorted JSON file, where few of very many have changed.

The place of a line is found by binary search, and all bytes between two places
are copied as they are: what hasn't changed is neither parsed nor sorted again.
"""

from __future__ import annotations

import json
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedIOBase, RawIOBase
    from pathlib import Path

# Lines and short stretches cost a fourth less when they are written together;
# long stretches pass the buffer by.
BUFFER_BYTES = 1 << 18

# json.loads looks for white space around it, too: a fourth of its time.
decode = json.JSONDecoder().raw_decode


class Shape(NamedTuple):
    """What DuckDB writes in front of, between and behind rows.

    No row has a line break in it: JSON escapes those of texts. `between` is as
    long as `tail`, so a row behind the last one would begin at the file's end.
    """

    head: bytes
    between: bytes
    tail: bytes


ARRAY = Shape(b"[\n\t", b",\n\t", b"\n]\n")
LINES = Shape(b"", b"\n", b"\n")


def replace_lines(
    old: Path, removed: Path, added: Path, order: list[str], result: Path
) -> None:
    """Write what DuckDB's COPY would write of `old` - `removed` + `added`.

    All are files of its COPY, as arrays or with one object a line, in ascending
    order of the same keys, nulls last. Keys are texts, or dates of years with
    four digits, and no two lines that differ are equal in all of them. Only
    lines that a search meets are read: that `old` is in order is not checked.

    Raises ValueError, before it writes, when a removed line is not in `old`, or
    a file is not as DuckDB writes it.
    """
    files = [SortedFile(file, order) for file in (old, removed, added)]
    shape = files[0].shape
    if any(file.shape != shape for file in files):
        message = f"{old}, {removed} and {added} are not of one format."
        raise ValueError(message)
    pieces = pieces_of_result(*files)
    with (
        old.open("rb", buffering=0) as source,
        result.open("wb", buffering=BUFFER_BYTES) as file,
    ):
        file.write(shape.head)
        for number, piece in enumerate(pieces):
            if number > 0:
                file.write(shape.between)
            if isinstance(piece, bytes):
                file.write(piece)
            else:
                copy(source, piece, file)
        # An array without rows has an end, too.
        if pieces or shape == ARRAY:
            file.write(shape.tail)


def copy(source: RawIOBase, stretch: range, file: BufferedIOBase) -> None:
    """Copy bytes by reading them: what is mapped would stay in memory."""
    source.seek(stretch.start)
    left = len(stretch)
    while left:
        piece = source.read(min(left, BUFFER_BYTES))
        if not piece:
            message = "The file was cut off while it was copied."
            raise OSError(message)
        file.write(piece)
        left -= len(piece)


def pieces_of_result(
    old: SortedFile, removed: SortedFile, added: SortedFile
) -> list[bytes | range]:
    """Return added rows, and the stretches of `old` between the changes."""
    _, between, tail = old.shape
    # Searches for neighbours begin with the same lines; none meets so many.
    line_at = lru_cache(maxsize=64)(old.line_at)
    pieces: list[bytes | range] = []
    done = old.first
    # Of two equal rows, the removed one comes first.
    for key, is_added, row in sorted(
        (file.key_of(row), file is added, row)
        for file in (removed, added)
        for row in file.rows()
    ):
        # Of equal rows in `old`, the first is found, which may be done.
        place = max(place_of(key, old.first, old.end, line_at), done)
        if place > done:
            pieces.append(range(done, place - len(between)))
            done = place
        if is_added:
            pieces.append(row)
        else:
            done += len(row) + len(between)
            if old.content[place:done] not in (row + between, row + tail):
                message = f"{old.file} has no line {row.decode()}"
                raise ValueError(message)
    if old.end > done:
        pieces.append(range(done, old.end - len(between)))
    return pieces


def place_of(
    key: list[str],
    low: int,
    high: int,
    line_at: Callable[[int], tuple[int, int, list[str]]],
) -> int:
    """Return where the first line begins that doesn't sort before a key."""
    while low < high:
        start, following, found = line_at((low + high) // 2)
        if found < key:
            low = following
        else:
            high = start
    return low


class SortedFile:
    """A file of DuckDB's COPY, mapped: what nobody asks for is not read."""

    def __init__(self, file: Path, order: list[str]) -> None:
        """Find out where rows begin and end, and what is between them."""
        self.file = file
        self.order = order
        self.content: bytes | mmap = b""
        # An empty file can't be mapped.
        if file.stat().st_size > 0:
            with file.open("rb") as opened:
                self.content = mmap(opened.fileno(), 0, access=ACCESS_READ)
        is_array = self.content[: len(ARRAY.head)] == ARRAY.head
        self.shape = ARRAY if is_array else LINES
        head, _, tail = self.shape
        if self.content and self.content[-len(tail) :] != tail:
            message = f"{file} does not end as DuckDB ends it."
            raise ValueError(message)
        self.first = len(head)
        self.end = len(self.content)
        if self.end == len(head + tail):
            self.end = self.first

    def rows(self) -> list[bytes]:
        """Return all rows."""
        if self.first == self.end:
            return []
        _, between, tail = self.shape
        return self.content[self.first : -len(tail)].split(between)

    def line_at(self, position: int) -> tuple[int, int, list[str]]:
        """Return where the line at a position and the next begin, and its key.

        What separates two lines belongs to the first.
        """
        _, between, tail = self.shape
        start = self.content.rfind(between, self.first, position)
        start = self.first if start < 0 else start + len(between)
        stop = self.content.find(between, start)
        if stop < 0:
            stop = self.end - len(tail)
        key = self.key_of(self.content[start:stop])
        return start, stop + len(between), key

    def key_of(self, row: bytes) -> list[str]:
        """Return what sorts a row; texts are in the order of their UTF-8."""
        try:
            text = row.decode()
            values, end = decode(text)
            if end < len(text):
                raise json.JSONDecodeError("More than an object", text, end)
            # A digit in front puts nulls last.
            return [
                "1" if (value := values[name]) is None else "0" + value
                for name in self.order
            ]
        except (KeyError, TypeError, ValueError) as error:
            message = f"{self.file} has a line without texts {self.order}."
            raise ValueError(message) from error
