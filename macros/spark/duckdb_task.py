"""What a task of Spark does: it runs a model's SQL with DuckDB.

What the SQL reads are views over Parquet files below `tables`, over published
files, and over raw files. What it gives is written to one file by each task, or
handed to Spark.

A model that is made file by file is made by many tasks, each for a share of the
raw files. The task that inspects a share leaves what it found, and its copies,
in the folder of the share: whoever reads the share's records later needs no
second look at the raw files.

A model that is made key by key is made by many tasks, too, each for a share of
the ids or titles. What it reads was written in as many files by each task.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import astuple, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import places
from dbt_common.exceptions import DbtRuntimeError
from model_files import VIEW, forget, part_names, write
from model_query import LISTED, Query, Task, parts
from project_files import load_functions, load_page_template, load_seeds
from raw_files import listing
from raw_files.refusals import RefusedError
from raw_files.views import glob_escaped, literal
from raw_shares import check_kinds, create_raw_views, inspect_share, share_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyarrow import RecordBatch, Schema

# Number of a task, its raw files if it inspects any, and why none can be read.
Planned = tuple[int, list[tuple[Any, ...]], str]


def schema(options: dict[str, Any], scratch: str) -> Schema:
    """Return the columns of what the SQL gives, on the driver."""
    task = Task(Query(**options), scratch)
    with connected(task) as connection:
        return connection.sql(task.query.sql).limit(0).to_arrow_table().schema


def plan(options: dict[str, Any]) -> list[Planned]:
    """Return the tasks of a model that is made by many, on the driver."""
    query = Query(**options)
    try:
        if query.lists_files:
            shares = share_out(query)
            forget(query.shares, {f"{n:05}" for n in range(len(shares))})
        elif query.makes in query.by_key:
            shares = [[]] * query.key_shares
        else:
            shares = [[]] * len(list(parts(query, LISTED)))
            if query.mentioned("raw"):
                check_kinds(query)
    except (RefusedError, DbtRuntimeError) as refusal:
        return [(0, [], message_of(refusal))]
    written = [part_names(query, number) for number in range(len(shares))]
    forget(Path(query.write_to), {name for names in written for name in names})
    return [
        (number, [astuple(file) for file in files], "")
        for number, files in enumerate(shares)
    ]


def run(
    options: dict[str, Any], planned: Planned, attempt: int, scratch: str
) -> Iterator[tuple[int, str] | RecordBatch]:
    """Run a task; yield rows, or the number of rows written and a refusal."""
    number, listed, refusal = planned
    query = Query(**options)
    files = tuple(listing.RawFile(*file) for file in listed)
    task = Task(query, scratch, number, attempt, files)
    if refusal or not query.sql:
        if not query.sql:
            places.remove(query.write_to)
        yield (0, refusal)
        return
    try:
        with connected(task) as connection:
            if query.write_to:
                yield (write(connection, task), "")
            else:
                yield from connection.sql(query.sql).to_arrow_reader()
    except (RefusedError, DbtRuntimeError) as error:
        yield (0, message_of(error))


def message_of(error: RefusedError | DbtRuntimeError) -> str:
    """Return what an error tells, without the words that dbt puts in front."""
    return error.msg if isinstance(error, DbtRuntimeError) else str(error)


@cache
def database(
    project: str, root: str, memory: str, scratch: str
) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that has the project's functions and lists.

    A worker runs many tasks, one after the other, and takes long to open it.
    """
    settings = {
        "memory_limit": memory,
        "temp_directory": f"{scratch}/duckdb_{os.getpid()}",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(config=settings)
    load_functions(connection, Path(project, "macros/functions"))
    load_seeds(connection, Path(project, "seeds"))
    load_page_template(connection, Path(project, "macros/publishing/page"))
    bucket = places.store_of(root)
    if bucket is not None:
        bucket.register(connection)
    return connection


@contextmanager
def connected(task: Task) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a database that has what the SQL reads, until the task ends."""
    query = task.query
    connection = database(query.project, query.root, query.memory, task.scratch)
    # Other tasks run beside one of many. One that is alone takes all cores.
    connection.execute(
        "set threads = 1" if query.is_of_many_tasks else "reset threads"
    )
    connection.begin()
    try:
        connection.execute(f"create schema raw; create schema {query.schema}")
        if query.lists_files:
            inspect_share(connection, task)
        elif query.mentioned("raw"):
            create_raw_views(connection, task)
        create_models(connection, task)
        yield connection
    finally:
        connection.rollback()


def create_models(connection: duckdb.DuckDBPyConnection, task: Task) -> None:
    """Create views for the models that the SQL reads."""
    query = task.query
    for name in query.mentioned(query.schema):
        table = Path(query.tables, name)
        definition = table / VIEW
        if name in query.published:
            rows = published_rows(query, name)
        elif definition.exists():
            rows = definition.read_text("utf-8")
            inner = replace(query, sql=rows)
            create_models(connection, replace(task, query=inner))
        elif table.exists():
            rows = table_rows(task, name)
        else:
            continue
        connection.execute(
            f"create or replace view {query.schema}.{name} as {rows}"
        )


def table_rows(task: Task, name: str) -> str:
    """Return SQL for a table's rows, or those of the task's share.

    A raw file's rows stand in the parts of one task, in the file's order.
    """
    query = task.query
    part = "part_*"
    if query.makes in query.by_file and name in query.by_file:
        part = f"part_{task.number:05}*"
    elif query.makes in query.by_key and name in query.split_by:
        part = f"part_*_{task.number:05}"
    elif query.makes in query.by_key and name in query.by_key:
        part = f"part_{task.number:05}"
    table = glob_escaped(f"{query.tables}/{name}")
    place = ", file_row_number as rowid" if "rowid" in query.sql else ""
    return (
        f"select *{place} from "  # noqa: S608 - the path is quoted
        f"read_parquet({literal(f'{table}/{part}.parquet')}, "
        "hive_partitioning = false)"
    )


def published_rows(query: Query, name: str) -> str:
    """Return SQL for the rows of a published file, none if it is not there."""
    published = query.published[name]
    types = published["types"].items()
    path = f"{query.root}/{published['location']}"
    file = literal(glob_escaped(path))
    if not places.exists(path):
        nulls = ", ".join(f"null::{told} as {column}" for column, told in types)
        return f"select {nulls} where false"
    if path.endswith(".parquet"):
        return f"from read_parquet({file}, hive_partitioning = false)"
    if not path.endswith(".json"):
        return f"from read_text({file})"
    if b'"part"' in places.content(path, 20):
        directory = path.rpartition("/")[0]
        listed = json.loads(places.content(path))
        files = (f"{directory}/{part['part']}" for part in listed)
        file = f"[{', '.join(literal(glob_escaped(part)) for part in files)}]"
    columns = ", ".join(f"{literal(c)}: {literal(t)}" for c, t in types)
    return (
        f"from read_json({file}, columns = {{{columns}}}, "
        "hive_partitioning = false)"
    )
