"""Opens the DuckDB file: waits while another build holds it, replaces a ruin.

Both happen before dbt's first query, so neither SQL nor a macro can do it.
Everything in the file is rebuilt from `raw/`, so a file that DuckDB can't
read is moved aside and the build starts from an empty one.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.adapters.events.logging import AdapterLogger
from dbt_common.exceptions import DbtRuntimeError

LOCKED = "Could not set lock on file"
UNREADABLE = (
    "not a valid DuckDB database file",
    "Corrupt database file",
    "Trying to read a database file with",
    "Serialization Error",
)
PAUSE_SECONDS = 0.5

logger = AdapterLogger("DuckDB")


class Plugin(BasePlugin):
    """What dbt-duckdb calls before and after it connects."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Read how long a build waits for another one."""
        self.wait_seconds = float(plugin_config["wait_seconds"])
        self.connection: duckdb.DuckDBPyConnection | None = None

    def update_connection_config(
        self, creds: DuckDBCredentials, config: dict[str, Any]
    ) -> None:
        """Open the file, and keep it open until dbt has opened it too."""
        deadline = time.monotonic() + self.wait_seconds
        was_told = False
        while self.connection is None:
            try:
                self.connection = duckdb.connect(creds.path, config=config)
            except duckdb.Error as error:
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
