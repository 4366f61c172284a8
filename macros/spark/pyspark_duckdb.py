"""Lets Spark run DuckDB's SQL inside its tasks.

`using duckdb_tasks options (query '…')` in SQL; `query` is JSON, see `Query` in
duckdb_task.py, where all that a task does stands too. Spark runs the tasks on
its workers, and repeats those that fail.

Spark finds this module because profiles.yml names it in `spark.files`, and its
name begins with `pyspark_`. All else that a task needs of the project goes with
the task, as a zip archive.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import shutil
import sys
import tempfile
import zipfile
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

TELLS = "written bigint, refusal string"
CODE = ("macros/spark", "macros/plugins")
PACKED = (
    "macros/spark/duckdb_task.py",
    "macros/plugins/raw_files/*.py",
    "macros/functions/*.sql",
    "macros/publishing/page/**/*.*",
    "seeds/*.csv",
    "models/staging/_sources.yml",
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
        """Return the columns: those of the SQL, or what tells of a file."""
        if self.query["write_to"]:
            return TELLS
        project = self.query["project"]
        return from_arrow_schema(module_of(project).schema(project, self.query))

    def reader(self, schema: StructType) -> Reader:
        """Return the reader."""
        return Reader(self.query)


class Reader(DataSourceReader):
    """Plans the tasks, on the driver, and runs each of them."""

    def __init__(self, query: dict[str, Any]) -> None:
        """Pack what the tasks need of the project."""
        self.query = query
        self.archive = packed(Path(query["project"]))

    def partitions(self) -> list[InputPartition]:
        """Return one task, or one for every share of the raw files."""
        planned = module_of(self.query["project"]).plan(self.query)
        return [InputPartition(task) for task in planned]

    def read(
        self, partition: InputPartition
    ) -> Iterator[tuple[int, str] | RecordBatch]:
        """Run the SQL; yield its rows, or what tells of a file."""
        project = unpacked(self.archive)
        run = module_of(project).run
        attempt = TaskContext.get().attemptNumber()
        yield from run(project, self.query, partition.value, attempt)


def module_of(project: str) -> ModuleType:
    """Import duckdb_task from the project, or from what is unpacked of it."""
    for folder in CODE:
        path = str(Path(project, folder))
        if path not in sys.path:
            sys.path.insert(0, path)
    return importlib.import_module("duckdb_task")


def packed(project: Path) -> bytes:
    """Return a zip archive of what tasks need of the project."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for pattern in PACKED:
            for file in sorted(project.glob(pattern)):
                out.write(file, file.relative_to(project))
    return archive.getvalue()


def unpacked(archive: bytes) -> str:
    """Unpack it into a folder that the processes of an executor share."""
    name = hashlib.sha256(archive).hexdigest()[:16]
    folder = Path(SparkFiles.getRootDirectory(), name)
    if not folder.exists():
        unfinished = Path(tempfile.mkdtemp(dir=folder.parent))
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            files.extractall(unfinished)
        try:
            unfinished.rename(folder)
        except OSError:  # Another process was faster.
            shutil.rmtree(unfinished)
    return str(folder)
