"""Shares of the raw files: who inspects which, and what is found in them."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING

import duckdb
import places
from model_query import LISTED, parts
from raw_files import folder, listing, readable, views
from raw_files.refusals import unreachable

if TYPE_CHECKING:
    from model_query import Query, Task

# What a task has found in its share, in the folder of the share.
INSPECTED = "inspected.pickle"


def share_out(query: Query) -> list[list[listing.RawFile]]:
    """List the raw files, and give each task some that are next to each other.

    Raises RefusedError if there is no file at all.
    """
    shares: list[list[listing.RawFile]] = []
    size = 0
    for file in raw_files(query):
        size += file.size_bytes
        if not shares or size > query.task_bytes:
            shares.append([])
            size = file.size_bytes
        shares[-1].append(file)
    if not shares:
        folder.check_kinds(query.root, [], query.kinds)
    return shares


def raw_files(query: Query) -> list[listing.RawFile]:
    """List the raw files; raises RefusedError if that can't be done."""
    bucket = places.store_of(query.root)
    if bucket is None:
        return listing.list_folder(os.path.realpath(query.root))
    try:
        return listing.list_bucket(query.root, bucket.filesystem)
    except Exception as error:
        # Each protocol has errors of its own.
        raise unreachable(query.root) from error


def inspect_share(connection: duckdb.DuckDBPyConnection, task: Task) -> None:
    """Inspect the task's raw files: `raw.files`, and the folder of the share.

    Raises RefusedError when a file can't be read.
    """
    copies = readable.Copies(task.share)
    bucket = places.store_of(task.query.root)
    filesystem = None if bucket is None else bucket.filesystem
    rows, inspected = folder.inspect_new_files(
        task.files, task.query.kinds, {}, copies, filesystem
    )
    with (task.share / INSPECTED).open("wb") as out:
        pickle.dump((inspected, copies), out)
    columns = ", ".join(f"{n} {t}" for n, t in folder.FILE_TYPES.items())
    connection.execute(f"create table raw.files ({columns})")
    values = ", ".join("?" * len(folder.FILE_TYPES))
    connection.executemany(f"insert into raw.files values ({values})", rows)  # noqa: S608


def create_raw_views(connection: duckdb.DuckDBPyConnection, task: Task) -> None:
    """Create the views `raw.<kind>` over what was inspected of the share."""
    with (task.share / INSPECTED).open("rb") as found:
        inspected, copies = pickle.load(found)  # noqa: S301 - our own
    root = task.query.root
    if places.store_of(root) is None:
        root = os.path.realpath(root)
    views.create_views(
        connection, "raw", root, task.query.kinds, inspected, copies
    )


def check_kinds(query: Query) -> None:
    """Stop where a kind of file is missing; raises RefusedError."""
    with duckdb.connect() as connection:
        files = [str(part) for part in parts(query, LISTED)]
        rows = connection.read_parquet(files).fetchall()
    found = [folder.FileRow(*row) for row in rows]
    folder.check_kinds(query.root, found, query.kinds)
