"""Places of published files: in a folder that all machines see, or in a bucket.

A file is finished locally and then put into its place in one step, so everybody
sees the old file or the new one.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from object_store import ObjectStore


def store_of(path: str) -> ObjectStore | None:
    """Return what talks to the bucket of a URL, None for a path of a folder."""
    return store("/".join(path.split("/")[:3])) if "://" in path else None


@cache
def store(bucket: str) -> ObjectStore | None:
    """Return what talks to a bucket, one for each process."""
    # It imports much of dbt, and most data roots are folders.
    from duckdb_file import object_store_of  # noqa: PLC0415

    return object_store_of(bucket)


def exists(path: str) -> bool:
    """Whether a file stands there."""
    bucket = store_of(path)
    if bucket is None:
        return Path(path).exists()
    return bucket.filesystem.exists(path)


def content(path: str, size: int | None = None) -> bytes:
    """Read a file, or its first bytes."""
    bucket = store_of(path)
    if bucket is not None:
        return bucket.filesystem.cat_file(path, 0, size)
    with Path(path).open("rb") as file:
        return file.read(size)


def local(path: str, name: str, scratch: str) -> Path:
    """Return where a file or folder is made that will stand beside a file."""
    if store_of(path) is not None:
        return Path(scratch, name)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Path(path).with_name(name)


def put(file: Path, path: str) -> None:
    """Let a finished file take its place."""
    bucket = store_of(path)
    if bucket is None:
        file.replace(path)
    else:
        bucket.put(file, path)


def remove(path: str) -> None:
    """Remove a file or a folder, if it is there."""
    bucket = store_of(path)
    if bucket is None:
        shutil.rmtree(path, ignore_errors=True)
        Path(path).unlink(missing_ok=True)
    elif bucket.filesystem.exists(path):
        bucket.remove(path)
