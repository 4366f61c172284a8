"""Lets dbt use the package `raw_files`: makes `raw.files` and its views.

dbt-duckdb calls `load` when a model asks for `source('raw', 'files')`. A
command that builds lists the raw files then, inspects the new ones, and creates
a view `raw.<kind>` over the new files of each kind. Any other command opens no
raw file.
"""

# ruff: noqa: S608 - names in queries are quoted, or those of constants

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError
from dbt_common.invocation import get_invocation_id
from duckdb_file import COMMANDS_THAT_BUILD
from raw_files.folder import (
    FILE_TYPES,
    FileRow,
    check_kinds,
    inspect_new_files,
)
from raw_files.kinds import read_kinds
from raw_files.listing import list_bucket, list_folder
from raw_files.readable import Copies, remove_copies
from raw_files.refusals import RefusedError, unreachable
from raw_files.sql_text import quoted
from raw_files.views import create_empty_views, create_views, read_csv_sql

if TYPE_CHECKING:
    import duckdb
    from dbt.adapters.duckdb.utils import SourceConfig, TargetConfig
    from raw_files.listing import RawFile

SOURCES = Path("models") / "staging" / "_sources.yml"


class Plugin(BasePlugin):
    """What dbt-duckdb calls to load the source `raw.files`."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Nothing is listed yet."""
        del plugin_config
        self.connection: duckdb.DuckDBPyConnection | None = None
        self.loaded_by = ""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection that views are created on."""
        self.connection = conn
        self.loaded_by = ""

    def load(self, source_config: SourceConfig) -> duckdb.DuckDBPyRelation:
        """Return the rows of `raw.files`."""
        cursor = self.connection.cursor()
        flags = get_flags()
        schema = source_config.schema
        table = f"{quoted(schema)}.{quoted(source_config.identifier)}"
        cursor.execute(f"create schema if not exists {quoted(schema)}")
        kinds = read_kinds(Path(flags.PROJECT_DIR) / SOURCES)
        is_done = self.loaded_by == get_invocation_id()
        if flags.WHICH not in COMMANDS_THAT_BUILD or flags.EMPTY or is_done:
            if not is_done:
                create_empty_views(cursor, schema, kinds, replace=False)
            return kept_rows(cursor, schema, source_config.identifier)
        root = self.data_root
        filesystem = self.filesystem
        known = {}
        if not flags.FULL_REFRESH:
            known = known_files(cursor, table, self.creds.schema)
        try:
            copies = Copies(self.folder)
            rows, inspected = inspect_new_files(
                self.listed(root, filesystem), kinds, known, copies, filesystem
            )
            check_kinds(self.creds.external_root, rows, kinds)
        except RefusedError as refusal:
            remove_copies(self.folder)
            raise DbtRuntimeError(str(refusal)) from refusal
        create_views(cursor, schema, root, kinds, inspected, copies)
        self.loaded_by = get_invocation_id()
        return relation_of(cursor, rows, self.folder / "files.csv")

    def store(self, target_config: TargetConfig) -> None:
        """Remove the copies, and let the views that read them be empty.

        For the end of a run: `adapter.store_relation('raw_files_plugin', …)`.
        The relation's schema is that of the views.
        """
        if self.folder.exists():
            kinds = read_kinds(Path(get_flags().PROJECT_DIR) / SOURCES)
            schema = target_config.relation.schema
            create_empty_views(
                self.connection.cursor(), schema, kinds, replace=True
            )
            remove_copies(self.folder)

    @property
    def folder(self) -> Path:
        """The folder of copies, beside the DuckDB file."""
        return Path(f"{self.creds.path}.readable").absolute()

    @property
    def data_root(self) -> str:
        """The data root, as it stands in front of the files' paths."""
        root = self.creds.external_root
        return root.rstrip("/") if "://" in root else os.path.realpath(root)

    @property
    def filesystem(self) -> Any:  # noqa: ANN401 - fsspec has no types
        """The file system of a data root in a bucket, None for a folder."""
        if "://" not in self.creds.external_root:
            return None
        # DuckDB reads with the same one, so that objects are listed only once.
        plugins = DuckDBConnectionManager.env()._plugins
        return plugins["duckdb_file"].object_store.filesystem

    @staticmethod
    def listed(root: str, filesystem: Any) -> list[RawFile]:  # noqa: ANN401 - fsspec has no types
        """List the raw files."""
        if filesystem is None:
            return list_folder(root)
        try:
            return list_bucket(root, filesystem)
        except Exception as error:
            # Each protocol has errors of its own.
            raise unreachable(root) from error


def known_files(
    cursor: duckdb.DuckDBPyConnection, table: str, schema: str
) -> dict[int, FileRow]:
    """Return the files of the last build, if its tables hold their records.

    A version is held by a staging table that has rows of it. A file without
    records has none.
    """
    place = "table_catalog = current_database()"
    columns = cursor.execute(
        "select column_name from information_schema.columns "
        f"where {place} and table_schema || '.' || table_name = $1",
        [table.replace('"', "")],
    ).fetchall()
    if not set(FILE_TYPES) <= {column for (column,) in columns}:
        return {}
    tables = cursor.execute(
        "select distinct table_name from information_schema.columns "
        f"where {place} and table_schema = $1 "
        "and starts_with(table_name, 'stg_') and table_name <> 'stg_raw_files' "
        "and column_name = 'raw_file_version'",
        [schema],
    ).fetchall()
    held = " union all ".join(
        f"select raw_file_version from {quoted(schema)}.{quoted(staging)}"
        for (staging,) in tables
    )
    is_held = f"or raw_file_version in ({held})" if held else ""
    rows = cursor.execute(
        f"select {', '.join(map(quoted, FILE_TYPES))} from {table} "
        f"where records = 0 {is_held}"
    ).fetchall()
    files = [FileRow(*row) for row in rows]
    return {file.raw_file_version: file for file in files}


def relation_of(
    cursor: duckdb.DuckDBPyConnection, rows: list[FileRow], file: Path
) -> duckdb.DuckDBPyRelation:
    """Return rows as a relation, by way of a CSV file."""
    with file.open("w", encoding="utf-8", errors="replace", newline="") as out:
        write = csv.writer(out, lineterminator="\n").writerow
        for row in rows:
            write(row._replace(modified_at=row.modified_at.isoformat()))
    return cursor.sql(
        "select * exclude (file_path_) from "
        + read_csv_sql([str(file)], FILE_TYPES, delimiter=",").replace(
            "filename = 'file_path'", "filename = 'file_path_'"
        )
    )


def kept_rows(
    cursor: duckdb.DuckDBPyConnection, schema: str, identifier: str
) -> duckdb.DuckDBPyRelation:
    """Return the rows that the last build has left, or none."""
    there = cursor.execute(
        "select 1 from information_schema.tables where table_schema = $1 "
        "and table_name = $2 and table_catalog = current_database()",
        [schema, identifier],
    ).fetchall()
    if there:
        return cursor.sql(f"from {quoted(schema)}.{quoted(identifier)}")
    nulls = ", ".join(
        f"null::{told} as {column}" for column, told in FILE_TYPES.items()
    )
    return cursor.sql(f"select {nulls} where false")
