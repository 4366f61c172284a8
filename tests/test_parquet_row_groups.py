"""Replaces row groups of Parquet files, which DuckDB writes and reads."""

from __future__ import annotations

import random
import sys
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from conftest import PROJECT

sys.path.append(str(PROJECT / "macros" / "plugins"))
import parquet_row_groups as plugin
from parquet_row_groups import replace_row_groups

if TYPE_CHECKING:
    from pathlib import Path

# As the project writes files, and in ways that make other pages.
PROJECTS_OWN = "compression zstd, compression_level 1, write_bloom_filter false"
OPTIONS = [
    PROJECTS_OWN,
    "compression uncompressed",
    "compression zstd, parquet_version v2",
]
ROW_GROUP = 2048
# More row groups than fit in the four bits for a short list's length.
MANY_ROWS = 16 * ROW_GROUP + 1

# Every type of the project's tables, with nulls and whatever is special.
COLUMNS = ("record_key", "title", "journal", "day", "raw_files", "is_new")
ROWS = """
    select
        number + {first} as record_key,
        case number % 7
            when 0 then null when 1 then '' else 'naïve ' || number
        end as title,
        nullif('名 ' || number % 5, '名 3') as journal,
        case when number % 3 > 0 then
            date '2020-01-01' + cast((number + {first}) // 40 as integer)
        end as day,
        case number % 4
            when 0 then null
            when 1 then []
            when 2 then ['raw/é.csv', null, '']
            else ['raw/' || number % 3, 'raw/' || number]
        end as raw_files,
        number % 2 = 0 as is_new
    from range({rows}) as numbers(number)
"""
# What a file says of where things are, and how long what is left behind was.
PLACES = (
    "file_offset, data_page_offset, dictionary_page_offset, index_page_offset, "
    "bloom_filter_offset, bloom_filter_length, column_index_offset, "
    "column_index_length, offset_index_offset, offset_index_length"
)


@pytest.fixture(scope="module")
def writer() -> duckdb.DuckDBPyConnection:
    """Give a DuckDB whose files have one schema.

    Otherwise a column that can't be null in the rows at hand is declared so,
    and isn't in the next file.
    """
    connection = duckdb.connect()
    connection.execute("set disabled_optimizers = 'statistics_propagation'")
    return connection


@pytest.fixture(scope="module")
def reader() -> duckdb.DuckDBPyConnection:
    """Give a DuckDB that leaves out what statistics allow it to."""
    return duckdb.connect()


def write(
    writer: duckdb.DuckDBPyConnection,
    file: Path,
    rows: int,
    first: int = 0,
    options: str = PROJECTS_OWN,
) -> Path:
    """Write rows, whose keys are counted from `first`."""
    writer.execute(
        f"copy ({ROWS.format(first=first, rows=rows)}) to '{file}' (format "
        f"parquet, row_group_size {ROW_GROUP}, {options})"
    )
    return file


def written(row_groups: bytes, footer: bytes) -> bytes:
    """Give a file of which the row groups, with what is before, are given."""
    return row_groups + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def rows_of_groups(reader: duckdb.DuckDBPyConnection, file: Path) -> list[int]:
    """Give how many rows each row group has."""
    return [
        rows
        for _, rows in reader.execute(
            "select distinct row_group_id, row_group_num_rows "
            f"from parquet_metadata('{file}') order by row_group_id"
        ).fetchall()
    ]


def row_groups(
    reader: duckdb.DuckDBPyConnection, file: Path
) -> tuple[list[tuple[Any, bytes]], int]:
    """Give what a file says of each row group, and its bytes; and their end.

    They must follow on each other without a gap.
    """
    data = file.read_bytes()
    groups: dict[int, tuple[Any, bytes]] = {}
    end = 4
    for number, start, data_page, size, *about in reader.execute(
        "select row_group_id, "
        "coalesce(dictionary_page_offset, data_page_offset), "
        "data_page_offset, total_compressed_size, "
        f"* exclude (file_name, row_group_id, {PLACES}) "
        f"from parquet_metadata('{file}') order by row_group_id, column_id"
    ).fetchall():
        assert start == end
        assert start <= data_page < start + size
        end = start + size
        columns, content = groups.get(number, ([], b""))
        groups[number] = [*columns, about], content + data[start:end]
    assert list(groups) == list(range(len(groups)))
    return list(groups.values()), end


