"""What the readers of all formats yield."""

from __future__ import annotations

from typing import NamedTuple

# A line that can't be taken apart: broken quotes, a wrong number of cells,
# bytes that are not UTF-8, JSON that is not valid.
UNPARSEABLE = "unparseable_row"
# A JSON value that is no object.
NOT_AN_OBJECT = "not_an_object"
# A wanted value that is a list or an object.
NOT_A_TEXT = "not_a_text"
# So much is kept of what can't be read.
KEPT_CHARACTERS = 10_000


class Record(NamedTuple):
    """A record of a raw file, good or not."""

    # From 1, with those that have a defect.
    number: int
    # The line of the file in which it begins, from 1; None if it has none.
    line: int | None
    # UNPARSEABLE, NOT_AN_OBJECT or None.
    defect: str | None
    # What stands in the file. None where the cells say it all.
    raw_text: str | None
    # The texts of the kind's columns, in their order; of JSON, the value.
    cells: tuple[str | None, ...]


def put_aside(number: int, line: int | None, raw_text: str) -> Record:
    """Make the record of a text that can't be taken apart."""
    return Record(number, line, UNPARSEABLE, raw_text[:KEPT_CHARACTERS], ())
