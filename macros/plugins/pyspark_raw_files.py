"""Lists raw files for Spark, with what each begins with.

`using raw_files options (path '…')` in SQL. Spark's own file sources leave out
names that begin with `_` without a word and take names for patterns; and what
a file begins with they can tell only by reading all of it.

Spark finds this module because profiles.yml names it in `spark.files`, and its
name begins with `pyspark_`.
"""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql.types import StructType

START_BYTES = 4000
LONGEST_CHARACTER = 4


class RawFilesReader(DataSourceReader):
    """Walks through a folder; links to folders are not followed."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        self.folder = folder

    def read(
        self,
        partition: InputPartition,
    ) -> Iterator[tuple[str, int, datetime, str | None]]:
        """Give each file's path, size, time of change and start."""
        for folder, _, names in os.walk(self.folder):
            for name in names:
                file = Path(folder, name)
                if file.is_file():
                    stat = file.stat()
                    yield (
                        str(file),
                        stat.st_size,
                        datetime.fromtimestamp(stat.st_mtime, UTC),
                        start_of(file),
                    )


class DefaultSource(DataSource):
    """What Spark looks for in the module."""

    @classmethod
    def name(cls) -> str:
        """Return what stands behind `using`."""
        return "raw_files"

    def schema(self) -> str:
        """Return the columns."""
        return (
            "file_path string, size_bytes bigint, modified_at timestamp, "
            "start string"
        )

    def reader(self, schema: StructType) -> DataSourceReader:
        """Return the reader."""
        return RawFilesReader(Path(self.options["path"]))


def start_of(file: Path) -> str | None:
    """Return what a file begins with, null when that is no text.

    The last character may be cut in two.
    """
    try:
        with (
            gzip.open(file) if file.suffix == ".gz" else file.open("rb") as raw
        ):
            start = raw.read(START_BYTES)
    except (EOFError, gzip.BadGzipFile):
        return None
    for cut in range(LONGEST_CHARACTER):
        try:
            return start[: len(start) - cut].decode().lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    return None