def replace(
    reader: duckdb.DuckDBPyConnection,
    old: Path,
    kept: list[int],
    added: Path,
    result: Path,
) -> None:
    """Replace row groups, and make a table of the rows that there must be."""
    ends = [0, *accumulate(rows_of_groups(reader, old))]
    is_kept = " or ".join(
        f"file_row_number between {ends[number]} and {ends[number + 1] - 1}"
        for number in kept
    )
    reader.execute(
        f"create or replace table expected as select {', '.join(COLUMNS)} "
        f"from read_parquet('{old}', file_row_number = true) "
        f"where {is_kept or 'false'} union all from '{added}'"
    )
    replace_row_groups(old, kept, added, result)
    was, _ = row_groups(reader, old)
    new, _ = row_groups(reader, added)
    found, end = row_groups(reader, result)
    assert found == [was[number] for number in kept] + new
    ((rows, groups, footer_bytes),) = reader.execute(
        "select num_rows, num_row_groups, footer_size "
        f"from parquet_file_metadata('{result}')"
    ).fetchall()
    assert rows == sum(rows_of_groups(reader, result))
    assert groups == len(found)
    assert end + footer_bytes + 8 == result.stat().st_size


def check_queries(
    reader: duckdb.DuckDBPyConnection, result: Path, seed: int = 1
) -> None:
    """Check that whatever is asked of the file, the table says the same."""
    columns = ", ".join(COLUMNS)
    one = (
        f"select {columns}, file_row_number "
        f"from read_parquet('{result}', file_row_number = true)"
    )
    other = f"select {columns}, rowid from expected"
    for query in (f"{one} except all {other}", f"{other} except all {one}"):
        assert not reader.execute(query).fetchall()

    def ask(condition: str, *values: object) -> None:
        found, expected = (
            reader.execute(
                "select count(*), count(title), max(record_key), min(day), "
                f"sum(hash({columns})) from {rows} where {condition}",
                values,
            ).fetchall()
            for rows in (f"'{result}'", "expected")
        )
        assert found == expected, (condition, values)

    for column in COLUMNS:
        ask(f"{column} is null")
    row = reader.execute(
        "from expected order by hash(record_key, $1) limit 1", [seed]
    ).fetchall()
    nowhere = (-1, "a", "b", "1999-01-01", ["c"], None)
    for values in (*row, nowhere):
        for column, value in zip(COLUMNS, values, strict=True):
            ask(f"{column} = $1", value)
            ask(f"{column} > $1", value)
        key, title, _, day, files, _ = values
        ask("record_key in ($1, 1)", key)
        ask("title = $1 and day >= $2", title, day)
        ask("list_contains(raw_files, $1)", (files or [""])[0])


@pytest.mark.parametrize("options", OPTIONS)
def test_a_file_with_replaced_row_groups_equals_a_table(
    writer: duckdb.DuckDBPyConnection,
    reader: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: str,
) -> None:
    # Less than a row group has.
    monkeypatch.setattr(plugin, "PIECE_BYTES", 1000)
    drawn = random.Random(options)
    old = write(writer, tmp_path / "0.parquet", 5 * ROW_GROUP + 7, 0, options)
    for turn in range(1, 5):
        count = len(rows_of_groups(reader, old))
        kept = sorted(drawn.sample(range(count), drawn.randrange(count + 1)))
        added = write(
            writer,
            tmp_path / f"added_{turn}.parquet",
            drawn.choice([0, 1, ROW_GROUP, drawn.randrange(3 * ROW_GROUP)]),
            # Some of these keys are in the file, or all, or none.
            drawn.randrange(8 * ROW_GROUP),
            options,
        )
        # The result of one turn is the old file of the next.
        result = tmp_path / f"{turn}.parquet"
        replace(reader, old, kept, added, result)
        check_queries(reader, result, turn)
        old = result


