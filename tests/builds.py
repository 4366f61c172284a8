"""Builds the project in a data root of the test's own and reads what it wrote.

dbt runs inside pytest's process, from a manifest parsed once, since starting
dbt and parsing the project take longer than a build of a few records. What
depends on a process of its own (signals, locks, the command line) starts one
with `dbt_command`.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT = Path(__file__).resolve().parents[1]
SCRATCH = PROJECT / "target" / "tests"
EXERCISE = PROJECT.parent / "shared" / "exercise" / "raw"

DRUGS_HEADER = "atccode,drug\n"
PUBMED_HEADER = "id,title,date,journal\n"
TRIALS_HEADER = "id,scientific_title,date,journal\n"


@dataclass
class Outcome:
    """What a dbt command did: whether it succeeded, its warnings and errors.

    `log` is all it would print without `--quiet`; `rows` are what `dbt show`
    shows, a dict per row; `nodes` are the unique ids of what it ran.
    """

    success: bool
    messages: str
    log: str
    rows: list[dict[str, Any]]
    nodes: list[str]


@dataclass
class DataRoot:
    """A data root with raw files, and what a build made of them."""

    path: Path
    runner: DbtInProcess

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a raw file; text is encoded as UTF-8, line ends are kept."""
        file = self.path / "raw" / name
        if isinstance(content, str):
            content = content.encode()
        file.write_bytes(content)
        return file

    def build(self, *arguments: str) -> Outcome:
        """Run `dbt build` without the unit tests, which need no data."""
        return self.dbt(
            "build", "--exclude-resource-type", "unit_test", *arguments
        )

    def dbt(self, *arguments: str) -> Outcome:
        """Run any dbt command on this data root."""
        return self.runner.invoke(self.path, arguments)

    @property
    def published(self) -> Path:
        """The published file."""
        return self.path / "aggregated" / "mentioned_drugs.json"

    def mentions(self) -> list[dict[str, Any]]:
        """Read the published file from disk."""
        return json.loads(self.published.read_text(encoding="utf-8"))

    def pairs(self) -> set[tuple[str, str]]:
        """(drug, title) of every published mention."""
        return {
            (mention["drug"], mention["publication_title"])
            for mention in self.mentions()
        }

    def cleaned(self, name: str) -> list[dict[str, Any]]:
        """Read a file of the cleaned layer, a dict per row."""
        with duckdb.connect() as connection:
            rows = connection.execute(
                "from read_parquet($1)",
                [str(self.path / "cleaned" / f"{name}.parquet")],
            )
            names = [column[0] for column in rows.description]
            return [
                dict(zip(names, row, strict=True)) for row in rows.fetchall()
            ]

    def rejected(self) -> list[dict[str, Any]]:
        """Read the records in quarantine and those kept with a warning."""
        return self.cleaned("rejected_records")

    def written(self) -> list[Path]:
        """List what builds have written, but the DuckDB file."""
        return [
            file
            for name in ("aggregated", "cleaned")
            for file in sorted((self.path / name).rglob("*"))
            if file.is_file()
        ]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the DuckDB file that the build left."""
        database = str(self.path / "drug_mentions.duckdb")
        with duckdb.connect(database, read_only=True) as connection:
            return connection.execute(sql).fetchall()


def said(events: list[Any], *levels: str) -> list[str]:
    """Return what dbt's events of these levels say."""
    return [event.info.msg for event in events if event.info.level in levels]


class DbtInProcess:
    """Runs dbt commands in this process, from one parsed manifest."""

    def __init__(self, project: Path, scratch: Path) -> None:
        """Parse the project; dbt's own files go to `scratch`."""
        self.project = project
        self.scratch = scratch
        self.manifest = None
        events: list[Any] = []
        self.manifest = self._run(
            scratch, ["parse", "--show-all-deprecations"], events.append
        ).result
        # What dbt warns of when it parses.
        self.warnings = said(events, "warn", "error")

    def invoke(self, root: Path | str, arguments: tuple[str, ...]) -> Outcome:
        """Run a command with `root` as the data root."""
        events: list[Any] = []
        result = self._run(root, list(arguments), events.append)
        # dbt-duckdb keeps the file open as long as the process lives.
        DuckDBConnectionManager.close_all_connections()
        messages = said(events, "warn", "error")
        if result.exception is not None:
            messages.append(str(result.exception))
        rows = []
        if arguments[0] == "show" and result.success:
            table = result.result.results[0].agate_table
            rows = [
                dict(zip(table.column_names, row.values(), strict=True))
                for row in table.rows
            ]
        return Outcome(
            result.success,
            "\n".join(messages),
            "\n".join(said(events, "info", "warn", "error")),
            rows,
            [
                run.node.unique_id
                for run in getattr(result.result, "results", ())
                if hasattr(run, "node")
            ],
        )

    @contextmanager
    def changed(
        self, file: str, change: Callable[[str], str]
    ) -> Iterator[None]:
        """Change what a file of the project says, and put it back.

        What was parsed is changed, since to parse a file and all that depends
        on it takes longer than most tests. What the file depends on stays.
        """
        manifest = self.manifest
        parsed = [
            (item, field)
            for items, field in (
                (manifest.macros, "macro_sql"),
                (manifest.nodes, "raw_code"),
            )
            for item in items.values()
            if item.package_name == manifest.metadata.project_name
            and item.original_file_path == file
        ]
        before = [getattr(item, field) for item, field in parsed]
        after = list(map(change, before))
        assert after != before, f"{file} has changed: nothing to replace"
        try:
            for (item, field), text in zip(parsed, after, strict=True):
                setattr(item, field, text)
            yield
        finally:
            for (item, field), text in zip(parsed, before, strict=True):
                setattr(item, field, text)

    def _run(
        self,
        root: Path | str,
        arguments: list[str],
        callback: Callable[[Any], None] = lambda event: None,
    ) -> Any:  # noqa: ANN401 - dbt's own result type is not public
        os.environ["DRUG_MENTIONS_DATA"] = str(root)
        # dbt takes a model that one command has compiled for a model that has
        # its ephemeral models inside.
        for node in self.manifest.nodes.values() if self.manifest else ():
            if node.resource_type in ("model", "unit_test"):
                node.extra_ctes_injected = False
                node.extra_ctes = []
        return dbtRunner(manifest=self.manifest, callbacks=[callback]).invoke(
            [
                # What dbt writes about a build costs a quarter of it here: each
                # event is a line, looked through for secrets, in each log, even
                # in one that is too quiet to show it. Tests get what is said by
                # the callback.
                "--quiet",
                "--no-write-json",
                "--log-level", "none",
                "--log-level-file", "none",
                *arguments,
                "--project-dir", str(self.project),
                "--profiles-dir", str(self.project),
                "--target-path", str(self.scratch / "target"),
                "--log-path", str(self.scratch / "logs"),
            ]
        )  # fmt: skip


