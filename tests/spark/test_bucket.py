"""Spark builds a data root in a bucket, and publishes what DuckDB publishes.

The servers are those of test_object_stores.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_object_stores import SAMPLE, Store, empty_store, servers, store
from test_spark import _is_installed, run_with_spark, scratch

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["_is_installed", "empty_store", "scratch", "servers", "store"]
pytestmark = pytest.mark.spark


def test_spark_builds_a_bucket(
    store: Store,
    scratch: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Spark's own tables need a folder.
    refused = run_with_spark(store.root, scratch, "build")
    assert refused.returncode != 0
    assert "Name it in DRUG_MENTIONS_SPARK_TABLES" in refused.stdout

    monkeypatch.setenv("DRUG_MENTIONS_SPARK_TABLES", str(tmp_path / "tables"))
    build = run_with_spark(store.root, scratch, "build")
    assert build.returncode == 0, build.stdout[-3000:]
    assert store.published() == SAMPLE.read_bytes()
    written = store.written()
    assert {
        "drugs.parquet", "mentions.parquet", "publications.parquet",
        "rejected_records.parquet", "changed_mentions.json",
        "mention_graph.graphml", "mentioned_drugs.html",
    } < written.keys()  # fmt: skip

    # Without the drug list the build says so, and what was published stays.
    store.filesystem.rm_file(f"{store.root}/raw/drugs.csv")
    refused = run_with_spark(store.root, scratch, "build")
    assert refused.returncode == 1
    assert "is drugs (CSV, TSV, Excel or JSON" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert store.written() == written