@pytest.mark.parametrize(
    ("kept", "rows"), [([], 0), ([], 3), ([0, 16], 0), ([*range(17)], 0)]
)
def test_nothing_may_be_kept_or_added(
    writer: duckdb.DuckDBPyConnection,
    reader: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    kept: list[int],
    rows: int,
) -> None:
    old = write(writer, tmp_path / "old.parquet", MANY_ROWS)
    added = write(writer, tmp_path / "added.parquet", rows, MANY_ROWS)
    result = tmp_path / "result.parquet"
    replace(reader, old, kept, added, result)
    check_queries(reader, result)
    if not kept:
        assert result.read_bytes() == added.read_bytes()
    if len(kept) == 17:
        assert result.read_bytes() == old.read_bytes()


def test_the_old_file_may_be_empty(
    writer: duckdb.DuckDBPyConnection,
    reader: duckdb.DuckDBPyConnection,
    tmp_path: Path,
) -> None:
    old = write(writer, tmp_path / "old.parquet", 0)
    added = write(writer, tmp_path / "added.parquet", MANY_ROWS)
    result = tmp_path / "result.parquet"
    replace(reader, old, [], added, result)
    check_queries(reader, result)
    assert result.read_bytes() == added.read_bytes()


def test_what_stands_behind_the_row_groups_is_left_behind(
    writer: duckdb.DuckDBPyConnection,
    reader: duckdb.DuckDBPyConnection,
    tmp_path: Path,
) -> None:
    # DuckDB writes Bloom filters. The other fields are as other programs write
    # them, some of which also say where a column begins.
    old = write(
        writer, tmp_path / "old.parquet", 2 * ROW_GROUP, 0, "compression zstd"
    )
    with old.open("rb") as file:
        footer, start = plugin.read_footer(file)
    for ordinal, group in enumerate(footer[plugin.ROW_GROUPS][1]):
        group[plugin.ORDINAL] = 4, plugin.written_number(ordinal << 1)
        for column in group[plugin.COLUMNS][1]:
            column[plugin.METADATA_START] = group[plugin.GROUP_START]
            for field in plugin.PAGE_INDEXES:
                # Where it is takes a longer type than how long it is.
                kind = 5 if field % 2 else 6
                column[field] = kind, plugin.written_number(start << 1)
            # It comes after the Bloom filter, and stays.
            column[plugin.METADATA][1][16] = plugin.STRUCT, {}
    old.write_bytes(
        written(old.read_bytes()[:start], plugin.written_struct(footer))
    )
    second = plugin.integer(group, plugin.GROUP_START)

    def places(file: Path) -> list[tuple[Any, ...]]:
        return reader.execute(
            "select count(bloom_filter_offset), count(column_index_offset), "
            "count(offset_index_length), max(file_offset) "
            f"from parquet_metadata('{file}')"
        ).fetchall()

    assert places(old) == [(4, 12, 12, second)]
    result = tmp_path / "result.parquet"
    added = write(writer, tmp_path / "added.parquet", 3, 0, "compression zstd")
    replace(reader, old, [1], added, result)
    check_queries(reader, result)
    assert places(result) == [(0, 0, 0, 0)]
    with result.open("rb") as file:
        footer, _ = plugin.read_footer(file)
    kept, new = footer[plugin.ROW_GROUPS][1]
    assert plugin.integer(kept, plugin.ORDINAL) == 0
    assert plugin.integer(kept, plugin.GROUP_START) == 4
    assert plugin.ORDINAL not in new
    for column in kept[plugin.COLUMNS][1]:
        assert column[plugin.METADATA][1][16] == (plugin.STRUCT, b"\0")


def test_all_but_the_rows_comes_from_the_added_file(
    writer: duckdb.DuckDBPyConnection,
    reader: duckdb.DuckDBPyConnection,
    tmp_path: Path,
) -> None:
    old, added = (
        write(
            writer,
            tmp_path / f"{name}.parquet",
            3,
            0,
            f"{PROJECTS_OWN}, kv_metadata {{name: '{name}'}}",
        )
        for name in ("old", "added")
    )
    result = tmp_path / "result.parquet"
    replace(reader, old, [0], added, result)
    for function, columns in (
        ("parquet_kv_metadata", "* exclude file_name"),
        ("parquet_schema", "* exclude file_name"),
        ("parquet_file_metadata", "created_by, column_orders"),
    ):
        expected, found = (
            reader.execute(
                f"select {columns} from {function}('{file}')"
            ).fetchall()
            for file in (added, result)
        )
        assert found == expected
        assert found


