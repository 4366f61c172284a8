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
import pickle
import re
import shutil
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import places
from dbt_common.exceptions import DbtRuntimeError
from project_files import load_functions, load_page_template, load_seeds
from raw_files import folder, kinds, listing, readable, views
from raw_files.refusals import RefusedError, unreachable
from raw_files.views import glob_escaped, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyarrow import RecordBatch, Schema

LISTED = "stg_raw_files"
# A view's SQL, where a table has its files.
VIEW = "view.sql"
# Where a share's inspection and copies stand, below `tables`.
SHARES = "raw_shares"
INSPECTED = "inspected.pickle"
# Each task that splits its rows writes as many files.
MOST_KEY_SHARES = 64

# Number of a task, its raw files if it inspects any, and why none can be read.
Planned = tuple[int, list[tuple[Any, ...]], str]


@dataclass(frozen=True)
class Query:
    """What is run, as macros/spark/tasks.sql writes it in JSON."""

    # DuckDB's SQL; without it, the file or folder at `write_to` is removed.
    sql: str
    # The schema of the project's models in it.
    schema: str
    # Folders: the project, the data root, which may be in a bucket, and that of
    # the tables.
    project: str
    root: str
    tables: str
    # What DuckDB may use in each task, such as 2GB.
    memory: str
    # A task reads as many bytes of raw files, or one file.
    task_bytes: int
    # Models that are made file by file, and key by key.
    by_file: list[str]
    by_key: list[str]
    # The hash by which a model's rows are split, as SQL, by the model's name.
    split_by: dict[str, str]
    # The model that is made; empty if it is another query.
    makes: str
    # Published files: path and columns with their types, by the model's name.
    published: dict[str, dict[str, Any]]
    # A file, or a folder for a file of every task; empty if Spark reads.
    write_to: str
    copy_options: str
    # Whether no rows leave the last file.
    keep_if_empty: bool
    # Options of COPY for the parts of a file that lists them; empty if it holds
    # the rows itself.
    part_options: str

    def mentioned(self, schema: str) -> list[str]:
        """Return the relations of a schema that the SQL reads.

        In a CTE that is named like the schema, columns are told as well.
        """
        return sorted(set(re.findall(rf"\b{schema}\.(\w+)", self.sql)))

    @property
    def lists_files(self) -> bool:
        """Whether the raw files are listed anew."""
        return "files" in self.mentioned("raw")

    @property
    def is_of_many_tasks(self) -> bool:
        """Whether this is one task of many."""
        return self.makes in self.by_file or self.makes in self.by_key

    @property
    def shares(self) -> Path:
        """The folder of the shares of raw files."""
        return Path(self.tables, SHARES)

    @property
    def key_shares(self) -> int:
        """The number of shares of the keys."""
        return min(len(list(parts(self, LISTED))), MOST_KEY_SHARES)

    @property
    def kinds(self) -> list[kinds.Kind]:
        """The kinds of raw files."""
        return kinds.read_kinds(
            Path(self.project, "models/staging/_sources.yml")
        )


@dataclass(frozen=True)
class Task:
    """What one task does."""

    query: Query
    # A folder of this machine's, for what does not fit into memory.
    scratch: str
    number: int = 0
    attempt: int = 0
    # Raw files to inspect.
    files: tuple[listing.RawFile, ...] = ()

    @property
    def share(self) -> Path:
        """The folder of the task's share."""
        return self.query.shares / f"{self.number:05}"


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


def parts(query: Query, name: str) -> Iterator[Path]:
    """Return a table's files."""
    return Path(query.tables, name).glob("part_*.parquet")


def forget(place: Path, kept: set[str]) -> None:
    """Remove what a build with more tasks has left."""
    for path in place.glob("*"):
        if path.name not in kept:
            path.unlink() if path.is_file() else shutil.rmtree(path)
