"""What Spark is asked to run, and what one of its tasks does of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raw_files import kinds, listing

if TYPE_CHECKING:
    from collections.abc import Iterator


# The model that lists the raw files, in a part for each share of them.
LISTED = "stg_raw_files"
# Where the shares of raw files stand, below `tables`.
SHARES = "raw_shares"
# Each task that splits its rows writes as many files.
MOST_KEY_SHARES = 64


@dataclass(frozen=True)
class Query:
    """What is run, as macros/spark/tasks.sql writes it in JSON."""

    # DuckDB's SQL; without it, the file or folder at `write_to` is removed.
    sql: str
    # The schema of the project's models in it.
    schema: str
    # Folders: the project, the data root, which may be in a bucket, and that of
    # the tables.
    project: str
    root: str
    tables: str
    # What DuckDB may use in each task, such as 2GB.
    memory: str
    # A task reads as many bytes of raw files, or one file.
    task_bytes: int
    # Models that are made file by file, and key by key.
    by_file: list[str]
    by_key: list[str]
    # The hash by which a model's rows are split, as SQL, by the model's name.
    split_by: dict[str, str]
    # The model that is made; empty if it is another query.
    makes: str
    # Published files: path and columns with their types, by the model's name.
    published: dict[str, dict[str, Any]]
    # A file, or a folder for a file of every task; empty if Spark reads.
    write_to: str
    copy_options: str
    # Whether no rows leave the last file.
    keep_if_empty: bool
    # Options of COPY for the parts of a file that lists them; empty if it holds
    # the rows itself.
    part_options: str

    def mentioned(self, schema: str) -> list[str]:
        """Return the relations of a schema that the SQL reads.

        In a CTE that is named like the schema, columns are told as well.
        """
        return sorted(set(re.findall(rf"\b{schema}\.(\w+)", self.sql)))

    @property
    def lists_files(self) -> bool:
        """Whether the raw files are listed anew."""
        return "files" in self.mentioned("raw")

    @property
    def is_of_many_tasks(self) -> bool:
        """Whether this is one task of many."""
        return self.makes in self.by_file or self.makes in self.by_key

    @property
    def shares(self) -> Path:
        """The folder of the shares of raw files."""
        return Path(self.tables, SHARES)

    @property
    def key_shares(self) -> int:
        """The number of shares of the keys."""
        return min(len(list(parts(self, LISTED))), MOST_KEY_SHARES)

    @property
    def kinds(self) -> list[kinds.Kind]:
        """The kinds of raw files."""
        return kinds.read_kinds(
            Path(self.project, "models/staging/_sources.yml")
        )


@dataclass(frozen=True)
class Task:
    """What one task does."""

    query: Query
    # A folder of this machine's, for what does not fit into memory.
    scratch: str
    number: int = 0
    attempt: int = 0
    # Raw files to inspect.
    files: tuple[listing.RawFile, ...] = ()

    @property
    def share(self) -> Path:
        """The folder of the task's share."""
        return self.query.shares / f"{self.number:05}"


def parts(query: Query, name: str) -> Iterator[Path]:
    """Return a table's files."""
    return Path(query.tables, name).glob("part_*.parquet")
