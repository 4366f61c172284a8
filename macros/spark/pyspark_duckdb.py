"""Lets Spark run DuckDB's SQL inside its tasks.

`using duckdb_tasks options (query '…')` in Spark's SQL; `query` is JSON, see
`Query` in model_query.py; what a task does is in duckdb_task.py. Spark runs the
tasks on its workers, and repeats those that fail.

Spark finds this module because profiles.yml names it in `spark.files`, and its
name begins with `pyspark_`. All else is imported from the project, which stands
under the same path on every machine.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark import SparkFiles, TaskContext
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import from_arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from pyarrow import RecordBatch
    from pyspark.sql.types import StructType

WRITTEN = "written bigint, refusal string"
ONLY_TASK = (0, [], "")
WITHOUT_PACKAGE = (
    "Spark's tasks run {}, which has no package {}. "
    "Activate the environment that has dbt, "
    "or name its Python in PYSPARK_PYTHON, on every machine."
)


class DefaultSource(DataSource):
    """What Spark looks for in the module."""

    @classmethod
    def name(cls) -> str:
        """Return what stands behind `using`."""
        return "duckdb_tasks"

    @property
    def query(self) -> dict[str, Any]:
        """The option `query`."""
        return json.loads(self.options["query"])

    def schema(self) -> StructType | str:
        """Return the columns of the rows, or of what tells of a file."""
        if self.query["write_to"]:
            return WRITTEN
        module = duckdb_task(self.query)
        return from_arrow_schema(module.schema(self.query, scratch()))

    def reader(self, schema: StructType) -> Reader:
        """Return the reader."""
        return Reader(self.query)


class Reader(DataSourceReader):
    """Plans the tasks, on the driver, and runs each of them."""

    def __init__(self, query: dict[str, Any]) -> None:
        """Remember what to run."""
        self.query = query

    def partitions(self) -> list[InputPartition]:
        """Return one task, or one for every share."""
        planned = [ONLY_TASK]
        if self.query["makes"] in self.query["by_file"] + self.query["by_key"]:
            planned = duckdb_task(self.query).plan(self.query)
        return [InputPartition(task) for task in planned]

    def read(
        self, partition: InputPartition
    ) -> Iterator[tuple[int, str] | RecordBatch]:
        """Run the SQL; yield its rows, or what tells of a file."""
        attempt = TaskContext.get().attemptNumber()
        run = duckdb_task(self.query).run
        yield from run(self.query, partition.value, attempt, scratch())


def duckdb_task(query: dict[str, Any]) -> ModuleType:
    """Import the module from the project."""
    for folder in ("macros/spark", "macros/plugins"):
        path = str(Path(query["project"], folder))
        if path not in sys.path:
            sys.path.insert(0, path)
    try:
        return importlib.import_module("duckdb_task")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            WITHOUT_PACKAGE.format(sys.executable, error.name)
        ) from None


def scratch() -> str:
    """Return a folder of this machine's that Spark removes at its end."""
    return SparkFiles.getRootDirectory()
