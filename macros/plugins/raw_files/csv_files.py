"""Tables of text: which delimiter, which columns, and which rows.

`table_records` takes a table apart that DuckDB can't read itself, or that is
small. plain_rows.py counts the rows of all others. Both must see the same
records.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from .contents import is_damaged, shown
from .kinds import folded_name, kind_with_columns, named_kind
from .records import Record, put_aside
from .refusals import missing_columns, repeated_column, two_delimiters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .kinds import Kind

DELIMITERS = (",", ";", "\t", "|")
# Excel reads a first line `sep=;` as the delimiter of what follows.
EXCEL_DELIMITER = re.compile(r'"?sep=([,;\t|])"?')
# So many rows tell whether they are separated like the header line.
ROWS_COMPARED = 20
# A cell that may be an id: a word with a digit.
ID = re.compile(r"[^\s\"]*\d[^\s\"]*")
DIGITS = re.compile(r"\d+")
LETTERS = re.compile(r"[A-Za-z]+")
# A quoted cell goes on for no more than so many lines and characters.
CELL_LINES = 1000
CELL_CHARACTERS = 1 << 20
# How many lines may be read in vain behind open quotes, for each line of the
# file, before cells of more than a few lines are no longer looked for.
LINES_IN_VAIN = 20
FEW_LINES = 10
# Python's csv module would refuse longer cells.
csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Table:
    """How the rows of a table are to be taken apart."""

    kind: Kind
    delimiter: str
    # The line in which the header begins, from 1, and how many it takes; none
    # in a table without a header.
    header_line: int
    header_lines: int
    # Number of cells of a row.
    width: int
    # For each column of the kind its place in a row, None where it is missing.
    places: tuple[int | None, ...]
    # Whether `"` around a cell means something.
    has_quotes: bool = True

    def cells(self, row: list[str]) -> tuple[str | None, ...]:
        """Give the cells of the kind's columns."""
        return tuple(
            None if place is None else row[place] for place in self.places
        )


def table_of(
    raw_file: str, lines: list[str], kinds: list[Kind]
) -> Table | None:
    """Find the header line and what separates its cells.

    Returns None where nothing is known of the columns and the file's name says
    nothing either. Raises RefusedError where columns are missing or repeated,
    or where the rows are separated otherwise.
    """
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    delimiters = DELIMITERS
    stated = EXCEL_DELIMITER.fullmatch(lines[first].strip(" "))
    if stated and first + 1 < len(lines):
        delimiters = (stated[1],)
        first += 1
    name = raw_file.rpartition("/")[2]
    headers = {}
    for delimiter in delimiters:
        start = list(islice(lines, first, first + FEW_LINES))
        cells, used = record_at_start(start, delimiter)
        if cells is None:
            cells, used = start[0].split(delimiter), 1
        names = [folded_name(cell) for cell in cells]
        headers[delimiter] = names
        kind = kind_with_columns(names, name, kinds)
        if kind is None:
            continue
        for column in kind.columns:
            if names.count(column.name) > 1:
                raise repeated_column(raw_file, first + 1, column.name)
        table = Table(
            kind,
            delimiter,
            first + 1,
            used,
            len(names),
            tuple(column.found_in(names) for column in kind.columns),
        )
        compare_delimiters(raw_file, table, lines[first + used :])
        return table
    named = named_kind(name, kinds)
    if named is not None:
        missing = min(
            (
                [
                    column.name
                    for column in named.required
                    if column.found_in(names) is None
                ]
                for names in headers.values()
            ),
            key=len,
        )
        raise missing_columns(raw_file, missing, named)
    return None


def record_at_start(
    lines: list[str], delimiter: str
) -> tuple[list[str] | None, int]:
    """Take apart the record that the first line begins.

    Returns its cells, None if it has broken quotes, and its number of lines.
    """
    text = lines[0]
    for used in range(1, len(lines) + 1):
        cells, is_open = cells_of(text, delimiter)
        if cells is None or has_padded_quotes(text):
            cells = padded_cells(text, delimiter) or cells
        if cells is not None or not is_open:
            return cells, used
        if used < len(lines):
            text = f"{text}\n{lines[used]}"
    return None, 1


def compare_delimiters(raw_file: str, table: Table, rows: list[str]) -> None:
    """Refuse a table none of whose rows is separated like its header."""
    compared = [
        (number, row)
        for number, row in enumerate(
            rows, table.header_line + table.header_lines
        )
        if row.strip()
    ][:ROWS_COMPARED]
    if any(
        width_fits(row, table.delimiter, table.width) for _, row in compared
    ):
        return
    for delimiter in DELIMITERS:
        for number, row in compared:
            if delimiter != table.delimiter and width_fits(
                row, delimiter, table.width
            ):
                raise two_delimiters(
                    raw_file,
                    table.header_line,
                    table.delimiter,
                    number,
                    delimiter,
                )


def width_fits(row: str, delimiter: str, width: int) -> bool:
    """Whether a line, separated like this, has so many cells."""
    cells, is_open = cells_of(row, delimiter)
    if is_open:
        cells = row.split(delimiter)
        return 1 < len(cells) <= width
    return cells is not None and len(cells) in (width, width + 1)


# --- one row ----------------------------------------------------------------


