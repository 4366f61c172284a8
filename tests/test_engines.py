"""Spark publishes what DuckDB publishes, to the byte, and cleans the same.

`.ci/spark` installs what it takes; without, these tests are skipped. The sample
is compared by every run. All the rest takes minutes, and is compared when
SPARK_TESTS says `all`; a million titles, when it says `million`.
"""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import engines
import pytest
from conftest import EXERCISE, PROJECT
from test_bad_input import BASE, CASES
from test_exports import DRUGS, EXPORTS

if TYPE_CHECKING:
    from collections.abc import Callable

if not (find_spec("dbt.adapters.spark") and find_spec("pyspark")):
    pytest.skip(".ci/spark was not run", allow_module_level=True)
if not Path("/proc").is_dir():
    pytest.skip(
        "what a build costs is read from /proc", allow_module_level=True
    )

ASKED = os.environ.get("SPARK_TESTS", "")
takes_minutes = pytest.mark.skipif(
    ASKED not in {"all", "million"}, reason="SPARK_TESTS is not `all`"
)
# Spark's JSON parser goes a thousand levels deep: there the build stops.
READ_BY_DUCKDB_ONLY = {"deep-nesting"}
SAMPLE = PROJECT / "tests" / "sample_mentioned_drugs.json"


def sample(raw: Path) -> None:
    """Copy the project's own sample."""
    shutil.copytree(PROJECT / "data" / "raw", raw)


def exercise(raw: Path) -> None:
    """Copy the files of the exercise."""
    if not EXERCISE.is_dir():
        pytest.skip("the exercise's files are not part of this project")
    shutil.copytree(EXERCISE, raw)


def bad_input(raw: Path) -> None:
    """Write every bad file that a build accepts."""
    raw.mkdir()
    files = dict(BASE)
    for case in CASES:
        if (
            case.outcome != "refused"
            and not case.alone
            and case.id not in READ_BY_DUCKDB_ONLY
        ):
            files |= case.named_files()
    for name, content in files.items():
        if content is not None:
            _write(raw / name, content)


def exports(raw: Path) -> None:
    """Write an export of every format."""
    raw.mkdir()
    _write(raw / "drugs.csv", DRUGS)
    for export in EXPORTS:
        _write(raw / export.name, export.content)


def nothing(raw: Path) -> None:
    """Write files of every kind without a record."""
    raw.mkdir()
    for name in ("drugs.csv", "pubmed.csv", "clinical_trials.csv"):
        header, *_ = (PROJECT / "data" / "raw" / name).read_text().splitlines()
        _write(raw / name, header)
    _write(raw / "pubmed.json", "[]")


def a_million_titles(raw: Path) -> None:
    """Make the corpus of the benchmark."""
    if ASKED != "million":
        pytest.skip("SPARK_TESTS is not `million`")
    sys.path.insert(0, str(PROJECT / "tests" / "benchmark"))
    import corpus  # noqa: PLC0415 - stands in another folder

    corpus.generate(raw.parent, titles=1_000_000, names=100_000)


def _write(file: Path, content: str | bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize(
    ("make_corpus", "runs_on"),
    [
        pytest.param(sample, "local", id="sample"),
        *(
            pytest.param(corpus, runs_on, id=name, marks=takes_minutes)
            for name, corpus, runs_on in (
                ("exercise", exercise, "local"),
                ("bad input", bad_input, "local"),
                ("exports", exports, "local"),
                ("nothing", nothing, "local"),
                ("sample on a cluster", sample, "cluster"),
                ("sample through connect", sample, "connect"),
                ("a million titles", a_million_titles, "local"),
            )
        ),
    ],
)
def test_spark_writes_what_duckdb_writes(
    tmp_path: Path,
    make_corpus: Callable[[Path], None],
    runs_on: str,
    record_property: Callable[[str, object], None],
) -> None:
    raw = tmp_path / "corpus" / "raw"
    raw.parent.mkdir()
    make_corpus(raw)
    compared = engines.compare(raw, tmp_path, runs_on)
    assert not compared.differences, "\n".join(compared.differences)
    for engine, build in (
        ("duckdb", compared.duckdb),
        ("spark", compared.spark),
    ):
        record_property(f"{engine}, CPU seconds", round(build.cost.cpu, 1))
        record_property(f"{engine}, peak MB", round(build.cost.peak_mb))
    if make_corpus is sample:
        published = tmp_path / "spark" / "aggregated" / "mentioned_drugs.json"
        assert published.read_bytes() == SAMPLE.read_bytes()
