"""The project's SQL as dbt compiles it, run without dbt.

What a model makes of some rows is found out in milliseconds that way, with a
rule changed or taken away, and rolled back behind each question.
"""

from __future__ import annotations

import graphlib
import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from builds import DataRoot

FUNCTIONS = "macros/functions/"


class CompiledProject:
    """A DuckDB file with functions, lists and raw records, and the models' SQL.

    `root` is a data root whose raw files are there to be read; without any
    there is nothing in the views of raw records.
    """

    def __init__(self, root: DataRoot, *models: str, **switches: bool) -> None:
        """Compile some models, with their tests and all that they read.

        `switches` are variables of the project.
        """
        raw_files = list((root.path / "raw").iterdir())
        # Loads the functions and the lists, and makes the views.
        empty = () if raw_files else ("--empty",)
        loaded = root.dbt("run", "--select", "stg_raw_files", *empty)
        assert loaded.success, loaded.messages
        selected = [f"+{model}" for model in models]
        compiled = root.dbt(
            "compile",
            "--full-refresh",
            "--vars", json.dumps(switches),
            "--exclude", "resource_type:unit_test",
            "--select", *selected,
        )  # fmt: skip
        assert compiled.success, compiled.messages
        self.project = root.runner.project
        manifest = root.runner.manifest
        nodes = {
            key: node
            for key, node in manifest.nodes.items()
            if node.compiled_code and key in compiled.nodes
        }
        self.files = {
            node.name: node.original_file_path for node in nodes.values()
        }
        # Of ephemeral models, which stand inside of others.
        self.files |= {
            node.name: node.original_file_path
            for node in manifest.nodes.values()
            if node.config.materialized == "ephemeral"
        }
        self.sql = {
            node.name: node.compiled_code
            for node in nodes.values()
            if node.resource_type == "model"
            and node.config.materialized != "ephemeral"
        }
        self.tests = {
            node.name: node.compiled_code
            for node in nodes.values()
            if node.resource_type == "test"
        }
        order = graphlib.TopologicalSorter(
            {key: node.depends_on.nodes for key, node in nodes.items()}
        ).static_order()
        self.models = [
            nodes[key].name
            for key in order
            if key in nodes and nodes[key].name in self.sql
        ]
        database = root.path / "drug_mentions.duckdb"
        self.connection = duckdb.connect(str(database))

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
        """Return the rows of a query."""
        return self.connection.execute(sql, list(values)).fetchall()

    def build(self, models: Iterable[str] | None = None) -> None:
        """Build models, in the order in which they read each other."""
        wanted = set(self.models if models is None else models)
        for model in self.models:
            if model in wanted and model != "stg_raw_files":
                self.connection.execute(
                    f"create or replace table main.{model} as {self.sql[model]}"
                )

    def failing_tests(self) -> set[str]:
        """Return the data tests that find something."""
        return {name for name, sql in self.tests.items() if self.query(sql)}

    @contextmanager
    def without(self, file: str, text: str, other: str) -> Iterator[None]:
        """Build with a file that says something else, and put all back.

        Only the models that depend on the file are built.
        """
        models = dict(self.sql)
        self.connection.begin()
        try:
            if file.startswith(FUNCTIONS):
                content = (self.project / file).read_text(encoding="utf-8")
                assert text in content, f"{file} has changed"
                self.connection.execute(content.replace(text, other))
                calls = self.calls_of(file)
                changed = {name for name in models if calls(models[name])}
            else:
                name = next(
                    name for name, path in self.files.items() if path == file
                )
                # An ephemeral model stands in each model that reads it.
                changed = {
                    model
                    for model, sql in models.items()
                    if model == name or f"__dbt__cte__{name} as (" in sql
                }
                for model in changed:
                    assert text in models[model], f"{file} has changed"
                    self.sql[model] = models[model].replace(text, other)
            assert changed, f"no model depends on {file}"
            self.build(self.with_descendants(changed))
            yield
        finally:
            self.sql = models
            self.connection.rollback()

    def calls_of(self, file: str) -> Callable[[str], bool]:
        """Tell whether SQL calls a function of a file, however indirectly."""
        functions = {
            path.name: path.read_text(encoding="utf-8")
            for path in (self.project / FUNCTIONS).glob("*.sql")
        }
        files = {Path(file).name}
        while True:
            names = "|".join(
                name
                for path in files
                for name in re.findall(r"macro (\w+)", functions[path])
            )
            calls = re.compile(rf"\b(?:{names})\b").search
            callers = {path for path, sql in functions.items() if calls(sql)}
            if callers <= files:
                return lambda sql: bool(calls(sql))
            files |= callers

    def with_descendants(self, models: set[str]) -> set[str]:
        """Add the models that read others, however indirectly."""
        found = set(models)
        for model in self.models:
            if any(f'"{name}"' in self.sql[model] for name in found):
                found.add(model)
        return found

    def apply(self, function: str, values: Iterable[str | None]) -> list[Any]:
        """Return what a function makes of each text."""
        rows = self.query(
            f"select {function}(text) from ("
            "select unnest($1::varchar[]) as text,"
            " generate_subscripts($1::varchar[], 1) as place"
            ") as batch order by place",
            list(values),
        )
        return [row[0] for row in rows]
