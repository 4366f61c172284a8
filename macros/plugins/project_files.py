"""Loads the SQL functions, the lists and the page's template into a database.

It does not need dbt, so tests and Spark's workers use it, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from raw_files.sql_text import glob_escaped, quoted

if TYPE_CHECKING:
    from pathlib import Path


def load_functions(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Create the SQL functions; one that uses another comes after it."""
    waiting = {file: file.read_text("utf-8") for file in folder.glob("*.sql")}
    (schema,) = connection.execute("select current_schema()").fetchone()
    connection.execute("use main")
    while waiting:
        created = []
        for file, sql in sorted(waiting.items()):
            try:
                connection.execute(sql)
            except duckdb.CatalogException:
                continue
            created.append(file)
        if not created:
            connection.execute(min(waiting.values()))
        for file in created:
            del waiting[file]
    connection.execute(f"use {quoted(schema)}")


def load_seeds(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Load the lists that people maintain as tables of the schema `seeds`.

    As dbt seeds, each would be parsed and copied in every build.
    """
    connection.execute("create schema if not exists seeds")
    for file in sorted(folder.glob("*.csv")):
        connection.execute(
            f"create or replace table seeds.{quoted(file.stem)} as "
            "from read_csv($1, header = true, all_varchar = true, "
            "delim = ',', quote = '\"', escape = '\"')",
            [glob_escaped(str(file))],
        )


def load_page_template(
    connection: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    """Load the parts of the published page as `seeds.page_template`.

    The table is left alone when it already holds them.
    """
    parts = page_template_parts(folder)
    try:
        loaded = connection.execute("from seeds.page_template").fetchall()
    except duckdb.CatalogException:
        loaded = None
    if loaded == parts:
        return
    connection.execute(
        "create or replace table seeds.page_template "
        "(name varchar, content varchar)"
    )
    connection.executemany(
        "insert into seeds.page_template values ($1, $2)", parts
    )


def page_template_parts(folder: Path) -> list[tuple[str, str]]:
    """Return the parts of the page's template, by their paths in its folder.

    What npm needs to bundle the libraries again is no part of the page.
    """
    return [
        (file.relative_to(folder).as_posix(), file.read_text("utf-8"))
        for file in sorted(folder.rglob("*"))
        if file.suffix in {".html", ".css", ".js"}
        and "node_modules" not in file.parts
    ]
