"""Unpacks PubMed XML into lines of JSON, since DuckDB can't read XML.

A model asks for it by `adapter.store_relation`, dbt-duckdb's way to let a
plugin write files.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from pubmed_articles import UnreadableXmlError, articles, opened

if TYPE_CHECKING:
    from dbt.adapters.duckdb.utils import TargetConfig


class Plugin(BasePlugin):
    """What dbt-duckdb calls to write files."""

    def store(self, target_config: TargetConfig) -> None:
        """Unpack `files`, in their order, to 1.json, 2.json, … in a folder.

        What an earlier call has left there goes; without files, so does the
        folder.
        """
        folder = Path(target_config.location.path)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            for number, file in enumerate(target_config.config["files"], 1):
                folder.mkdir(exist_ok=True)
                unpack(file, number, folder / f"{number}.json")
        except UnreadableXmlError as error:
            shutil.rmtree(folder)
            raise DbtRuntimeError(str(error)) from error


def unpack(file: str, number: int, unpacked: Path) -> None:
    """Write a line for each article of a file, with the file's number."""
    with opened(file) as xml, unpacked.open("w", encoding="utf-8") as lines:
        for article in articles(xml, file):
            json.dump({"file": number} | article, lines)
            lines.write("\n")
