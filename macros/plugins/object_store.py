"""Lends DuckDB a bucket: lists its objects, reads them, and puts whole ones.

DuckDB's own extension for this can't be loaded without a network, so it is
fsspec that talks to S3 and Google Cloud Storage. Credentials are whatever
fsspec finds in the environment; they pass through nothing that is logged.
"""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

import fsspec
from dbt_common.exceptions import DbtRuntimeError
from fsspec import AbstractFileSystem

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import duckdb

# Bytes per request; each open object has as many in memory.
BLOCK_BYTES = 8 * 2**20

# Otherwise gcsfs first asks whether a bucket is of two special kinds. That
# takes another protocol, and rights that reading and writing do not take.
os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")


class ObjectStore:
    """The objects of an S3 or Google Cloud Storage bucket."""

    def __init__(self, root: str) -> None:
        """Import what speaks the root's protocol; nothing is asked yet."""
        protocol = root.partition("://")[0]
        self.filesystem = remembering(fsspec.get_filesystem_class(protocol))(
            skip_instance_cache=True, use_listings_cache=False
        )

    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Let a DuckDB connection read objects, and lists of objects."""
        connection.register_filesystem(self.filesystem)
        connection.register_filesystem(Listing(self.filesystem))
        # The cache takes two versions of an object for one if they were written
        # in the same second.
        connection.execute("set enable_external_file_cache = false")

    def put(self, file: Path, url: str) -> None:
        """Make a finished file an object.

        Until all of it has arrived, everybody sees the object that was there.
        """
        try:
            self.filesystem.put_file(str(file), url)
        except Exception as error:
            raise DbtRuntimeError(f"Can't write {url}: {error}") from error
        self.filesystem.forget(url)

    def remove(self, url: str) -> None:
        """Remove an object."""
        try:
            self.filesystem.rm_file(url)
        except Exception as error:
            raise DbtRuntimeError(f"Can't remove {url}: {error}") from error
        self.filesystem.forget(url)


def remembering(kind: Any) -> Any:
    """Return a file system that looks up what the last listing has told."""

    class Remembering(kind):
        """Asks once for all objects, where fsspec asks for each, repeatedly."""

        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.listed: dict[str, dict[str, Any]] = {}

        def forget(self, path: str) -> None:
            """Ask again."""
            self.listed.pop(self._strip_protocol(path), None)

        async def _info(self, path: str, *more: Any, **settings: Any) -> Any:
            known = self.listed.get(self._strip_protocol(path))
            return known or await super()._info(path, *more, **settings)

        def _open(self, path: str, mode: str = "rb", **_: Any) -> Any:
            if mode != "rb":
                # A query that fails half-way would leave half an object.
                message = f"{path} is written by put only"
                raise OSError(message)
            return super()._open(
                path, mode, block_size=BLOCK_BYTES, cache_type="readahead"
            )

    return Remembering


class Listing(AbstractFileSystem):
    """Files in JSON of all objects below a path, made when they are opened.

    Of what it says, an object's version and the fraction of the second in which
    it was written don't come to DuckDB in another way.
    """

    protocol = "listing"
    cachable = False

    def __init__(self, filesystem: Any) -> None:
        """List what stands in a file system."""
        super().__init__()
        self.filesystem = filesystem
        self.sizes: dict[str, int] = {}

    def glob(self, path: str, **_: Any) -> list[str]:
        """Return the path, which is no pattern."""
        return [path]

    def open(self, path: str, *_: Any, **__: Any) -> io.BytesIO:
        """Ask for the objects, and remember them."""
        url = path.removeprefix("listing://")
        try:
            found = self.filesystem.find(url, detail=True)
        except Exception as error:
            message = f"Can't list {url}: {error}"
            raise OSError(message) from None
        objects = {
            name: about
            for name, about in found.items()
            # A name that ends so is what a console shows as an empty folder.
            if not name.endswith("/")
        }
        self.filesystem.listed.update(objects)
        protocol = url.partition("://")[0]
        content = "\n".join(
            json.dumps(
                {
                    "file_path": f"{protocol}://{name}",
                    "size_bytes": about["size"],
                    "modified_at": str(modified_at(about)),
                    "version": about.get("generation") or about["ETag"],
                }
            )
            for name, about in objects.items()
        ).encode()
        self.sizes[path] = len(content)
        return io.BytesIO(content)

    def size(self, path: str) -> int:
        """Return the size of the list that was opened last."""
        return self.sizes[path]


def modified_at(about: dict[str, Any]) -> datetime:
    """Return when an object was written; S3 tells the second."""
    return about.get("mtime") or about["LastModified"]
