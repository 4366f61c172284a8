"""Replaces row groups of a Parquet file, and copies the others as bytes.

To encode and compress rows is most of what writing a file costs, and a row
group in which nothing has changed doesn't need it.

A Parquet file is `PAR1`, the row groups, the footer, the footer's length in
four bytes, and `PAR1`. Only the footer says where anything is, counted from the
file's first byte; so a row group may stand elsewhere if the footer says so.

The footer is a struct in Thrift's compact protocol: fields, each with a number,
a type and a value, then a zero. What the fields mean is in
`src/main/thrift/parquet.thrift` of github.com/apache/parquet-format; how they
are written, in `doc/specs/thrift-compact-protocol.md` of
github.com/apache/thrift.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"PAR1"
LENGTH_BYTES = 4
# It stays in a processor's cache. The ways in which a system's kernel copies
# save a tenth of the time at most, and each system has its own.
PIECE_BYTES = 256 * 2**10

# Numbers of fields: of the footer,
SCHEMA, ROWS, ROW_GROUPS, COLUMN_ORDERS, ENCRYPTION = 2, 3, 4, 7, 8
# of a row group,
COLUMNS, GROUP_ROWS, GROUP_START, GROUP_BYTES, ORDINAL = 1, 3, 5, 6, 7
# of a column in it, with where and how long two indexes are,
METADATA_START, METADATA = 2, 3
PAGE_INDEXES = 4, 5, 6, 7
# and of that column's metadata, with where pages begin that have data, an index
# or a dictionary, and where and how long a Bloom filter is.
PAGE_STARTS = 9, 10, 11
BLOOM_FILTER = 14, 15

# The fields whose structs are taken apart, since something in them changes. All
# other values are passed over, and stay the bytes that they are.
TAKEN_APART = {ROW_GROUPS: {COLUMNS: {METADATA: {}}}}

# Types of values. Footers have neither sets nor maps.
INTEGERS = 4, 5, 6
BINARY, LIST, STRUCT = 8, 9, 12
TRUE, FALSE, BYTE, FLOAT = 1, 2, 3, 7
# True and false are told by their types alone.
BYTES_OF_TYPE = {TRUE: 0, FALSE: 0, BYTE: 1, FLOAT: 8}
# Four and seven bits, all set.
NIBBLE, SEPTET = 0xF, 0x7F

# Type and value of each field, by its number.
Struct = dict[int, tuple[int, Any]]


def replace_row_groups(
    old: Path, kept: list[int], added: Path, result: Path
) -> None:
    """Write the kept row groups of `old`, then all of `added`, to `result`.

    DuckDB wrote both of them, with the same schema; row groups are counted from
    0. If they are anything else, `result`, a third file, isn't touched.
    """
    with old.open("rb") as old_file, added.open("rb") as added_file:
        try:
            footer, pieces = combine(old_file, kept, added_file)
        except (LookupError, RecursionError, TypeError, ValueError) as error:
            message = (
                f"Can't put {added} into {old}: {error!r}. Both must be files "
                "of DuckDB, of one schema, neither damaged nor encrypted."
            )
            raise ValueError(message) from error
        with result.open("wb") as file:
            file.write(MAGIC)
            for source, start, end in pieces:
                copy(source, start, end, file)
            length = len(footer).to_bytes(LENGTH_BYTES, "little")
            file.write(footer + length + MAGIC)


def combine(
    old: BinaryIO, kept: list[int], added: BinaryIO
) -> tuple[bytes, list[tuple[BinaryIO, int, int]]]:
    """Return a new footer, and from where to where to copy which files."""
    old_footer, old_end = read_footer(old)
    footer, added_end = read_footer(added)
    # Whether a column may be null is in the schema, and decides how the column
    # is encoded. DuckDB says so of all columns if its statistics_propagation is
    # disabled, and else of those whose nulls it can't rule out at the time.
    # Orders say what minima and maxima mean.
    for field in (SCHEMA, COLUMN_ORDERS):
        if old_footer.get(field) != footer.get(field):
            message = "their schemas are different"
            raise ValueError(message)
    old_groups, added_groups = old_footer[ROW_GROUPS][1], footer[ROW_GROUPS][1]
    if kept != sorted(set(kept).intersection(range(len(old_groups)))):
        message = f"there are no row groups {kept} in this order"
        raise ValueError(message)
    groups = [(old_groups[number], old, old_end) for number in kept]
    groups += [(group, added, added_end) for group in added_groups]
    pieces = []
    place, rows = len(MAGIC), 0
    for ordinal, (group, file, limit) in enumerate(groups):
        start, end = move(group, place, ordinal)
        if not len(MAGIC) <= start <= end <= limit:
            message = f"{file.name} has a row group from {start} to {end}"
            raise ValueError(message)
        pieces.append((file, start, end))
        place += end - start
        rows += integer(group, GROUP_ROWS)
    change(footer, ROWS, rows)
    footer[ROW_GROUPS] = LIST, [group for group, _, _ in groups]
    return written_struct(footer), pieces


def read_footer(file: BinaryIO) -> tuple[Struct, int]:
    """Return the footer, and where it begins."""
    first = file.read(len(MAGIC))
    tail_bytes = LENGTH_BYTES + len(MAGIC)
    end = max(file.seek(0, os.SEEK_END) - tail_bytes, 0)
    file.seek(end)
    tail = file.read()
    start = end - int.from_bytes(tail[:LENGTH_BYTES], "little")
    if not first == tail[LENGTH_BYTES:] == MAGIC or start < len(MAGIC):
        message = f"{file.name} doesn't begin and end as it should"
        raise ValueError(message)
    file.seek(start)
    data = file.read(end - start)
    footer, length = read_struct(data, 0, TAKEN_APART)
    if length != len(data) or ENCRYPTION in footer:
        message = f"{file.name} has too long a footer, or is encrypted"
        raise ValueError(message)
    return footer, start


def move(group: Struct, place: int, ordinal: int) -> tuple[int, int]:
    """Let a row group begin at `place`; return where it began and ended."""
    start = integer(group, GROUP_START)
    end = start + integer(group, GROUP_BYTES)
    change(group, GROUP_START, place)
    change(group, ORDINAL, ordinal)
    for column in group[COLUMNS][1]:
        _, metadata = column[METADATA]
        for field in PAGE_STARTS:
            if field in metadata:
                page = integer(metadata, field)
                if not start <= page < end:
                    message = "a page is outside of its row group"
                    raise ValueError(message)
                change(metadata, field, page - start + place)
        # The standard's way to say that it is in the footer alone.
        change(column, METADATA_START, 0)
        # These stand behind all row groups, and readers do without.
        for field in PAGE_INDEXES:
            column.pop(field, None)
        for field in BLOOM_FILTER:
            metadata.pop(field, None)
    return start, end


def copy(source: BinaryIO, start: int, end: int, target: BinaryIO) -> None:
    """Append a part of a file to another one."""
    source.seek(start)
    for at in range(start, end, PIECE_BYTES):
        target.write(source.read(min(PIECE_BYTES, end - at)))


def integer(struct: Struct, field: int) -> int:
    """Return the value of a field; its lowest bit is the sign."""
    number, _ = read_number(struct[field][1], 0)
    return number >> 1 ^ -(number & 1)


def change(struct: Struct, field: int, value: int) -> None:
    """Give another value to a field, if it is there."""
    if field in struct:
        kind, _ = struct[field]
        struct[field] = kind, written_number(value << 1)


def read_struct(
    data: bytes, at: int, taken_apart: dict[int, Any]
) -> tuple[Struct, int]:
    """Return the struct at a place, and where it ends."""
    struct: Struct = {}
    number = 0
    while head := data[at]:
        # Four bits say by how much the number is above the last one; if they
        # are zero, it follows. The other four are the type.
        kind = head & NIBBLE
        at += 1
        if head > NIBBLE:
            number += head >> 4
        else:
            number, at = read_number(data, at)
            number >>= 1
        inside = taken_apart.get(number)
        if inside is None:
            end = end_of(data, at, kind)
            struct[number] = kind, data[at:end]
            at = end
        elif kind == STRUCT:
            value, at = read_struct(data, at, inside)
            struct[number] = kind, value
        else:
            _, count, at = read_list_head(data, at)
            structs = []
            for _ in range(count):
                value, at = read_struct(data, at, inside)
                structs.append(value)
            struct[number] = kind, structs
    return struct, at + 1


def end_of(data: bytes, at: int, kind: int) -> int:
    """Return where the value at a place ends."""
    if kind in INTEGERS:
        while data[at] > SEPTET:
            at += 1
        return at + 1
    if kind == BINARY:
        length, at = read_number(data, at)
        return at + length
    if kind == STRUCT:
        while head := data[at]:
            at += 1
            if head <= NIBBLE:
                _, at = read_number(data, at)
            at = end_of(data, at, head & NIBBLE)
        return at + 1
    if kind == LIST:
        kind, count, at = read_list_head(data, at)
        for _ in range(count):
            at = end_of(data, at, kind)
        return at
    return at + BYTES_OF_TYPE[kind]


def read_list_head(data: bytes, at: int) -> tuple[int, int, int]:
    """Return a list's type, its length, and where the first element is."""
    head = data[at]
    count, at = head >> 4, at + 1
    if count == NIBBLE:
        count, at = read_number(data, at)
    # Where no type tells true from false, a byte does.
    kind = head & NIBBLE
    return BYTE if kind in (TRUE, FALSE) else kind, count, at


def read_number(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a place, and where it ends.

    Each byte has seven bits of it, the lowest first, and one that says whether
    another byte follows.
    """
    number = data[at] & SEPTET
    shift = 0
    while data[at] > SEPTET:
        at += 1
        shift += 7
        number |= (data[at] & SEPTET) << shift
    return number, at + 1


def written_number(number: int) -> bytes:
    """Write what `read_number` reads."""
    written = bytearray()
    while number > SEPTET:
        written.append(number & SEPTET | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def written_struct(struct: Struct) -> bytes:
    """Write what `read_struct` reads."""
    written = bytearray()
    last = 0
    for number, (kind, value) in struct.items():
        step = number - last
        last = number
        if 0 < step <= NIBBLE:
            written.append(step << 4 | kind)
        else:
            written.append(kind)
            written += written_number(number << 1)
        if isinstance(value, bytes):
            written += value
        elif kind == STRUCT:
            written += written_struct(value)
        else:
            if len(value) < NIBBLE:
                written.append(len(value) << 4 | STRUCT)
            else:
                written.append(NIBBLE << 4 | STRUCT)
                written += written_number(len(value))
            for element in value:
                written += written_struct(element)
    written.append(0)
    return bytes(written)
