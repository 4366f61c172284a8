"""Writes one file for Spark, which by itself writes folders of files only.

`using one_file options (path '…')` in SQL: lines of text become a JSON array,
anything else a Parquet file. The file is written beside the old one and takes
its place when it is complete. Rows have to come in one partition, in order.

Spark finds this module because profiles.yml names it in `spark.files`, and its
name begins with `pyspark_`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet
from pyspark import TaskContext
from pyspark.sql.datasource import (
    DataSource,
    DataSourceArrowWriter,
    WriterCommitMessage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyarrow import RecordBatch
    from pyspark.sql.types import StructType


class OneFileWriter(DataSourceArrowWriter):
    """Writes beside the file, and renames in the end."""

    def __init__(self, file: Path, columns: StructType) -> None:
        """Take the file's path and columns."""
        self.file = file
        self.columns = columns
        self.unfinished = file.with_name(f"tmp_{file.name}")

    def write(self, iterator: Iterator[RecordBatch]) -> WriterCommitMessage:
        """Write the rows, in the process of an executor."""
        if TaskContext.get().partitionId() != 0:
            message = f"More than one task writes {self.file}."
            raise RuntimeError(message)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if self.file.suffix == ".json":
            self.write_json(iterator)
        else:
            self.write_parquet(iterator)
        return WriterCommitMessage()

    def write_json(self, iterator: Iterator[RecordBatch]) -> None:
        """Write an array as DuckDB does, so that the bytes are the same."""
        with self.unfinished.open("w", encoding="utf-8", newline="") as json:
            json.write("[\n\t")
            between = ""
            for batch in iterator:
                for line in batch.column(0):
                    json.write(between + line.as_py())
                    between = ",\n\t"
            json.write("\n]\n")

    def write_parquet(self, iterator: Iterator[RecordBatch]) -> None:
        """Write batch by batch."""
        from pyspark.sql.pandas.types import (  # noqa: PLC0415 - Parquet only
            to_arrow_schema,
        )

        schema = to_arrow_schema(self.columns)
        with pyarrow.parquet.ParquetWriter(
            self.unfinished, schema, compression="zstd"
        ) as parquet:
            for batch in iterator:
                parquet.write_batch(batch.cast(schema))

    def commit(self, messages: list[WriterCommitMessage | None]) -> None:
        """Let the new file take the old one's place."""
        self.unfinished.replace(self.file)

    def abort(self, messages: list[WriterCommitMessage | None]) -> None:
        """Leave yesterday's file."""
        self.unfinished.unlink(missing_ok=True)


class DefaultSource(DataSource):
    """What Spark looks for in the module."""

    @classmethod
    def name(cls) -> str:
        """Return what stands behind `using`."""
        return "one_file"

    def writer(
        self,
        schema: StructType,
        overwrite: bool,
    ) -> OneFileWriter:
        """Return the writer."""
        return OneFileWriter(Path(self.options["path"]), schema)
