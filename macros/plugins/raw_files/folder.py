"""All raw files of a data root: lists them, and inspects those that are new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .inspection import Inspected, inspect
from .refusals import (
    RefusedError,
    UnknownFileError,
    all_refusals,
    missing_kinds,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .kinds import Kind
    from .listing import RawFile
    from .readable import Copies


class FileRow(NamedTuple):
    """A row of the table `raw.files`; see models/staging/_sources.yml."""

    raw_file: str
    kind: str
    format: str
    encoding: str | None
    delimiter: str | None
    line_ends: str | None
    records: int
    is_repaired: bool
    repair_reason: str | None
    size_bytes: int
    modified_at: datetime
    raw_file_version: int
    is_new: bool
    file_path: str


FILE_TYPES = {
    "raw_file": "varchar",
    "kind": "varchar",
    "format": "varchar",
    "encoding": "varchar",
    "delimiter": "varchar",
    "line_ends": "varchar",
    "records": "bigint",
    "is_repaired": "boolean",
    "repair_reason": "varchar",
    "size_bytes": "bigint",
    "modified_at": "timestamptz",
    "raw_file_version": "bigint",
    "is_new": "boolean",
    "file_path": "varchar",
}


def inspect_new_files(
    files: Iterable[RawFile],
    kinds: list[Kind],
    known: Mapping[int, FileRow],
    copies: Copies,
    filesystem: Any = None,  # noqa: ANN401 - fsspec has no types
) -> tuple[list[FileRow], list[Inspected]]:
    """Inspect the files whose version is not known.

    Returns a row for each file, and what was found out of the new ones. Raises
    RefusedError with all files that can't be read.
    """
    rows, inspected = [], []
    refusals: list[RefusedError] = []
    unknown_files = []
    for file in files:
        version = file.raw_file_version
        row = known.get(version)
        if row is not None:
            rows.append(row._replace(is_new=False, file_path=file.path))
            continue
        try:
            one = inspect(file, kinds, copies, filesystem)
        except UnknownFileError as refusal:
            unknown_files.append(refusal.raw_file)
            continue
        except RefusedError as refusal:
            refusals.append(refusal)
            continue
        inspected.append(one)
        rows.append(row_of(one, version))
    copies.close()
    if unknown_files:
        refusals.append(unknown(unknown_files, kinds))
    if refusals:
        raise all_refusals(refusals)
    return rows, inspected


def row_of(one: Inspected, version: int) -> FileRow:
    """Make the row of a file that was inspected."""
    return FileRow(
        one.file.raw_file,
        one.kind,
        one.format,
        one.encoding,
        one.delimiter,
        one.line_ends,
        one.records,
        one.repair_reason is not None,
        one.repair_reason,
        one.file.size_bytes,
        one.file.modified_at,
        version,
        True,
        one.file.path,
    )


def check_kinds(root: str, rows: Iterable[FileRow], kinds: list[Kind]) -> None:
    """Stop where a kind of file is missing that must be there.

    An export that was forgotten must not look like a drug that nobody writes
    about; but whoever uses the exports of others needs none made by hand.
    """
    found = {
        (row.kind, "json" if row.format == "json" else "table") for row in rows
    }
    found |= {(kind, "any") for kind, _ in found}
    has_export = any(
        (kind.name, "any") in found for kind in kinds if kind.is_export
    )
    missing = [
        (kind, form)
        for kind in kinds
        if kind.is_always_required or not has_export
        for form in kind.required_as
        if (kind.name, form) not in found
        and not any((other, "any") in found for other in kind.replaced_by)
    ]
    if missing:
        raise missing_kinds(root, missing)
