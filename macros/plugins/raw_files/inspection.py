"""Inspects one file: what it is, how it is read, how many records it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .contents import Content, Ends, normal_bytes, text_lines
from .csv_files import Table, table_records
from .json_files import Shape, json_records
from .json_lines import count_plain_lines
from .plain_rows import (
    NotPlainBytesError,
    NotPlainError,
    RowCounter,
    count_plain_rows,
)
from .recognise import Recognised, recognised, told_encoding
from .records import Record
from .tagged import journal_records, medline_records
from .xml_articles import xml_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .kinds import Kind
    from .listing import RawFile
    from .readable import Copies


@dataclass(frozen=True)
class PlainTable:
    """A table that DuckDB reads: the file itself, or a copy in plain bytes."""

    delimiter: str
    has_header: bool
    has_quotes: bool
    # Number of cells of a row, counting an empty last one that is not in the
    # header.
    width: int
    places: tuple[int | None, ...]
    line_ends: str
    is_gzip: bool


@dataclass(frozen=True)
class PlainLines:
    """JSON of an object a line that DuckDB reads."""

    is_array: bool
    keys: tuple[str, ...]
    is_gzip: bool


@dataclass(frozen=True)
class Inspected:
    """What is known of a file after its inspection."""

    file: RawFile
    kind: str
    format: str
    encoding: str | None
    delimiter: str | None
    line_ends: str | None
    records: int
    # Why DuckDB does not read the file itself; None if it does.
    repair_reason: str | None = None
    # How DuckDB reads it, or its copy; None if its records are in the copy that
    # the files of a kind share.
    plain: PlainTable | PlainLines | None = None
    copy: Path | None = None


def inspect(
    file: RawFile,
    kinds: list[Kind],
    copies: Copies,
    filesystem: Any = None,  # noqa: ANN401 - fsspec has no types
) -> Inspected:
    """Inspect a file, and write a copy where DuckDB can't read it.

    Raises RefusedError when the file can't be read.
    """
    content = Content(file, filesystem)
    found = recognised(content, kinds)
    reason = None
    if not content.is_whole:
        try:
            if found.table is not None:
                return plain_table(content, found, found.table)
            if found.shape is not None and found.shape.layout != "values":
                return plain_lines(content, found, found.shape)
        except NotPlainError as fault:
            reason = str(fault)
            found = with_encoding(content, found)
            if found.table is not None and isinstance(
                fault, NotPlainBytesError
            ):
                inspected = normal_copy(
                    content, found, found.table, reason, copies
                )
                if inspected is not None:
                    return inspected
    return copied_records(content, found, reason, copies)


def with_encoding(content: Content, found: Recognised) -> Recognised:
    """Tell the encoding of a whole file, where only its head is known."""
    if found.encoding:
        return found
    ends = b"\n\r" if found.shape is None else b"\n\r}"
    encoding = told_encoding(content, ends)
    return Recognised(
        found.kind,
        found.format,
        encoding,
        found.mark,
        found.table,
        found.shape,
        found.workbook,
    )


def plain_table(content: Content, found: Recognised, table: Table) -> Inspected:
    """Count the rows of a table that DuckDB can read itself."""
    if found.encoding not in ("", "utf-8"):
        raise NotPlainBytesError("bytes that are not UTF-8")
    rows, ends, has_extra_cell = count_plain_rows(
        content.chunks(), found.mark, table
    )
    check_padding(content)
    return Inspected(
        content.file,
        found.kind.name,
        found.format,
        "utf-8",
        table.delimiter,
        ends,
        rows,
        plain=plain_of(table, ends, has_extra_cell, is_gzip=content.is_gzip),
    )


def check_padding(content: Content) -> None:
    """Raise NotPlainBytesError for gzip that DuckDB takes for damaged."""
    if content.is_padded:
        raise NotPlainBytesError("zeros behind the gzipped data")


def plain_of(
    table: Table, line_ends: str, has_extra_cell: bool, *, is_gzip: bool
) -> PlainTable:
    """Say how DuckDB reads a table."""
    return PlainTable(
        table.delimiter,
        table.header_lines > 0,
        table.has_quotes,
        table.width + has_extra_cell,
        table.places,
        line_ends,
        is_gzip,
    )


def normal_copy(
    content: Content,
    found: Recognised,
    table: Table,
    reason: str,
    copies: Copies,
) -> Inspected | None:
    """Copy a table as plain bytes; None if that does not make it plain."""
    ends = Ends()
    counter = RowCounter(table, b"\n")
    copy = copies.new_file()
    # The copy has no header, and nothing of what is in front of it.
    skipped = table.header_line - 1 + table.header_lines
    try:
        with copy.open("wb") as out:
            for chunk in normal_bytes(
                content, found.encoding, found.mark, ends
            ):
                rows = chunk
                while skipped and rows:
                    skipped -= rows.find(b"\n") >= 0
                    rows = rows.partition(b"\n")[2]
                counter.feed(rows)
                out.write(rows)
        count = counter.finish()
    except NotPlainError:
        copy.unlink()
        return None
    plain = plain_of(table, "lf", bool(counter.has_extra_cell), is_gzip=False)
    return Inspected(
        content.file,
        found.kind.name,
        found.format,
        found.encoding,
        table.delimiter,
        ends.told,
        count,
        reason,
        plain,
        copy,
    )


def plain_lines(content: Content, found: Recognised, shape: Shape) -> Inspected:
    """Count the lines of JSON that DuckDB can read itself."""
    if found.encoding not in ("", "utf-8"):
        raise NotPlainBytesError("bytes that are not UTF-8")
    lines, ends = count_plain_lines(content.chunks(), found.mark, shape.layout)
    check_padding(content)
    return Inspected(
        content.file,
        found.kind.name,
        found.format,
        "utf-8",
        None,
        ends,
        lines,
        plain=PlainLines(
            shape.layout == "array lines", shape.keys, content.is_gzip
        ),
    )


def copied_records(
    content: Content, found: Recognised, reason: str | None, copies: Copies
) -> Inspected:
    """Take a file apart, and add its records to the copy of its kind."""
    found = with_encoding(content, found)
    ends = Ends()
    keys = found.shape.keys if found.shape is not None else None
    add = copies.writer(found.kind, keys)
    count = defects = 0
    for record in records_of(content, found, ends):
        add(content.file, record)
        count += 1
        defects += record.defect is not None
    return Inspected(
        content.file,
        found.kind.name,
        found.format,
        found.encoding or None,
        found.table.delimiter if found.table is not None else None,
        ends.told,
        count,
        reason or what_was_repaired(found, ends, defects),
    )


def what_was_repaired(
    found: Recognised, ends: Ends, defects: int
) -> str | None:
    """Say why DuckDB could not have read a file; None where it could.

    XML, tagged text and workbooks are taken apart, but not repaired.
    """
    if found.encoding not in ("", "utf-8") and found.format != "xml":
        return "bytes that are not UTF-8"
    if ends.told in ("mixed", "cr"):
        return "line ends"
    if found.shape is not None and found.shape.layout == "values":
        return "records that are not one a line"
    if defects and found.table is not None:
        return "rows that can't be taken apart"
    return None


def records_of(
    content: Content, found: Recognised, ends: Ends
) -> Iterator[Record]:
    """Take a recognised file apart, whatever its format.

    The cells are those of the kind's columns; of JSON, the value's text.
    """
    raw_file, kind = content.file.raw_file, found.kind
    if found.workbook is not None:
        yield from found.workbook.records(raw_file)
    elif found.format == "xml":
        chunks = content.chunks()
        yield from xml_records(raw_file, kind, chunks)
    else:
        found = with_encoding(content, found)
        chunks = normal_bytes(content, found.encoding, found.mark, ends)
        if found.shape is not None:
            lines = text_lines(chunks)
            yield from json_records(raw_file, found.shape, chunks, lines)
        elif found.table is not None:
            yield from table_records(found.table, text_lines(chunks))
        elif kind.layout == "journal_list":
            yield from journal_records(kind, text_lines(chunks))
        else:
            yield from medline_records(kind, text_lines(chunks))


def read_records(
    file: RawFile,
    kinds: list[Kind],
    filesystem: Any = None,  # noqa: ANN401 - fsspec has no types
) -> tuple[Recognised, Iterator[Record]]:
    """Recognise a file and take it apart, without a copy."""
    content = Content(file, filesystem)
    found = recognised(content, kinds)
    return found, records_of(content, found, Ends())