def test_structs_are_read_as_they_are_written() -> None:
    # The example in the protocol's specification.
    assert plugin.written_number(50399) == b"\xdf\x89\x03"
    inner = {3: (6, b"\x02")}
    struct = {
        1: (plugin.TRUE, b""),
        2: (plugin.BYTE, b"\xff"),
        5: (plugin.FLOAT, b"\xff" * 8),
        6: (plugin.LIST, b"\x21\x01\x02"),  # true and false
        7: (plugin.LIST, b"\xf8\x0f" + b"\x01a" * 15),
        8: (plugin.BINARY, b"\xc8\x01" + b"\xff" * 200),
        23: (plugin.FALSE, b""),
        # Too far away, and below the last one.
        300: (6, plugin.written_number(2**63)),
        4: (plugin.STRUCT, inner),
        9: (plugin.LIST, [inner] * 14),
        10: (plugin.LIST, [inner] * 15),
        11: (plugin.LIST, []),
    }
    assert plugin.integer(struct, 300) == 2**62
    data = plugin.written_struct(struct)
    for taken_apart in ({}, {4: {}, 9: {}, 10: {}, 11: {}}):
        found, end = plugin.read_struct(data + b"more", 0, taken_apart)
        assert end == len(data)
        assert plugin.written_struct(found) == data
    assert found == struct


def check_refused(
    old: Path,
    kept: list[int],
    added: Path,
    result: Path,
    why: str | None = None,
) -> None:
    """Check that nothing is written, and that it is said why."""
    with pytest.raises(ValueError, match=why):
        replace_row_groups(old, kept, added, result)
    assert not result.exists()


