"""Edits a finished file: what is unchanged in it is copied as it is.

A model's materialization asks for it by `adapter.store_relation`, dbt-duckdb's
way to let a plugin write files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from parquet_row_groups import replace_row_groups
from sorted_json import replace_lines

if TYPE_CHECKING:
    from dbt.adapters.duckdb.utils import TargetConfig


class Plugin(BasePlugin):
    """What dbt-duckdb calls to write files."""

    def store(self, target_config: TargetConfig) -> None:
        """Write the edited file beside the old one, and then in its place."""
        file = Path(target_config.location.path)
        edit = target_config.config
        edited = file.with_name(f"tmp_{file.name}")
        parts = [
            Path(edit[part]) for part in ("removed", "added") if part in edit
        ]
        try:
            if "kept" in edit:
                replace_row_groups(file, edit["kept"], *parts, edited)
            else:
                replace_lines(file, *parts, edit["order"], edited)
        except (OSError, ValueError) as error:
            edited.unlink(missing_ok=True)
            remedy = (
                "Make room or mend its folder, and build again."
                if isinstance(error, OSError)
                else "It is not as the last build has left it: "
                "dbt build --full-refresh writes it anew."
            )
            raise DbtRuntimeError(
                f"{file} can't be edited, and was left alone: {error} {remedy}"
            ) from error
        edited.replace(file)
        for part in parts:
            part.unlink()
