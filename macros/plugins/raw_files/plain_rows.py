"""Counts the rows of large tables of text, if DuckDB can read them itself.

A file is looked at in big pieces. A row that is not as it should be stops the
count: then the file is taken apart by csv_files.py.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .csv_files import Table

# A record that is longer is not left to DuckDB's reader.
PLAIN_RECORD_BYTES = 1_500_000

# With more bytes than this around a quoted cell there are few of them.
FEW_QUOTES = 20


class NotPlainError(Exception):
    """Why DuckDB can't read a file itself: the reason for its repair."""


class NotPlainBytesError(NotPlainError):
    """The bytes are at fault, so that a table may be plain in a clean copy."""


def check_bytes(text: bytes) -> None:
    """Raise NotPlainBytesError for what is not UTF-8, and for NULs."""
    if not text.isascii():
        try:
            text.decode()
        except UnicodeDecodeError:
            raise NotPlainBytesError("bytes that are not UTF-8") from None
    if b"\0" in text:
        raise NotPlainBytesError("NUL bytes")


def check_line_ends(lines: bytes, line_end: bytes) -> None:
    """Raise NotPlainBytesError unless all lines end in this line end."""
    if line_end == b"\n":
        is_plain = b"\r" not in lines
    else:
        both = lines.count(b"\r\n")
        is_plain = lines.count(b"\n") == lines.count(b"\r") == both
    if not is_plain:
        raise NotPlainBytesError("line ends")


