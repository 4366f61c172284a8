"""DuckDB with the project's functions, and no dbt."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def database() -> duckdb.DuckDBPyConnection:
    """Open DuckDB with the functions that a build has."""
    connection = duckdb.connect(config={"threads": 1})
    for path in sorted((PROJECT / "macros/functions").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
    return connection
