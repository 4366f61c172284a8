"""DuckDB with the project's functions, and no dbt."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT / "macros" / "plugins"))

from project_files import load_functions  # noqa: E402 - on the path now


@pytest.fixture(scope="session")
def database() -> duckdb.DuckDBPyConnection:
    """Open DuckDB with the functions that a build has."""
    connection = duckdb.connect(config={"threads": 1})
    load_functions(connection, PROJECT / "macros" / "functions")
    return connection