class RowCounter:
    """Counts rows in pieces of bytes, and stops where one is not plain.

    Plain is a row of UTF-8 without NUL, with the right number of cells, in
    which a cell is quoted as a whole or has no quote; blank lines may stand
    between rows.
    """

    def __init__(self, table: Table, line_end: bytes) -> None:
        """Begin behind the header; lines end in LF or CR LF."""
        delimiter = table.delimiter.encode()
        self.delimiter = delimiter
        self.has_quotes = table.has_quotes
        self.line_end = line_end
        self.rows = 0
        self.has_extra_cell: bool | None = None
        self.row_marks = delimiter * (table.width - 1) + b"\n"
        self.unmarked = bytes(
            byte for byte in range(256) if byte not in delimiter + b"\n"
        )
        # How a row begins, inside quotes: csv_files.py says if it is one.
        self.swallowed = re.compile(
            rb'\n[^\s"%b]*\d[^\s"%b]*%b' % ((re.escape(delimiter),) * 3)
        )
        self.rest = b""

    def feed(self, chunk: bytes) -> None:
        """Count the rows that end in a chunk."""
        text = self.rest + chunk if self.rest else chunk
        cut = text.rfind(b"\n") + 1
        parts = self.split_at_quotes(text[:cut])
        if len(parts) % 2 == 0:
            # The last line feed stands inside quotes.
            cut = self.end_of_rows(text)
            parts = self.split_at_quotes(text[:cut])
        self.rest = text[cut:]
        if len(self.rest) > PLAIN_RECORD_BYTES:
            msg = "a record is very long, or a quote is open"
            raise NotPlainError(msg)
        self.count(text[:cut], parts)

    def finish(self) -> int:
        """Return the number of rows."""
        if self.rest:
            last = self.rest + self.line_end
            parts = self.split_at_quotes(last)
            if len(parts) % 2 == 0:
                raise NotPlainError("a quote is open")
            self.count(last, parts)
        return self.rows

    def split_at_quotes(self, rows: bytes) -> list[bytes]:
        """Return the parts of rows outside and inside quotes, by turns."""
        return rows.split(b'"') if self.has_quotes else [rows]

    def end_of_rows(self, text: bytes) -> int:
        """Return where the last row ends: no LF inside quotes counts."""
        cut = text.rfind(b"\n") + 1
        is_inside = text.count(b'"', 0, cut) % 2
        while cut and is_inside:
            earlier = text.rfind(b"\n", 0, cut - 1) + 1
            is_inside ^= text.count(b'"', earlier, cut) % 2
            cut = earlier
        return cut

    def count(self, rows: bytes, parts: list[bytes]) -> None:
        """Count whole rows, which are split at their quotes."""
        if not rows:
            return
        check_bytes(rows)
        check_line_ends(rows, self.line_end)
        outside = rows
        if len(parts) > 1:
            outside = self.without_quoted(parts[::2])
            inside = b'"'.join(parts[1::2])
            if b"\n" in inside and self.swallowed.search(inside):
                raise NotPlainError("a quote may be open")
            if self.line_end != b"\n" and (
                outside.count(b"\n") != rows.count(b"\n")
            ):
                # In cells all line ends are LF.
                raise NotPlainBytesError("line ends")
        marks = outside.translate(None, self.unmarked)
        if not self.fits(marks, outside):
            end = self.line_end
            while end + end in outside:
                outside = outside.replace(end + end, end)
            outside = outside.removeprefix(end)
            marks = outside.translate(None, self.unmarked)
            if not self.fits(marks, outside):
                raise NotPlainError("rows that can't be taken apart")

    def without_quoted(self, parts: list[bytes]) -> bytes:
        """Return rows with `"` for each quoted cell; all quotes must be sound.

        The parts are those outside quotes. A doubled quote leaves an empty one
        in the middle of a cell.
        """
        outside = b'"'.join(parts)
        if len(outside) > FEW_QUOTES * len(parts):
            # Each part must begin and end where a cell does.
            ends = bytes(map(itemgetter(0), filter(None, parts[1:])))
            ends += bytes(map(itemgetter(-1), filter(None, parts[:-1])))
            is_sound = not ends.translate(None, self.delimiter + b"\r\n")
        else:
            # The same, faster where there are many.
            while b'""' in outside:
                outside = outside.replace(b'""', b'"')
            quoted = outside.count(b'"')
            before = outside.count(self.delimiter + b'"')
            before += outside.count(b'\n"') + outside.startswith(b'"')
            behind = outside.count(b'"' + self.delimiter)
            behind += outside.count(b'"' + self.line_end)
            is_sound = quoted == before == behind
        if not is_sound:
            raise NotPlainError("quotes")
        return outside

    def fits(self, marks: bytes, outside: bytes) -> bool:
        """Count the rows if all have their delimiters; say if so."""
        if not marks:
            return True
        if self.has_extra_cell is None:
            first = marks[: marks.find(b"\n") + 1]
            self.has_extra_cell = first == self.delimiter + self.row_marks
        row = self.row_marks
        if self.has_extra_cell:
            row = self.delimiter + row
        count = len(marks) // len(row)
        if marks != row * count:
            return False
        if self.has_extra_cell:
            empty = outside.count(self.delimiter + self.line_end)
            if empty != count:
                return False
        self.rows += count
        return True


def header_end(start: bytes, table: Table) -> tuple[int, bytes]:
    """Return where the header line ends in a plain file, and its line end."""
    end = start.find(b"\n") + 1
    if table.header_lines == 0:
        return 0, b"\r\n" if start[:end].endswith(b"\r\n") else b"\n"
    if table.header_line != 1 or table.header_lines > 1:
        raise NotPlainError("lines in front of the header")
    if not end or b"\r" in start[: end - 2]:
        raise NotPlainBytesError("line ends")
    return end, b"\r\n" if start[:end].endswith(b"\r\n") else b"\n"


def count_plain_rows(
    chunks: Iterable[bytes], mark: int, table: Table
) -> tuple[int, str, bool]:
    """Count the rows of a file that DuckDB can read itself.

    Returns their number, `lf` or `crlf`, and whether each has an empty cell
    more than the header. Raises NotPlainError.
    """
    counter = None
    line_end = b"\n"
    for chunk in chunks:
        if counter is None:
            start = chunk[mark:]
            end, line_end = header_end(start, table)
            counter = RowCounter(table, line_end)
            counter.feed(start[end:])
        else:
            counter.feed(chunk)
    if counter is None:
        raise NotPlainError("an empty file")
    rows = counter.finish()
    ends = "lf" if line_end == b"\n" else "crlf"
    return rows, ends, bool(counter.has_extra_cell)
