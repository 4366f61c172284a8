"""Lists the files below `raw/`, of a folder or of a bucket."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .refusals import missing_root

if TYPE_CHECKING:
    from collections.abc import Iterator

RAW_FOLDER = "raw"
# Files that may be in raw/ and are not read. Names are compared in lower case.
# Hidden files and folders are not read either.
IGNORED = re.compile(
    r"(readme|licen[cs]e)(\.(txt|rst|rtf|html?|pdf|docx?))?"
    r"|~\$.*|thumbs\.db|desktop\.ini|.*\.(md|tmp|crdownload|part)",
    re.DOTALL,
)


@dataclass(frozen=True)
class RawFile:
    """A file below `raw/`, as the listing tells of it."""

    # What opens it: a path, or a URL.
    path: str
    # Path below the data root, with `/`: raw/2020/pubmed.csv.
    raw_file: str
    size_bytes: int
    modified_at: datetime
    # The object's version or ETag; empty for a file.
    version: str = ""

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.raw_file.rpartition("/")[2]

    # Cached, because every record of the file is written with it.
    @cached_property
    def raw_file_version(self) -> int:
        """A number of 63 bits that changes when the file does."""
        told = (
            f"{self.raw_file}\0{self.size_bytes}\0"
            f"{self.modified_at.isoformat()}\0{self.version}"
        )
        digest = hashlib.blake2b(
            told.encode(errors="surrogateescape"), digest_size=8
        ).digest()
        return int.from_bytes(digest, "big") >> 1


def is_ignored(name: str) -> bool:
    """Whether a file is none that anybody means to have read."""
    name = name.lower()
    return name.startswith(".") or IGNORED.fullmatch(name) is not None


def list_folder(root: str) -> list[RawFile]:
    """List the raw files of a data root that is a folder, by path.

    Folders of any depth are read, and links to files. A link to a folder is
    not followed: it may lead back to where it stands. One that leads nowhere
    is listed, so that the file is missed when it is opened.
    """
    if not os.path.isdir(os.path.join(root, RAW_FOLDER)):
        raise missing_root(root)
    return sorted(walk(root, RAW_FOLDER), key=lambda file: file.raw_file)


def walk(root: str, folder: str) -> Iterator[RawFile]:
    """Yield the files of a folder and the folders in it."""
    with os.scandir(os.path.join(root, folder)) as entries:
        for entry in entries:
            path = f"{folder}/{entry.name}"
            is_gone = entry.is_symlink() and not os.path.exists(entry.path)
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    yield from walk(root, path)
            elif not is_ignored(entry.name) and (is_gone or entry.is_file()):
                status = entry.stat(follow_symlinks=not is_gone)
                yield RawFile(
                    os.path.join(root, path),
                    path,
                    status.st_size,
                    datetime.fromtimestamp(status.st_mtime_ns / 1e9, UTC),
                )


def list_bucket(root: str, filesystem: Any) -> list[RawFile]:  # noqa: ANN401 - fsspec has no types
    """List the raw files of a data root that is an object store's URL.

    `filesystem` is fsspec's. It is asked once, for all objects.
    """
    root = root.rstrip("/")
    protocol, _, prefix = root.partition("://")
    files = []
    found = filesystem.find(f"{root}/{RAW_FOLDER}", detail=True)
    if hasattr(filesystem, "listed"):
        filesystem.listed.update(found)
    for name, about in found.items():
        raw_file = name.removeprefix(prefix).lstrip("/")
        *folders, file_name = raw_file.split("/")
        # A name that ends in / is what a console shows as an empty folder.
        if not file_name or is_ignored(file_name):
            continue
        if any(folder.startswith(".") for folder in folders):
            continue
        files.append(
            RawFile(
                f"{protocol}://{name}",
                raw_file,
                about["size"],
                about.get("mtime") or about["LastModified"],
                str(about.get("generation") or about.get("ETag", "")),
            )
        )
    return sorted(files, key=lambda file: file.raw_file)