def cells_of(row: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """Take a row apart.

    Returns its cells, or None, and whether a quote is still open at its end.
    """
    if '"' not in row:
        return row.split(delimiter), False
    try:
        (cells,) = csv.reader([row], delimiter=delimiter, strict=True)
    except csv.Error:
        return None, has_open_quote(row, delimiter)
    return cells, False


def has_open_quote(row: str, delimiter: str) -> bool:
    """Whether the quotes of a row are in order but for one that is open."""
    try:
        # A closing quote more makes it right; not one that is doubled by it.
        closed = f'{row}"' if not ends_in_quotes(row) else f'{row}x"'
        for _ in csv.reader([closed], delimiter=delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def ends_in_quotes(row: str) -> bool:
    """Whether a text ends in a quote."""
    return row.endswith('"')


def has_padded_quotes(row: str) -> bool:
    """Whether a quote may stand behind or in front of a blank."""
    return ' "' in row or '" ' in row or '\t"' in row or '"\t' in row


def padded_cells(row: str, delimiter: str) -> list[str] | None:
    """Take a row apart in which blanks stand around quoted cells."""
    blank = " " if delimiter == "\t" else r"[ \t]"
    quoted = re.compile(rf'{blank}*+"((?:[^"]|"")*+)"{blank}*+')
    cells, start = [], 0
    while True:
        found = quoted.match(row, start)
        if found:
            cells.append(found[1].replace('""', '"'))
            end = found.end()
        else:
            end = row.find(delimiter, start)
            end = len(row) if end < 0 else end
            cell = row[start:end]
            if cell.lstrip(" \t").startswith('"'):
                return None
            cells.append(cell)
        if end == len(row):
            return cells
        if row[end] != delimiter:
            return None
        start = end + 1


# --- all rows ---------------------------------------------------------------


def table_records(table: Table, lines: Iterable[str]) -> Iterator[Record]:
    """Yield a record for each row behind the header.

    Blank lines are passed over. A row that can't be taken apart, or has a
    wrong number of cells, is put aside. An open quote that is not closed in
    order puts aside its own line only.
    """
    rows = rows_of(table, lines)
    for number, (line, row, cells) in enumerate(rows, 1):
        if cells is None:
            yield put_aside(number, line, shown(row))
        else:
            yield Record(number, line, None, None, table.cells(cells))


def rows_of(
    table: Table, lines: Iterable[str]
) -> Iterator[tuple[int, str, list[str] | None]]:
    """Yield line, text and cells of each row; no cells if it is broken."""
    source = iter(lines)
    for _ in range(table.header_line - 1 + table.header_lines):
        next(source, None)
    line = table.header_line - 1 + table.header_lines
    ahead: deque[str] = deque()
    read_in_vain = 0
    delimiter, width = table.delimiter, table.width
    while True:
        row = ahead.popleft() if ahead else next(source, None)
        if row is None:
            return
        line += 1
        if not row:
            continue
        if '"' not in row or not table.has_quotes:
            yield line, row, fitting(row.split(delimiter), width, row)
            continue
        cells, is_open = cells_of(row, delimiter)
        used = 0
        if is_open:
            limit = CELL_LINES
            if read_in_vain > LINES_IN_VAIN * line:
                limit = FEW_LINES
            text, cells, used, looked_at = continued(
                row, delimiter, width, ahead, source, limit
            )
            if cells is None:
                read_in_vain += looked_at
            else:
                row = text
        if (cells is None or len(cells) != width) and has_padded_quotes(row):
            padded = padded_cells(row, delimiter)
            if padded is not None and len(padded) == width:
                cells = padded
        yield (
            line,
            row,
            None if cells is None else fitting(cells, width, row),
        )
        for _ in range(used):
            ahead.popleft()
        line += used


def continued(  # noqa: PLR0913, PLR0917 - a step of the function above
    row: str,
    delimiter: str,
    width: int,
    ahead: deque[str],
    source: Iterator[str],
    limit: int,
) -> tuple[str, list[str] | None, int, int]:
    """Read on where a quote is open, without taking lines out of `ahead`.

    Returns the whole text, its cells or None, the number of lines that it goes
    on for, and the number of lines looked at.
    """
    pieces, length, place = [row], len(row), 0
    while place < limit and length < CELL_CHARACTERS:
        if place == len(ahead):
            following = next(source, None)
            if following is None:
                break
            ahead.append(following)
        following = ahead[place]
        place += 1
        pieces.append(following)
        length += len(following) + 1
        # Without a quote in it, the line is inside the cell.
        if '"' in following:
            text = "\n".join(pieces)
            cells, is_open = cells_of(text, delimiter)
            if not is_open:
                if cells is None or has_swallowed_rows(text, delimiter, width):
                    return row, None, 0, place
                return text, cells, place, place
            pieces = [text]
    return row, None, 0, place


def has_swallowed_rows(text: str, delimiter: str, width: int) -> bool:
    """Whether an open quote was closed by that of a later row.

    Then the first line alone has all cells of a row, and so has a later line,
    which begins with such an id as the first, and has such a date or the same
    journal. Lines of a text that has several are not like that.
    """
    first, *others = text.split("\n")
    alone = first.replace('"', "").split(delimiter)
    if len(alone) < width or not ID.fullmatch(alone[0]):
        return False
    for line in others:
        cells = cells_of(line, delimiter)[0] or []
        if len(cells) == width and shape(cells[0]) == shape(alone[0]):
            pairs = list(zip(alone[-width + 1 :], cells[1:], strict=True))
            if len(pairs) == 1 or any(
                one == other
                or (DIGITS.search(one) and shape(one) == shape(other))
                for one, other in pairs
                if one
            ):
                return True
    return False


def shape(cell: str) -> str:
    """Return a cell with one letter for a word and one digit for a number."""
    return LETTERS.sub("A", DIGITS.sub("9", cell))


def fitting(cells: list[str], width: int, row: str) -> list[str] | None:
    """Return the cells if their number is right and their text is sound."""
    if len(cells) == width + 1 and not cells[-1].strip():
        # A comma behind the last cell, which the header has not.
        cells = cells[:-1]
    if len(cells) != width or is_damaged(row):
        return None
    return cells
