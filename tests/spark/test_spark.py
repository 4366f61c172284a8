"""Spark publishes what DuckDB publishes, to the byte, and cleans the same.

`SPARK_TESTS_MASTER='local-cluster[2,1,1024]'` runs them on two workers with
processes of their own. Raw files are shared out in as many tasks as can be.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from builds import EXERCISE, PROJECT, DataRoot
from test_exports import DRUGS, EXPORTS

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.spark

CLEANED = ("drugs", "publications", "rejected_records")
TABLES = ("raw_file_reconciliation", "int_drug_mentions")
# What is run once does not pay for being compiled. Spark must not look for
# anything where a cluster has its files.
SETTINGS = """
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.hadoop.fs.defaultFS hdfs://localhost:1
"""


@pytest.fixture(scope="module", autouse=True)
def _is_installed() -> None:
    if not (find_spec("pyspark") and find_spec("dbt.adapters.spark")):
        pytest.skip(".ci/spark was not run")


def build_with_spark(
    raw: Path, scratch: Path, *arguments: str, task_bytes: int = 1
) -> Path:
    """Build the raw files in a data root of Spark's own; return it."""
    root = scratch / "spark"
    shutil.copytree(raw, root / "raw", dirs_exist_ok=True)
    settings = scratch / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "spark-defaults.conf").write_text(SETTINGS, encoding="utf-8")
    build = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")), "build",
            "--target", "spark", *arguments,
            "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
            "--target-path", str(scratch / "target"),
            "--log-path", str(scratch / "logs"),
        ],
        env=os.environ
        | {
            "DRUG_MENTIONS_DATA": str(root),
            "DRUG_MENTIONS_TASK_BYTES": str(task_bytes),
            "MASTER": os.environ.get("SPARK_TESTS_MASTER", "local[2]"),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_CONF_DIR": str(settings),
            # A local cluster starts its workers from there.
            "SPARK_HOME": str(Path(find_spec("pyspark").origin).parent),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert build.returncode == 0, build.stdout[-3000:]
    return root


def rows(database: str, tables: Iterable[tuple[str, str]]) -> dict[str, list]:
    """Read all rows of tables, each by its name and SQL; sorted."""
    with duckdb.connect(database, read_only=bool(database)) as connection:
        return {
            name: sorted(map(str, connection.execute(f"from {sql}").fetchall()))
            for name, sql in tables
        }


def written(root: Path, folder: str, names: Iterable[str]) -> dict[str, list]:
    """Read all rows of Parquet files."""
    return rows(
        "",
        [
            (name, f"read_parquet('{root}/{folder}/{name}{suffix}')")
            for name in names
            for suffix in (".parquet" if folder == "cleaned" else "/*.parquet",)
        ],
    )


def assert_equal(by_duckdb: DataRoot, by_spark: Path) -> None:
    published = by_spark / "aggregated" / "mentioned_drugs.json"
    assert published.read_bytes() == by_duckdb.published.read_bytes()
    assert written(by_spark, "cleaned", CLEANED) == written(
        by_duckdb.path, "cleaned", CLEANED
    )
    tables = rows(
        str(by_duckdb.path / "drug_mentions.duckdb"),
        zip(TABLES, TABLES, strict=True),
    )
    assert written(by_spark, "spark_tables", TABLES) == tables


def test_spark_publishes_the_sample(
    empty_root: DataRoot, tmp_path: Path
) -> None:
    raw = empty_root.path / "raw"
    shutil.copytree(PROJECT / "data" / "raw", raw, dirs_exist_ok=True)
    assert empty_root.build().success
    by_spark = build_with_spark(raw, tmp_path, task_bytes=32_000_000)
    assert_equal(empty_root, by_spark)
    sample = PROJECT / "tests" / "sample_mentioned_drugs.json"
    published = by_spark / "aggregated" / "mentioned_drugs.json"
    assert published.read_bytes() == sample.read_bytes()


def test_spark_publishes_every_format(
    empty_root: DataRoot, tmp_path: Path
) -> None:
    """The sample, the exercise and every export, a task for each file."""
    raw = empty_root.path / "raw"
    shutil.copytree(PROJECT / "data" / "raw", raw / "sample")
    if EXERCISE.is_dir():
        shutil.copytree(EXERCISE, raw / "exercise")
    (raw / "exports").mkdir()
    empty_root.write("exports/drugs.csv", DRUGS)
    for export in EXPORTS:
        empty_root.write(f"exports/{export.name}", export.content)
    assert empty_root.build().success
    assert_equal(empty_root, build_with_spark(raw, tmp_path))
