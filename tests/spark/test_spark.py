"""Spark publishes what DuckDB publishes, to the byte, and cleans the same.

`SPARK_TESTS_MASTER='local-cluster[2,1,1024]'` runs them on two workers with
processes of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from builds import EXERCISE, PROJECT, DataRoot
from test_exports import DRUGS, EXPORTS, pubmed_csv

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.spark

# The first of these records counts, so rows must keep their order.
ONE_ID = [
    ("31000001", f"Aspirin on {boat}", "J Emerg Nurs. 2019 Jan 2;1(1):1-2.")
    for boat in ("rafts", "tugs", "ferries")
]
MASTER = os.environ.get("SPARK_TESTS_MASTER", "local[2]")
CLEANED = ("drugs", "publications", "rejected_records", "mentions")
TABLES = ("raw_file_reconciliation", "int_drug_mentions")
# Data tests run with the sample only: they take half of a build, and rows that
# are those of DuckDB would pass them, too.
NO_TESTS = ("--exclude-resource-type", "test")
# What runs once does not pay for being compiled or measured, and little memory
# is used over and over.
JAVA_OPTIONS = (
    "-XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:+UseSerialGC -Xmn32m"
)
# Spark must not look for anything where a cluster has its files.
SETTINGS = f"""
spark.driver.memory 1g
spark.driver.extraJavaOptions {JAVA_OPTIONS}
spark.executor.extraJavaOptions {JAVA_OPTIONS}
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.hadoop.fs.defaultFS hdfs://localhost:1
"""


@pytest.fixture(scope="module", autouse=True)
def _is_installed() -> None:
    if not (find_spec("pyspark") and find_spec("dbt.adapters.spark")):
        pytest.skip(".ci/spark was not run")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder for what dbt parses, once for all builds."""
    return tmp_path_factory.mktemp("dbt")


def run_with_spark(
    root: Path,
    scratch: Path,
    *arguments: str,
    task_bytes: int = 1,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run a dbt command; unless said otherwise, each file is a task's."""
    dbt = Path(sys.executable).with_name("dbt")
    if "SPARK_REMOTE" not in environment:
        environment["MASTER"] = MASTER
    (scratch / "spark-defaults.conf").write_text(SETTINGS, encoding="utf-8")
    return subprocess.run(
        [
            str(dbt), *arguments,
            "--target", "spark", "--no-use-colors",
            "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
            "--target-path", str(scratch / "target"),
            "--log-path", str(scratch / "logs"),
        ],
        env=os.environ
        | {
            "DRUG_MENTIONS_DATA": str(root),
            "DRUG_MENTIONS_TASK_BYTES": str(task_bytes),
            # As in an activated environment.
            "PATH": f"{dbt.parent}:{os.environ['PATH']}",
            "SPARK_CONF_DIR": str(scratch),
            # A local cluster starts its workers from there.
            "SPARK_HOME": str(Path(find_spec("pyspark").origin).parent),
        }
        | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


def build_with_spark(
    raw: Path,
    scratch: Path,
    root: Path,
    *arguments: str,
    task_bytes: int = 1,
    **environment: str,
) -> Path:
    """Build the raw files in a data root of Spark's own; return it."""
    shutil.copytree(raw, root / "raw")
    build = run_with_spark(
        root,
        scratch,
        "build",
        *arguments,
        task_bytes=task_bytes,
        **environment,
    )
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
    suffix = ".parquet" if folder == "cleaned" else "/*.parquet"
    return rows(
        "",
        [
            (name, f"read_parquet('{root}/{folder}/{name}{suffix}')")
            for name in names
        ],
    )


def published(root: Path) -> dict[str, bytes]:
    """Read the bytes of all published files."""
    folder = root / "aggregated"
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def assert_equal(by_duckdb: DataRoot, by_spark: Path) -> None:
    assert published(by_spark) == published(by_duckdb.path)
    assert written(by_spark, "cleaned", CLEANED) == written(
        by_duckdb.path, "cleaned", CLEANED
    )
    tables = rows(
        str(by_duckdb.path / "drug_mentions.duckdb"),
        zip(TABLES, TABLES, strict=True),
    )
    assert written(by_spark, "spark_tables", TABLES) == tables


def test_spark_publishes_the_sample(
    sample_root: DataRoot, scratch: Path, tmp_path: Path
) -> None:
    assert sample_root.build().success
    by_spark = build_with_spark(
        sample_root.path / "raw", scratch, tmp_path / "spark", *NO_TESTS
    )
    assert_equal(sample_root, by_spark)

    # Nothing of more tasks is left when there are fewer.
    again = run_with_spark(by_spark, scratch, "build", task_bytes=32_000_000)
    assert again.returncode == 0, again.stdout[-3000:]
    assert_equal(sample_root, by_spark)

    sample = PROJECT / "tests" / "sample_mentioned_drugs.json"
    json = by_spark / "aggregated" / "mentioned_drugs.json"
    assert json.read_bytes() == sample.read_bytes()

    # A file that can't be read is named, and what was published stays.
    (by_spark / "raw" / "drugs.csv").unlink()
    refused = run_with_spark(by_spark, scratch, "build")
    assert refused.returncode == 1
    assert "is drugs (CSV, TSV, Excel or JSON" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert json.read_bytes() == sample.read_bytes()


@pytest.mark.skipif(not EXERCISE.is_dir(), reason="the exercise is not there")
def test_spark_publishes_the_exercise(
    empty_root: DataRoot, scratch: Path, tmp_path: Path
) -> None:
    raw = empty_root.path / "raw"
    shutil.copytree(EXERCISE, raw, dirs_exist_ok=True)
    assert empty_root.build().success
    by_spark = build_with_spark(raw, scratch, tmp_path / "spark", *NO_TESTS)
    assert_equal(empty_root, by_spark)


def test_spark_publishes_every_format(
    sample_root: DataRoot, scratch: Path, tmp_path: Path
) -> None:
    """The sample, every export and an id three times, a task for each file."""
    raw = sample_root.path / "raw"
    (raw / "exports").mkdir()
    sample_root.write("exports/drugs.csv", DRUGS)
    for export in EXPORTS:
        sample_root.write(f"exports/{export.name}", export.content)
    sample_root.write("exports/one_id.csv", pubmed_csv(*ONE_ID))
    assert sample_root.build().success
    by_spark = build_with_spark(raw, scratch, tmp_path / "spark", *NO_TESTS)
    assert_equal(sample_root, by_spark)


def test_spark_connect_publishes_the_sample(
    sample_root: DataRoot, scratch: Path, tmp_path: Path
) -> None:
    """Spark Connect starts a server, which has settings of its own."""
    assert sample_root.build().success
    by_spark = build_with_spark(
        sample_root.path / "raw",
        scratch,
        tmp_path / "spark",
        *NO_TESTS,
        SPARK_REMOTE=MASTER,
        PYTHONPATH=str(PROJECT / "macros" / "spark"),
    )
    assert_equal(sample_root, by_spark)


def test_a_python_without_duckdb_is_told(scratch: Path, tmp_path: Path) -> None:
    """Spark's tasks run the first `python3`, whatever environment has dbt."""
    shutil.copytree(PROJECT / "data" / "raw", tmp_path / "raw")
    other = tmp_path / "other"
    venv.create(other, symlinks=True)
    build = run_with_spark(
        tmp_path,
        scratch,
        *("build", "--select", "stg_raw_files"),
        PYSPARK_PYTHON=str(other / "bin" / "python3"),
    )
    assert build.returncode != 0
    assert "Activate the environment that has dbt" in build.stdout
