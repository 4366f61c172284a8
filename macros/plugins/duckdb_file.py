"""Opens the database file: waits for locks, moves a corrupt file aside.

All of it comes before dbt's first query, so neither SQL nor a macro can do it.
Everything in the file can be rebuilt from `raw/`. So a file that DuckDB can't
read is moved aside, and what another version of the project, or a build of
another data root, has left in it is dropped: rows of two versions must not meet
in one table.

A new version also loads the SQL functions of `macros/functions/` and the lists
of `seeds/`, so that models can use them and people can try them in a shell.

When the data root is a URL, DuckDB reads its objects by way of object_store.py.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.events.logging import AdapterLogger
from dbt.flags import get_flags
from dbt_common.exceptions import DbtRuntimeError
from project_files import (
    load_functions,
    load_page_template,
    load_seeds,
)
from raw_files.sql_text import quoted

if TYPE_CHECKING:
    from dbt.adapters.duckdb.utils import TargetConfig
    from object_store import ObjectStore

LOCKED = "Could not set lock on file"
UNREADABLE = (
    "not a valid DuckDB database file",
    "Corrupt database file",
    "Trying to read a database file with",
    "Serialization Error",
)
PAUSE_SECONDS = 0.5
COMMANDS_THAT_BUILD = {"build", "run", "retry"}
COMMANDS_THAT_READ = {"show", "test"}

logger = AdapterLogger("DuckDB")


class Plugin(BasePlugin):
    """What dbt-duckdb calls before and after it connects."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Read how long a build waits for another one."""
        self.wait_seconds = float(plugin_config["wait_seconds"])
        self.connection: duckdb.DuckDBPyConnection | None = None
        self.object_store = object_store_of(self.creds.external_root)

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Open the file, and keep it open until dbt has opened it too."""
        command = get_flags().WHICH
        file = Path(creds.path)
        stop_at_missing_root(creds.external_root)
        stop_at_unopenable_path(file)
        stop_at_other_users_file(file)
        if command in COMMANDS_THAT_READ and not file.exists():
            raise DbtRuntimeError(NOT_BUILT.format(creds.external_root))
        deadline = time.monotonic() + self.wait_seconds
        was_told = False
        while self.connection is None:
            try:
                self.connection = duckdb.connect(creds.path, config=config)
                if is_cut_off(self.connection, file):
                    self.connection.close()
                    self.connection = None
                    move_aside(file, "its end is missing")
                elif command in COMMANDS_THAT_BUILD:
                    prepare(self.connection, creds.schema, creds.external_root)
                elif command in COMMANDS_THAT_READ:
                    stop_at_other_root(
                        self.connection, creds.schema, creds.external_root
                    )
            except duckdb.Error as error:
                if self.connection is not None:
                    self.connection.close()
                    self.connection = None
                message = str(error)
                if LOCKED in message:
                    if time.monotonic() > deadline:
                        raise DbtRuntimeError(
                            f"Another process has used {creds.path} for the "
                            f"last {self.wait_seconds:.0f} seconds. Nothing "
                            "was changed: run the command again when it is "
                            f"done.\n{message.splitlines()[0]}"
                        ) from error
                    if not was_told:
                        logger.info(f"Waiting for another use of {creds.path}.")
                        was_told = True
                    time.sleep(PAUSE_SECONDS)
                elif any(sign in message for sign in UNREADABLE):
                    move_aside(file, message)
                else:
                    raise DbtRuntimeError(
                        f"Can't open the DuckDB file {creds.path}: {message}"
                    ) from error

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Close our connection: dbt's own holds the file now."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        # DuckDB's compression of text costs half of what cleaning a record
        # costs, for a file a third as large. As an option of `connect`, DuckDB
        # ignores this setting.
        conn.execute("set disabled_compression_methods = 'dict_fsst'")
        if self.object_store is not None:
            self.object_store.register(conn)

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Show whoever is watching how far a long query is."""
        if sys.stdout.isatty():
            cursor.execute("set enable_progress_bar = true")

    def store(self, target_config: TargetConfig) -> None:
        """Publish a finished file, or remove a published one."""
        finished = target_config.location.path
        place = target_config.config.get("published_as")
        unpublished = target_config.config.get("remove")
        if self.object_store is not None and place is not None:
            self.object_store.put(Path(finished), place)
            if not target_config.config["is_kept"]:
                Path(finished).unlink()
        elif self.object_store is not None:
            self.object_store.remove(unpublished)
        elif place is not None:
            link(Path(finished), Path(place))
        else:
            Path(unpublished).unlink()


