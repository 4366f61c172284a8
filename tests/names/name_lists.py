"""The maintained lists, as they stand in seeds/."""

from __future__ import annotations

import csv
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def seed(name: str) -> list[dict[str, str]]:
    """Read a maintained list."""
    path = PROJECT / "seeds" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
