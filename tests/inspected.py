"""Shows a folder of raw files to the package `raw_files`, without dbt."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from builds import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

sys.path.insert(0, str(PROJECT / "macros" / "plugins"))

from raw_files.folder import check_kinds, inspect_new_files
from raw_files.kinds import read_kinds
from raw_files.listing import list_folder
from raw_files.readable import Copies
from raw_files.refusals import RefusedError

KINDS = read_kinds(PROJECT / "models" / "staging" / "_sources.yml")


def refusal(root: Path) -> str:
    """Return what a build of a data root is stopped with, empty if it isn't."""
    copies = Copies(root / "copies")
    try:
        rows, _ = inspect_new_files(list_folder(str(root)), KINDS, {}, copies)
        check_kinds(str(root), rows, KINDS)
    except RefusedError as refused:
        return str(refused)
    return ""


def assert_plain_words(message: str) -> None:
    """Find nothing of what DuckDB, Python or Java say of a fault."""
    assert message
    words = (
        r"Traceback|\w+Error\b|[Ee]xception|codec|duckdb|read_csv|0x[0-9a-f]+"
    )
    assert not re.findall(words, message), message