def test_a_damaged_file_is_refused(
    writer: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = write(writer, tmp_path / "file.parquet", 2 * ROW_GROUP)
    with file.open("rb") as opened:
        _, start = plugin.read_footer(opened)
    data = file.read_bytes()
    groups, footer = data[:start], data[start:-8]
    fields, _ = plugin.read_struct(footer, 0, {})
    fields[plugin.ROW_GROUPS] = plugin.STRUCT, {2: (plugin.TRUE, b"")}
    damaged = tmp_path / "damaged.parquet"
    result = tmp_path / "result.parquet"
    for content in (
        b"",
        b"record_key,title\n" * 9,
        b"PAR1",
        b"PAR1PAR1",
        b"PAR1" + b"\xff" * 4 + b"PAR1",
        groups,
        data[1:],
        data[:-1],
        b"PARE" + data[4:],
        data[:-4] + b"PARE",
        written(groups[:4], footer),
        written(groups, b""),
        written(groups, footer[1:]),
        written(groups, footer[:-1]),
        written(groups, footer + b"\0"),
        written(groups, footer[:-300] + bytes(300)),
        written(groups, footer[:-300] + b"\xff" * 300),
        # A struct in a struct in a struct …
        written(groups, b"\x1c" * 9000),
        # A struct in place of the row groups.
        written(groups, plugin.written_struct(fields)),
    ):
        damaged.write_bytes(content)
        check_refused(damaged, [0], file, result)
        check_refused(file, [0], damaged, result)


def test_whatever_is_in_a_footer_it_is_used_or_refused(
    writer: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = write(writer, tmp_path / "file.parquet", ROW_GROUP + 1)
    data = file.read_bytes()
    footer_bytes = int.from_bytes(data[-8:-4], "little")
    damaged = tmp_path / "damaged.parquet"
    drawn = random.Random(1)
    refused = 0
    for turn in range(400):
        changed = bytearray(data)
        for _ in range(drawn.choice([1, 2, 9])):
            place = drawn.randrange(len(data) - 8 - footer_bytes, len(data) - 8)
            changed[place] = drawn.randrange(256)
        damaged.write_bytes(changed)
        result = tmp_path / f"{turn}.parquet"
        try:
            replace_row_groups(damaged, [1], file, result)
        except ValueError:
            refused += 1
            assert not result.exists()
    # Much of it is names, minima and maxima, of which all are possible.
    assert 200 < refused < 400


WRONG_PLACES = [
    # In another row group, where none can be, and nowhere.
    ([plugin.GROUP_START], [0, 3, None]),
    ([plugin.GROUP_BYTES], [1, 2**40, None]),
    ([plugin.GROUP_ROWS], [None]),
    ([plugin.COLUMNS, plugin.METADATA], [None]),
    ([plugin.COLUMNS, plugin.METADATA, 9], [0, 4, 2**40]),
    ([plugin.COLUMNS, plugin.METADATA, 11], [0, 4, 2**40]),
]


@pytest.mark.parametrize(
    ("fields", "value"),
    [(fields, value) for fields, values in WRONG_PLACES for value in values],
)
def test_a_place_outside_of_a_row_group_is_refused(
    writer: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    fields: list[int],
    value: int | None,
) -> None:
    file = write(writer, tmp_path / "file.parquet", ROW_GROUP + 1)
    with file.open("rb") as opened:
        footer, start = plugin.read_footer(opened)
    struct = footer[plugin.ROW_GROUPS][1][1]
    for field in fields[:-1]:
        inside = struct[field][1]
        struct = inside[3] if field == plugin.COLUMNS else inside
    if value is None:
        del struct[fields[-1]]
    else:
        struct[fields[-1]] = 6, plugin.written_number(value << 1)
    wrong = tmp_path / "wrong.parquet"
    wrong.write_bytes(
        written(file.read_bytes()[:start], plugin.written_struct(footer))
    )
    result = tmp_path / "result.parquet"
    check_refused(wrong, [0, 1], file, result)
    check_refused(file, [0, 1], wrong, result)


def test_an_encrypted_file_is_refused(
    writer: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    file = write(writer, tmp_path / "file.parquet", 3)
    connection = duckdb.connect()
    connection.execute("set force_mbedtls_unsafe = 'true'")
    connection.execute("pragma add_parquet_key('a key', '0123456789012345')")
    encrypted = write(
        connection,
        tmp_path / "encrypted.parquet",
        3,
        0,
        f"{PROJECTS_OWN}, encryption_config {{footer_key: 'a key'}}",
    )
    with file.open("rb") as opened:
        footer, start = plugin.read_footer(opened)
    # So it is when the footer can be read and the columns can't.
    footer[plugin.ENCRYPTION] = plugin.STRUCT, {}
    columns_only = tmp_path / "columns.parquet"
    columns_only.write_bytes(
        written(file.read_bytes()[:start], plugin.written_struct(footer))
    )
    result = tmp_path / "result.parquet"
    for other in (encrypted, columns_only):
        check_refused(file, [0], other, result)
        check_refused(other, [0], file, result)


@pytest.mark.parametrize(
    "columns",
    [
        "record_key, title, journal, day, raw_files",
        "title, record_key, journal, day, raw_files, is_new",
        "* rename (title as heading)",
        "* replace (cast(record_key as integer) as record_key)",
        "* replace (raw_files[1] as raw_files)",
    ],
)
def test_other_columns_are_refused(
    writer: duckdb.DuckDBPyConnection, tmp_path: Path, columns: str
) -> None:
    file = write(writer, tmp_path / "file.parquet", 3)
    other = tmp_path / "other.parquet"
    writer.execute(f"copy (select {columns} from '{file}') to '{other}'")
    result = tmp_path / "result.parquet"
    check_refused(file, [0], other, result, "schemas are")
    check_refused(file, [], other, result, "schemas are")


def test_columns_of_which_only_one_may_be_null_are_refused(
    writer: duckdb.DuckDBPyConnection,
    reader: duckdb.DuckDBPyConnection,
    tmp_path: Path,
) -> None:
    # Nobody's title is null. One of them has been told so.
    file, other = tmp_path / "file.parquet", tmp_path / "other.parquet"
    for connection, written_file in ((writer, file), (reader, other)):
        connection.execute(
            "create or replace table titles as select 'a' as title"
        )
        connection.execute(f"copy titles to '{written_file}' (format parquet)")
    result = tmp_path / "result.parquet"
    check_refused(file, [0], other, result, "schemas are")
    check_refused(other, [0], file, result, "schemas are")


@pytest.mark.parametrize("kept", [[2], [-1], [1, 0], [1, 1]])
def test_row_groups_that_there_are_not_are_refused(
    writer: duckdb.DuckDBPyConnection, tmp_path: Path, kept: list[int]
) -> None:
    file = write(writer, tmp_path / "file.parquet", ROW_GROUP + 1)
    check_refused(file, kept, file, tmp_path / "result.parquet", "there are no")
