"""Excel workbooks (.xlsx), by openpyxl, which may not be installed."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from .kinds import Kind, folded_name, kind_with_columns, named_kind
from .records import Record
from .refusals import (
    damaged_workbook,
    missing_columns,
    needs_openpyxl,
    repeated_column,
    workbook_without_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .contents import Content

# So many rows are looked at for the first that is not blank: the header.
ROWS_IN_FRONT = 200


class Workbook:
    """The first sheet of a workbook that has the columns of a kind."""

    def __init__(self, content: Content, kinds: list[Kind]) -> None:
        """Find the sheet. Raises RefusedError when there is none."""
        raw_file = content.file.raw_file
        try:
            import openpyxl  # noqa: PLC0415 - optional
        except ImportError as error:
            raise needs_openpyxl(raw_file) from error
        try:
            self.book = openpyxl.load_workbook(
                io.BytesIO(b"".join(content.chunks())),
                read_only=True,
                data_only=True,
            )
            sheets = [
                sheet
                for sheet in self.book.worksheets
                if sheet.sheet_state == "visible"
            ]
            headers = [header_of(sheet) for sheet in sheets]
        except Exception as error:
            # Whatever the package stumbles over, the file is not as it should
            # be.
            raise damaged_workbook(raw_file) from error
        name = content.file.name
        for sheet, (line, header) in zip(sheets, headers, strict=True):
            kind = kind_with_columns(header, name, kinds)
            if kind is not None:
                for column in kind.columns:
                    if header.count(column.name) > 1:
                        raise repeated_column(raw_file, line, column.name)
                self.sheet, self.kind, self.header_line = sheet, kind, line
                self.places = [
                    column.found_in(header) for column in kind.columns
                ]
                return
        named = named_kind(name, kinds)
        if named is not None and len(sheets) == 1:
            missing = [
                column.name
                for column in named.required
                if column.found_in(headers[0][1]) is None
            ]
            raise missing_columns(raw_file, missing, named)
        titles = [sheet.title for sheet in sheets]
        raise workbook_without_columns(raw_file, titles, kinds)

    def records(self, raw_file: str) -> Iterator[Record]:
        """Yield a record for each row that has anything in it."""
        number = 0
        try:
            first = self.header_line + 1
            rows = self.sheet.iter_rows(min_row=first)
            for line, row in enumerate(rows, first):
                texts = [cell_text(cell) for cell in row]
                if not any(texts):
                    continue
                number += 1
                cells = tuple(
                    texts[place]
                    if place is not None and place < len(texts)
                    else None
                    for place in self.places
                )
                yield Record(number, line, None, None, cells)
        except Exception as error:
            raise damaged_workbook(raw_file) from error


def header_of(sheet: Any) -> tuple[int, list[str]]:  # noqa: ANN401 - openpyxl has no types
    """Return line and names of a sheet's first row that is not blank."""
    # What a program noted as the sheet's size may be wrong.
    sheet.reset_dimensions()
    for line, row in enumerate(islice(sheet.iter_rows(), ROWS_IN_FRONT), 1):
        names = [folded_name(cell_text(cell) or "") for cell in row]
        if any(names):
            return line, names
    return 1, []


def cell_text(cell: Any) -> str | None:  # noqa: ANN401 - openpyxl has no types
    """Return what a person sees in a cell; a date as ISO."""
    value = cell.value
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return value.date().isoformat() if is_day else value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and not value.is_integer():
        # As many digits as Excel keeps.
        return format(value, ".15g")
    return str(int(value) if isinstance(value, float) else value)
