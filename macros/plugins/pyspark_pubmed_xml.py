"""Reads PubMed XML for Spark, one task per file.

`using pubmed_xml options (root '…', files '[…]')` in SQL, the files' paths
below the root as JSON. Spark's own XML source drops the tags in a title.

Spark finds this module because profiles.yml names it in `spark.files`, and its
name begins with `pyspark_`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pubmed_articles import articles, opened
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql.types import StructType


@dataclass
class RawFile(InputPartition):
    """What one task reads."""

    name: str


class PubmedXmlReader(DataSourceReader):
    """Gives the articles of each file, in their order."""

    def __init__(self, root: str, files: list[str]) -> None:
        """Take the data root and the files below it."""
        self.root = root
        self.files = files

    def partitions(self) -> list[RawFile]:
        """Return one part per file."""
        return [RawFile(name) for name in self.files]

    def read(self, partition: RawFile) -> Iterator[tuple[str | None, ...]]:
        """Give the columns of each article."""
        file = f"{self.root}/{partition.name}"
        with opened(file) as xml:
            for article in articles(xml, file):
                yield (partition.name, *article.values())


class DefaultSource(DataSource):
    """What Spark looks for in the module."""

    @classmethod
    def name(cls) -> str:
        """Return what stands behind `using`."""
        return "pubmed_xml"

    def schema(self) -> str:
        """Return the columns."""
        return (
            "raw_file string, pmid string, title string, journal string, "
            "date string"
        )

    def reader(self, schema: StructType) -> DataSourceReader:
        """Return the reader."""
        return PubmedXmlReader(
            self.options["root"], json.loads(self.options["files"])
        )