def link(file: Path, place: Path) -> None:
    """Link a file to another place, where it replaces another file.

    It is copied where the file system has no links.
    """
    place.parent.mkdir(exist_ok=True)
    # The rename below does nothing if both are links of the same file.
    if place.exists() and place.samefile(file):
        return
    new = place.with_name(f"{place.name}.new")
    new.unlink(missing_ok=True)
    try:
        new.hardlink_to(file)
    except OSError:
        shutil.copyfile(file, new)
    new.replace(place)


NOT_BUILT = (
    "Nothing has been built in the data root {} yet: run `dbt build` first."
)


def stop_at_missing_root(root: str) -> None:
    """Stop when the data root is a folder that does not exist."""
    if "://" not in root and not Path(root).is_dir():
        hint = " Write its path in full, without ~." if "~" in root else ""
        raise DbtRuntimeError(
            f"The data root {root} does not exist. DRUG_MENTIONS_DATA names it."
            f"{hint} Make the folder, and put the raw files into raw/ in it."
        )


def stop_at_unopenable_path(file: Path) -> None:
    """Stop where DuckDB takes a part of the file's path for something else."""
    if "?" in str(file) or "#" in str(file):
        raise DbtRuntimeError(
            f"DuckDB can't open {file}: there is a ? or # in its path. Let the "
            "environment variable DRUG_MENTIONS_DB name a path without them, "
            "such as /tmp/drug_mentions.duckdb, or rename the folder."
        )


def stop_at_other_users_file(file: Path) -> None:
    """Stop when this user may not write the DuckDB file, as in a volume."""
    for path in (file.parent, file):
        if path.exists() and not os.access(path, os.W_OK):
            owner = path.stat()
            raise DbtRuntimeError(
                f"User {os.getuid()} can't write to {path}. It belongs to user "
                f"{owner.st_uid}, or is mounted read-only. Give it to user "
                f"{os.getuid()} (chown -R {os.getuid()}:{os.getgid()}), or run "
                "the container as its owner "
                f"(docker run --user {owner.st_uid}:{owner.st_gid})."
            )


def stop_at_other_root(
    connection: duckdb.DuckDBPyConnection, schema: str, root: str
) -> None:
    """Stop when the file was not built, or for another data root."""
    built_for = built_version(connection, schema)
    if built_for is None:
        raise DbtRuntimeError(NOT_BUILT.format(root))
    if built_for[1] != root:
        raise DbtRuntimeError(
            f"This DuckDB file was built for the data root {built_for[1]}, and "
            f"this is {root}: run `dbt build` first."
        )


def prepare(
    connection: duckdb.DuckDBPyConnection, schema: str, root: str
) -> None:
    """Drop what another version or data root has left, and load lists again.

    Views over published files stay when only the version is another one: people
    may be reading them. A change of the page alone is not another version: its
    template is loaded again, and the macro `made_of` sees the difference.
    """
    project = Path(get_flags().PROJECT_DIR)
    page = project / "macros" / "publishing" / "page"
    version = project_version(project)
    (database,) = connection.execute("select current_database()").fetchone()
    place = f"{quoted(database)}.{quoted(schema)}"
    connection.execute(f"create schema if not exists {place}")
    connection.execute(f"use {place}")
    built_for = built_version(connection, schema)
    reason = why_to_read_again(connection, built_for, version, root)
    if reason is None:
        load_page_template(connection, page)
        return
    relations = connection.execute(
        """
        select 'table', table_name from duckdb_tables()
        where not temporary and schema_name = $schema
        union all
        select 'view', view_name from duckdb_views()
        where not temporary and not internal and schema_name = $schema
        """,
        {"schema": schema},
    ).fetchall()
    if any(kind == "table" for kind, _ in relations):
        logger.info(f"All raw files are read again: {reason}.")
    load_functions(connection, project / "macros" / "functions")
    load_seeds(connection, project / "seeds")
    load_page_template(connection, page)
    connection.begin()
    for kind, name in relations:
        if kind == "table" or (built_for and built_for[1] != root):
            connection.execute(f"drop {kind} {quoted(name)}")
    connection.execute("drop schema if exists raw cascade")
    connection.execute(
        """
        create table written_files (
            model varchar, file_path varchar, size_bytes bigint,
            modified_at timestamptz, version varchar, made_of varchar
        )
        """
    )
    connection.execute(
        "create table project_version as "
        "select $version as version, $root as data_root",
        {"version": version, "root": root},
    )
    connection.commit()


