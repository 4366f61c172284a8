"""The fixtures that every test may ask for; see builds.py."""

from builds import (
    built_sample,
    dbt_in_process,
    empty_root,
    kept_sample,
    root,
    sample_root,
)

__all__ = [
    "built_sample",
    "dbt_in_process",
    "empty_root",
    "kept_sample",
    "root",
    "sample_root",
]
