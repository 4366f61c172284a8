"""Writes what a model's SQL gives: a table's parts, or a published file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import places
from raw_files.views import literal

if TYPE_CHECKING:
    from model_query import Query, Task

# A view's SQL, where a table has its files.
VIEW = "view.sql"


def part_names(query: Query, number: int) -> list[str]:
    """Return the names of the files that a task writes for a table."""
    name = f"part_{number:05}"
    if query.makes not in query.split_by:
        return [f"{name}.parquet"]
    return [f"{name}_{n:05}.parquet" for n in range(query.key_shares)]


def write(connection: duckdb.DuckDBPyConnection, task: Task) -> int:
    """Write what the SQL gives; return the number of rows."""
    query = task.query
    sql = query.sql
    if query.part_options:
        sql = write_parts(connection, task)
    if not query.write_to.endswith("/"):
        return write_file(connection, task, sql, query.write_to)
    Path(query.write_to, VIEW).unlink(missing_ok=True)
    names = part_names(query, task.number)
    if not query.is_of_many_tasks:
        return write_file(connection, task, sql, query.write_to + names[0])
    # COPY mixes the rows of files that it reads in several ways.
    split_by = query.split_by.get(query.makes, "0")
    connection.execute(
        f"create temp table made as select *, {split_by} % {len(names)}"  # noqa: S608 - our own models
        f" as share from ({sql}\n) as rows"
    )
    return sum(
        write_file(
            connection,
            task,
            f"select * exclude (share) from made where share = {share}",  # noqa: S608 - a number
            query.write_to + name,
        )
        for share, name in enumerate(names)
    )


def write_file(
    connection: duckdb.DuckDBPyConnection, task: Task, sql: str, path: str
) -> int:
    """Write rows beside the old file, which the new one then replaces."""
    query = task.query
    # Two attempts of a task may run at once.
    name = f"tmp_{task.attempt}_{path.rpartition('/')[2]}"
    unfinished = places.local(path, name, task.scratch)
    try:
        (rows,) = connection.execute(
            f"copy ({sql}\n) to {literal(str(unfinished))} "
            f"({query.copy_options}, use_tmp_file false)"
        ).fetchone()
        if rows or not query.keep_if_empty or not places.exists(path):
            places.put(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def write_parts(connection: duckdb.DuckDBPyConnection, task: Task) -> str:
    """Write the rows as parts, and return SQL for the list of them.

    They go to one of two folders, in turns: that which the old list names
    stays until the new list stands.
    """
    query = task.query
    directory, _, name = query.write_to.rpartition("/")
    stem = name.rpartition(".")[0]
    is_first_taken = places.exists(
        query.write_to
    ) and f"{stem}_1/".encode() in places.content(query.write_to, 100)
    parts = f"{stem}_{2 if is_first_taken else 1}"
    made = places.local(query.write_to, parts, task.scratch)
    connection.execute(
        f"copy ({query.sql}\n) to {literal(str(made))} ({query.part_options}, "
        "filename_pattern 'part_{i}', overwrite true)"
    )
    # A part's number says where its rows stand among all.
    listed = []
    for part in sorted(
        made.glob("part_*"), key=lambda part: int(part.stem.split("_")[1])
    ):
        listed.append(
            f"select '{parts}/{part.name}' as part, "
            f"{part.stat().st_size} as bytes"
        )
        places.put(part, f"{directory}/{parts}/{part.name}")
    return " union all ".join(listed)


def forget(place: Path, kept: set[str]) -> None:
    """Remove what a build with more tasks has left."""
    for path in place.glob("*"):
        if path.name not in kept:
            path.unlink() if path.is_file() else shutil.rmtree(path)