def why_to_read_again(
    connection: duckdb.DuckDBPyConnection,
    built_for: tuple[str, str] | None,
    version: str,
    root: str,
) -> str | None:
    """Say why a build can't go on with what is in the file; None if it can."""
    if built_for is None:
        # The macro rebuild_damaged_tables drops the table that would say so.
        return (
            "the DuckDB file was damaged, or does not say which version of the "
            "project built it"
        )
    built_version, built_root = built_for
    if built_root != root:
        return f"the DuckDB file was built for the data root {built_root}"
    if built_version != version:
        return (
            "a model, a macro, a list or a setting of the project, or DuckDB's "
            "version, has changed since the last build"
        )
    if not has_written_files(connection):
        return "the table written_files is missing in the DuckDB file"
    return None


def has_written_files(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the table of published files is there.

    It is read as a whole, so that DuckDB finds damage in it here.
    """
    try:
        connection.execute("select bit_xor(hash(f)) from written_files as f")
    except duckdb.CatalogException:
        return False
    return True


def built_version(
    connection: duckdb.DuckDBPyConnection, schema: str
) -> tuple[str, str] | None:
    """Return the version and the data root that a schema was built for."""
    (columns,) = connection.execute(
        "select list(column_name) from duckdb_columns() "
        "where table_name = 'project_version' and schema_name = $1",
        [schema],
    ).fetchone()
    if columns is None or "data_root" not in columns:
        return None
    return connection.execute(
        f"select version, data_root from {quoted(schema)}.project_version"  # noqa: S608 - the schema's name is quoted
    ).fetchone()


def is_cut_off(connection: duckdb.DuckDBPyConnection, file: Path) -> bool:
    """Whether the file is too short to hold the blocks in use.

    DuckDB sees that only when it reads them. Free blocks at the end may be
    missing, and so may blocks that are still in the log.
    """
    (size,) = connection.execute(
        "select max(used_blocks * block_size) from pragma_database_size()"
        " where database_name = current_database()"
    ).fetchone()
    has_log = file.with_name(f"{file.name}.wal").exists()
    return file.exists() and not has_log and file.stat().st_size < size


def move_aside(file: Path, message: str) -> None:
    """Rename the file and its log to `*.damaged`, so that nothing is lost."""
    logger.info(
        f"Starting from an empty DuckDB file; the old one is now "
        f"{file.name}.damaged: {message.splitlines()[0]}"
    )
    for part in [file, *file.parent.glob(f"{file.name}.wal*")]:
        if part.exists():
            part.replace(part.with_name(f"{part.name}.damaged"))


def object_store_of(root: str) -> ObjectStore | None:
    """Return the store of a root that is a URL; None for a folder."""
    if "://" not in root:
        return None
    if not root.startswith(("s3://", "gs://")):
        raise DbtRuntimeError(
            f"The data root {root} is neither a folder nor does it begin with "
            "s3:// or gs://. The variable DRUG_MENTIONS_DATA names it."
        )
    try:
        from object_store import ObjectStore  # noqa: PLC0415 - optional

        return ObjectStore(root)
    except ImportError as error:
        raise DbtRuntimeError(
            f"The data root {root} takes packages that are not installed "
            f"({error}). Install them: "
            "pip install -r requirements-object-stores.txt"
        ) from error


def project_version(project: Path) -> str:
    """Return a fingerprint of all that decides what a build makes of raw files.

    The page's template is not part of it: the page is written from tables.
    """
    fingerprint = hashlib.md5(
        duckdb.__version__.encode(), usedforsecurity=False
    )
    files = [
        project / "dbt_project.yml",
        *project.glob("models/**/*.sql"),
        *project.glob("models/**/_sources.yml"),
        *project.glob("macros/**/*.sql"),
        *project.glob("macros/plugins/**/*.py"),
        *project.glob("seeds/*.csv"),
    ]
    for file in sorted(files):
        fingerprint.update(file.relative_to(project).as_posix().encode())
        fingerprint.update(file.read_bytes())
    return fingerprint.hexdigest()
