"""Opens the DuckDB file: waits for its user, replaces a ruin, empties a relic.

All of it comes before dbt's first query, so neither SQL nor a macro can do it.
Everything in the file is rebuilt from `raw/`, so a file that DuckDB can't read
is moved aside, and what another version of the project has left in it is
dropped: rows of two versions must not meet in one table.

When the data root is a URL, its object store is lent to DuckDB besides.
"""

from __future__ import annotations

import hashlib
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
        deadline = time.monotonic() + self.wait_seconds
        was_told = False
        while self.connection is None:
            try:
                self.connection = duckdb.connect(creds.path, config=config)
                if self.is_cut_off(self.connection, Path(creds.path)):
                    self.connection.close()
                    self.connection = None
                    self.move_aside(Path(creds.path), "its end is missing")
                elif get_flags().WHICH in COMMANDS_THAT_BUILD:
                    self.drop_tables_of_other_versions(
                        self.connection, creds.schema
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
                    self.move_aside(Path(creds.path), message)
                else:
                    raise DbtRuntimeError(
                        f"Can't open the DuckDB file {creds.path}: {message}"
                    ) from error

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Let go, since dbt's own connection holds the file now."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        # How DuckDB compresses text costs half of what cleaning a record does,
        # for a file a third as large. It ignores this where it is connected to.
        conn.execute("set disabled_compression_methods = 'dict_fsst'")
        if self.object_store is not None:
            self.object_store.register(conn)

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Show whoever is watching how far a long query is."""
        if sys.stdout.isatty():
            cursor.execute("set enable_progress_bar = true")

    def store(self, target_config: TargetConfig) -> None:
        """Publish a finished file as an object."""
        self.object_store.put(
            Path(target_config.location.path), target_config.config["url"]
        )

    @staticmethod
    def drop_tables_of_other_versions(
        connection: duckdb.DuckDBPyConnection, schema: str
    ) -> None:
        """Drop what the next build would add to; views read files, and stay."""
        version = project_version(Path(get_flags().PROJECT_DIR))
        (database,) = connection.execute("select current_database()").fetchone()
        place = f"{quoted(database)}.{quoted(schema)}"
        connection.execute(f"create schema if not exists {place}")
        connection.execute(f"use {place}")
        tables = {
            name
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() "
                "where not temporary and schema_name = $1",
                [schema],
            ).fetchall()
        }
        if "raw_files_seen" in tables:
            # Every model reads it, and damage shows to whoever reads.
            connection.execute(
                "select bit_xor(hash(seen)) from raw_files_seen as seen"
            )
        if "project_version" in tables:
            (found,) = connection.execute(
                "select max(version) from project_version"
            ).fetchone()
            if found == version:
                return
        if tables:
            logger.info(
                "The DuckDB file is damaged, or was made by another version of "
                "the project or of DuckDB: all raw files are read again."
            )
        connection.begin()
        for name in tables:
            connection.execute(f"drop table {quoted(name)}")
        connection.execute(
            "create table project_version as select $1 as version", [version]
        )
        connection.commit()

    @staticmethod
    def is_cut_off(connection: duckdb.DuckDBPyConnection, file: Path) -> bool:
        """Whether the blocks in use can't be in the file: DuckDB looks later.

        Free blocks at the end may be missing, and so may what is in the log.
        """
        (size,) = connection.execute(
            "select max(used_blocks * block_size) from pragma_database_size()"
            " where database_name = current_database()"
        ).fetchone()
        has_log = file.with_name(f"{file.name}.wal").exists()
        return file.exists() and not has_log and file.stat().st_size < size

    @staticmethod
    def move_aside(file: Path, message: str) -> None:
        """Rename the file and its log: whatever it was, it is not lost."""
        logger.info(
            f"Starting from an empty DuckDB file; the old one is now "
            f"{file.name}.damaged: {message.splitlines()[0]}"
        )
        for part in [file, *file.parent.glob(f"{file.name}.wal*")]:
            if part.exists():
                part.replace(part.with_name(f"{part.name}.damaged"))


def object_store_of(root: str) -> ObjectStore | None:
    """Return the store of a root that is a URL; most are folders."""
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


def quoted(name: str) -> str:
    """Return a name as SQL writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def project_version(project: Path) -> str:
    """Return a fingerprint of all that decides what a build makes of a file."""
    fingerprint = hashlib.md5(
        duckdb.__version__.encode(), usedforsecurity=False
    )
    files = [
        project / "dbt_project.yml",
        *project.glob("models/**/*.sql"),
        *project.glob("macros/**/*.sql"),
        *project.glob("macros/plugins/*.py"),
    ]
    for file in sorted(files):
        fingerprint.update(file.relative_to(project).as_posix().encode())
        fingerprint.update(file.read_bytes())
    return fingerprint.hexdigest()