@pytest.fixture(scope="session")
def dbt_in_process() -> DbtInProcess:
    """Dbt, its project parsed once for all tests.

    What was parsed is kept: the next run parses only what has changed.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    dbt = DbtInProcess(PROJECT, SCRATCH / worker)
    # Every build makes so many objects that Python looks for garbage dozens of
    # times, each time in the whole parsed project: a tenth of a build.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return dbt


@pytest.fixture
def empty_root(tmp_path: Path, dbt_in_process: DbtInProcess) -> DataRoot:
    """Make a data root whose raw/ is an empty folder."""
    (tmp_path / "raw").mkdir()
    return DataRoot(tmp_path, dbt_in_process)


@pytest.fixture
def root(empty_root: DataRoot) -> DataRoot:
    """Make a data root with a file of every kind, and without any record."""
    write_no_record(empty_root)
    return empty_root


def write_no_record(root: DataRoot) -> None:
    """Write a file of every kind that is made by hand, without any record."""
    root.write("drugs.csv", DRUGS_HEADER)
    root.write("pubmed.csv", PUBMED_HEADER)
    root.write("pubmed.json", "[]")
    root.write("clinical_trials.csv", TRIALS_HEADER)


@pytest.fixture
def sample_root(empty_root: DataRoot) -> DataRoot:
    """Make a data root with the project's own sample."""
    shutil.copytree(
        PROJECT / "data" / "raw", empty_root.path / "raw", dirs_exist_ok=True
    )
    return empty_root


class KeptRoot:
    """A data root that is built once, and put back as it was for each test.

    In the same place, since tables and views name files by their full path, and
    with the times of all files, by which a build tells what is new.
    """

    def __init__(self, root: DataRoot) -> None:
        """Keep what the root holds now."""
        self.path, self.runner = root.path, root.runner
        self.kept = root.path.with_name(f"{root.path.name}_kept")
        shutil.copytree(self.path, self.kept)

    def put_back(self) -> DataRoot:
        """Give the root, with all that it held and nothing else."""
        # A test may have moved it away.
        shutil.rmtree(self.path, ignore_errors=True)
        shutil.copytree(self.kept, self.path)
        return DataRoot(self.path, self.runner)


@pytest.fixture(scope="session")
def kept_sample(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> KeptRoot:
    """Build the project's own sample, without a warning."""
    root = DataRoot(tmp_path_factory.mktemp("sample") / "data", dbt_in_process)
    shutil.copytree(PROJECT / "data" / "raw", root.path / "raw")
    outcome = root.dbt("--warn-error", "build")
    assert outcome.success, outcome.messages
    return KeptRoot(root)


@pytest.fixture
def built_sample(kept_sample: KeptRoot) -> DataRoot:
    """Provide the project's own sample, built."""
    return kept_sample.put_back()


def copy_project(project: Path) -> Path:
    """Copy what dbt reads of the project, for a test that changes it."""
    for name in ("models", "macros", "analyses", "seeds", "tests/generic"):
        shutil.copytree(PROJECT / name, project / name)
    for file in (PROJECT / "tests").glob("*.sql"):
        shutil.copy(file, project / "tests" / file.name)
    for name in ("dbt_project.yml", "profiles.yml", "selectors.yml"):
        shutil.copy(PROJECT / name, project / name)
    return project


def dbt_command(*arguments: str) -> list[str]:
    """Return the command line of a dbt process of its own."""
    return [str(Path(sys.executable).with_name("dbt")), *arguments]
