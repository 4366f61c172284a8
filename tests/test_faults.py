"""What goes wrong around a build: kills, full disks, locks, damaged files.

What is killed, limited, traced or started twice is a dbt process of its own;
only the undisturbed build before or after it runs in pytest's. All use one
data root, one after the other, since dbt parses the project again for another.

    FAULT_KILLS=50 pytest -m "" tests/test_faults.py -k kill

kills fifty builds instead of six.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from builds import PROJECT, SCRATCH, DataRoot, DbtInProcess, dbt_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("FAULT_KILLS", "6"))
# So many that the published file is larger than the DuckDB file, which holds
# yesterday's rows for the comparison.
TITLES = 60_000
OLD_TITLES = 20_000
CODES_PER_DRUG = 5
DRUGS = 50
PUBLISHED = "aggregated/mentioned_drugs.json"
PATIENCE_SECONDS = 900

# What is written is written by models; dbt's tests would double the time.
MODELS = ("run", "--select", "+mentioned_drugs")
WITH_AUDITS = (
    "build",
    "--exclude-resource-type", "unit_test",
    "--select", "+mentioned_drugs",
)  # fmt: skip
FIRST_MODEL = "START sql table model main.stg_raw_files"
READING = "START sql incremental model main.stg_pubmed_articles"


@dataclass
class Process:
    """A dbt process, and what it has said so far."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        """Everything it printed, on either stream."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.popen.poll() is None

    def wait(self) -> int:
        """Wait for its end; return its exit code."""
        return self.popen.wait(PATIENCE_SECONDS)

    def wait_until(self, condition: Callable[[], bool]) -> bool:
        """Wait for a condition, or for the end; return whether it came."""
        while self.is_running:
            if condition():
                return True
            time.sleep(0.001)
        return False

    def wait_for(self, text: str) -> bool:
        """Wait until it has printed this, or has ended."""
        return self.wait_until(lambda: text in self.output)

    def kill(self) -> None:
        """Kill it and what it started, as the system does without memory."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.wait()


@dataclass
class Site:
    """A data root, and a place for everything else that dbt writes."""

    path: Path
    runner: DbtInProcess
    count: int = 0

    @property
    def root(self) -> Path:
        """The data root."""
        return self.path / "data"

    @property
    def published(self) -> Path:
        """The published file."""
        return self.root / PUBLISHED

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.root / "drug_mentions.duckdb"

    def start(
        self,
        *arguments: str,
        prefix: tuple[str, ...] = (),
        preexec: Callable[[], None] | None = None,
    ) -> Process:
        """Start dbt in a process group of its own."""
        self.count += 1
        log = self.path / f"output_{self.count}.txt"
        command = [
            *prefix,
            *dbt_command(*arguments),
            "--no-use-colors",
            "--project-dir", str(PROJECT),
            "--profiles-dir", str(PROJECT),
            "--target-path", str(self.path / "target"),
            "--log-path", str(self.path / f"logs_{self.count}"),
        ]  # fmt: skip
        environment = {
            **os.environ,
            "HOME": str(self.path / "home"),
            "DRUG_MENTIONS_DATA": str(self.root),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        environment.pop("DRUG_MENTIONS_DB", None)
        with log.open("wb") as stream:
            popen = subprocess.Popen(
                command,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=self.path / "cwd",
                start_new_session=True,
                preexec_fn=preexec,  # noqa: PLW1509 - pytest starts no threads
            )
        return Process(popen, log)

    def run(
        self,
        *arguments: str,
        prefix: tuple[str, ...] = (),
        preexec: Callable[[], None] | None = None,
    ) -> tuple[int, str]:
        """Run dbt; return its exit code and what it printed."""
        process = self.start(*arguments, prefix=prefix, preexec=preexec)
        code = process.wait()
        return code, process.output

    def build(self) -> None:
        """Build as anybody would, with nothing done to help; must succeed."""
        outcome = DataRoot(self.root, self.runner).dbt(*MODELS)
        assert outcome.success, outcome.messages

    def content(self) -> bytes | None:
        """Return the published file's bytes, None if there is no file."""
        return self.published.read_bytes() if self.published.exists() else None

    def leftovers(self) -> list[str]:
        """Files that only an unfinished build has."""
        return sorted(
            str(file.relative_to(self.root))
            for pattern in ("tmp_*", "*.tmp")
            for file in self.root.rglob(pattern)
        )


@dataclass
class Corpus:
    """Raw files, a data root built from them, and what it published."""

    raw: Path
    built: Path
    published: bytes
    seconds: float


def generate(raw: Path, numbers: range) -> None:
    """Write raw files in which each title mentions one drug, by number."""
    raw.mkdir(parents=True)
    (raw / "pubmed.json").write_text("[]", encoding="utf-8")
    (raw / "clinical_trials.csv").write_text(
        "id,scientific_title,date,journal\n", encoding="utf-8"
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select 'A' || range as atccode, "
            f"'DRUG' || range % {DRUGS} as drug "
            f"from range({DRUGS * CODES_PER_DRUG})) "
            f"to '{raw / 'drugs.csv'}' (header)"
        )
        connection.execute(
            f"copy (select range as id, 'Effects of drug' || range % {DRUGS} "
            "|| ' on cohort number ' || range as title, "
            "date '2020-01-01' + (range % 900)::int as date, "
            "'Journal ' || range % 200 as journal "
            f"from range({numbers.start}, {numbers.stop})) "
            f"to '{raw / 'pubmed.csv'}' (header)"
        )


@pytest.fixture(scope="module")
def base(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> Site:
    """Provide the folders that all tests of this file share."""
    path = tmp_path_factory.mktemp("faults")
    for name in ("home", "cwd", "data"):
        (path / name).mkdir()
    return Site(path, dbt_in_process)


@pytest.fixture
def site(base: Site) -> Iterator[Site]:
    """Provide an empty data root."""
    shutil.rmtree(base.root)
    (base.root / "raw").mkdir(parents=True)
    yield base
    for folder in base.root.glob("*/"):
        folder.chmod(0o755)


def built_corpus(base: Site, name: str, numbers: range) -> Corpus:
    """Build generated files undisturbed, and keep what came of it."""
    raw = base.path / name / "raw"
    generate(raw, numbers)
    shutil.rmtree(base.root)
    shutil.copytree(raw, base.root / "raw")
    started = time.monotonic()
    base.build()
    seconds = time.monotonic() - started
    built = base.path / name / "built"
    shutil.copytree(base.root, built)
    published = base.published.read_bytes()
    # One mention a title and code: known from the generator, not the project.
    assert len(json.loads(published)) == len(numbers) * CODES_PER_DRUG
    return Corpus(raw, built, published, seconds)


@pytest.fixture(scope="module")
def old(base: Site) -> Corpus:
    """Return what a data root holds before something goes wrong."""
    return built_corpus(base, "old", range(OLD_TITLES))


@pytest.fixture(scope="module")
def new(base: Site, old: Corpus) -> Corpus:
    """Return what is built when something goes wrong: most of it is new."""
    first = OLD_TITLES // 2
    return built_corpus(base, "new", range(first, first + TITLES))


@pytest.fixture
def changed_site(site: Site, old: Corpus, new: Corpus) -> Site:
    """Provide a data root built from the old files, with the new in raw/."""
    shutil.rmtree(site.root)
    shutil.copytree(old.built, site.root)
    shutil.copytree(new.raw, site.root / "raw", dirs_exist_ok=True)
    return site


@pytest.fixture(scope="module")
def built_sample(base: Site) -> Path:
    """Return a copy of a data root built from the sample."""
    shutil.rmtree(base.root)
    shutil.copytree(PROJECT / "data" / "raw", base.root / "raw")
    base.build()
    built = base.path / "sample"
    shutil.copytree(base.root, built)
    return built


@pytest.fixture
def sample_site(site: Site, built_sample: Path) -> Site:
    """Provide a data root built from the sample."""
    shutil.copytree(built_sample, site.root, dirs_exist_ok=True)
    return site


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_build_harms_nothing(
    changed_site: Site, old: Corpus, new: Corpus, number: int
) -> None:
    site = changed_site
    is_first_build = number % 3 == 0
    if is_first_build:
        for entry in site.root.iterdir():
            if entry.is_dir() and entry.name != "raw":
                shutil.rmtree(entry)
            elif entry.is_file():
                entry.unlink()
    process = site.start(*MODELS)
    # Half of the kills are spread over the build, half are aimed at a file
    # that is being written, three of four of these at the published one.
    place = (number // 2 + 0.5) / ((KILLS + 1) // 2)
    if number % 2 == 0:
        process.wait_for(FIRST_MODEL)
        time.sleep(place * max(old.seconds, new.seconds))
    else:
        name = PUBLISHED if number % 8 != 7 else "cleaned/publications.parquet"
        written = site.root / name
        temporary = written.with_name(f"tmp_{written.name}")
        process.wait_until(temporary.exists)
        time.sleep(place * 0.2)
    process.kill()

    harmless = (None if is_first_build else old.published, new.published)
    assert site.content() in harmless

    site.build()
    assert site.content() == new.published
    assert site.leftovers() == []


def test_full_disk_fails_and_keeps_what_was_published(
    changed_site: Site, old: Corpus, new: Corpus
) -> None:
    site = changed_site
    # No file may grow beyond the limit: a full disk, for this process alone.
    # The first limit meets the DuckDB file or Parquet, the second the JSON.
    for limit in (2_000_000, len(new.published) - 1):

        def limit_files(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        code, output = site.run(*MODELS, preexec=limit_files)
        assert code not in (0, None)
        assert "File too large" in output
        assert "Traceback" not in output
        assert site.content() == old.published
    assert "tmp_mentioned_drugs.json" in output

    site.build()
    assert site.content() == new.published
    assert site.leftovers() == []


def without_privilege() -> tuple[str, ...]:
    """Return what runs a command such that file modes bind it, even as root."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("modes don't bind root, and setpriv is not installed")
    prefix = (setpriv, "--bounding-set=-dac_override", "--")
    probe = subprocess.run([*prefix, "true"], check=False, capture_output=True)
    if probe.returncode != 0:
        pytest.skip("modes don't bind root, and it may not give that up here")
    return prefix


@pytest.mark.parametrize("folder", ["aggregated", "cleaned"])
def test_read_only_folder_fails_and_keeps_what_was_published(
    sample_site: Site, folder: str
) -> None:
    site = sample_site
    prefix = without_privilege()
    before = site.content()
    (site.root / "raw" / "pubmed_new.csv").write_text(
        "id,title,date,journal\n1,Ethanol again,2020-01-01,Nature\n",
        encoding="utf-8",
    )
    (site.root / folder).chmod(0o555)
    code, output = site.run(*MODELS, prefix=prefix)
    (site.root / folder).chmod(0o755)
    assert code not in (0, None)
    assert "Permission denied" in output
    assert f"{site.root / folder}/" in output
    assert "Traceback" not in output
    assert site.content() == before
    assert site.leftovers() == []


def test_second_build_at_once_waits_or_says_so(
    changed_site: Site, old: Corpus, new: Corpus
) -> None:
    site = changed_site
    first = site.start(*MODELS)
    assert first.wait_for(FIRST_MODEL), first.output
    # The first is held up in its first model until the second has met it.
    os.killpg(first.popen.pid, signal.SIGSTOP)
    second = site.start(*MODELS)
    second.wait_for("Found ")
    with contextlib.suppress(subprocess.TimeoutExpired):
        second.popen.wait(3)
    os.killpg(first.popen.pid, signal.SIGCONT)
    while first.is_running or second.is_running:
        assert site.content() in (old.published, new.published)
        time.sleep(0.1)
    assert first.wait() == 0, first.output
    assert "Traceback" not in second.output
    if second.wait() != 0:
        assert str(site.database) in second.output
    assert site.content() == new.published
    assert site.leftovers() == []


def vanish(file: Path) -> None:
    """Delete the file."""
    file.unlink()


def truncate(file: Path) -> None:
    """Cut the file off in the middle of a line."""
    os.truncate(file, file.stat().st_size // 2 + 7)


def grow(file: Path) -> None:
    """Append whole lines, as an export that is still running does."""
    with file.open("a", encoding="utf-8") as stream:
        for number in range(10_000):
            stream.write(f"x{number},More on drug1,2020-01-01,Journal\n")


def overwrite(file: Path) -> None:
    """Write other, shorter content into the same file."""
    file.write_text("id,title,date,journal\n1,On drug1,2020-01-01,J\n")


@pytest.mark.parametrize(
    ("change", "moment"),
    [
        (vanish, FIRST_MODEL.replace("START", "OK created")),
        (truncate, READING),
        (grow, READING),
        (overwrite, READING),
    ],
)
def test_raw_file_that_changes_meanwhile_is_named_or_accounted_for(
    changed_site: Site,
    old: Corpus,
    change: Callable[[Path], None],
    moment: str,
) -> None:
    site = changed_site
    file = site.root / "raw" / "pubmed.csv"
    process = site.start(*WITH_AUDITS)
    assert process.wait_for(moment), process.output
    if moment == READING:
        time.sleep(0.1)  # a fifth of the time that reading takes
    change(file)
    code = process.wait()
    if code != 0:
        assert site.content() == old.published
        assert (
            "pubmed.csv" in process.output
            or "assert_every_record_is_accounted_for" in process.output
        ), process.output
        return
    with duckdb.connect(str(site.database), read_only=True) as connection:
        read, kept, merged, rejected = connection.execute(
            "select records_read, records_kept, records_merged, "
            "records_rejected from raw_file_reconciliation "
            "where raw_file = 'raw/pubmed.csv'"
        ).fetchone()
    assert read == kept + merged + rejected
    assert read > 0
    # Each record that was kept is one mention of each code.
    assert len(json.loads(site.content() or b"")) == kept * CODES_PER_DRUG


SIZE_OF_HEADERS = 3 * 4096
DAMAGES: dict[str, Callable[[bytes, random.Random], bytes | None]] = {
    "deleted": lambda data, dice: None,
    "empty": lambda data, dice: b"",
    "replaced by text": lambda data, dice: b"atccode,drug\n" * 1000,
    "replaced by zeros": lambda data, dice: bytes(len(data)),
    "headers overwritten": lambda data, dice: (
        dice.randbytes(SIZE_OF_HEADERS) + data[SIZE_OF_HEADERS:]
    ),
    "second header overwritten": lambda data, dice: (
        data[:4096] + dice.randbytes(8192) + data[SIZE_OF_HEADERS:]
    ),
    "first block overwritten": lambda data, dice: (
        data[:SIZE_OF_HEADERS]
        + dice.randbytes(262_144)
        + data[SIZE_OF_HEADERS + 262_144 :]
    ),
    "middle overwritten": lambda data, dice: (
        data[: len(data) // 2]
        + dice.randbytes(4096)
        + data[len(data) // 2 + 4096 :]
    ),
    "all but headers overwritten": lambda data, dice: (
        data[:SIZE_OF_HEADERS] + dice.randbytes(len(data) - SIZE_OF_HEADERS)
    ),
    "cut in half": lambda data, dice: data[: len(data) // 2],
    "version overwritten": lambda data, dice: (
        data[:12] + struct.pack("<Q", 1000) + data[20:]
    ),
}


@pytest.fixture
def sound_database(built_sample: Path) -> bytes:
    """Return the DuckDB file of an undisturbed build."""
    return (built_sample / "drug_mentions.duckdb").read_bytes()


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_duckdb_file_is_rebuilt(
    sample_root: DataRoot,
    built_sample: Path,
    sound_database: bytes,
    damage: str,
) -> None:
    database = sample_root.path / "drug_mentions.duckdb"
    content = DAMAGES[damage](sound_database, random.Random(1))
    if content is not None:
        database.write_bytes(content)
    outcome = sample_root.dbt(*MODELS)
    assert outcome.success, outcome.messages
    expected = (built_sample / PUBLISHED).read_bytes()
    assert sample_root.published.read_bytes() == expected
    # And the file is sound again.
    assert sample_root.query("select count(*) from mentioned_drugs") != [(0,)]


@pytest.mark.parametrize("log", [b"no log at all\n" * 99, bytes(5000)])
def test_stale_log_beside_the_duckdb_file_is_no_obstacle(
    sample_root: DataRoot, sound_database: bytes, log: bytes
) -> None:
    database = sample_root.path / "drug_mentions.duckdb"
    database.write_bytes(sound_database)
    database.with_name(f"{database.name}.wal").write_bytes(log)
    outcome = sample_root.dbt(*MODELS)
    assert outcome.success, outcome.messages
    assert sample_root.query("select count(*) from mentioned_drugs") != [(0,)]


def test_duckdb_file_of_an_older_version_is_used(sample_root: DataRoot) -> None:
    database = sample_root.path / "drug_mentions.duckdb"
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{database}' as older (storage_version 'v1.0.0')"
        )
        connection.execute("create table older.mentioned_drugs as select 1")
    outcome = sample_root.dbt(*MODELS)
    assert outcome.success, outcome.messages
    assert sample_root.query("select count(*) from mentioned_drugs") != [(0,)]


def test_folder_in_the_place_of_the_duckdb_file_is_named(
    sample_site: Site,
) -> None:
    sample_site.database.unlink()
    sample_site.database.mkdir()
    code, output = sample_site.run(*MODELS)
    assert code not in (0, None)
    assert str(sample_site.database) in output
    assert "Traceback" not in output
    assert sample_site.database.is_dir()


def test_build_opens_no_network_connection(sample_site: Site) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    trace = sample_site.path / "trace.txt"
    prefix = (strace, "-f", "-qq", "-e", "trace=%network", "-o", str(trace))
    probe = subprocess.run(
        [*prefix, "true"], check=False, capture_output=True, text=True
    )
    if probe.returncode != 0:
        pytest.skip(f"strace may not trace here: {probe.stderr.strip()}")
    code, output = sample_site.run("run", prefix=prefix)
    assert code == 0, output
    # A socket alone is none: urllib3 makes one to see whether IPv6 exists.
    connections = [
        call
        for call in trace.read_text(encoding="utf-8").splitlines()
        if "AF_INET" in call and "socket(" not in call and "bind(" not in call
    ]
    assert connections == []


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file, without what Python and git keep there."""
    caches = {"__pycache__", ".pytest_cache", ".ruff_cache", ".git"}
    # What pytest's other process has parsed.
    caches.add(SCRATCH.parent.name)
    return {
        str(file): (file.stat().st_size, file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not caches & set(file.parts)
    }


def test_build_writes_only_where_it_is_told_to(sample_site: Site) -> None:
    site = sample_site
    elsewhere = (PROJECT, site.path / "home", site.path / "cwd")
    before = [tree(folder) for folder in (*elsewhere, site.root / "raw")]
    code, output = site.run("run")
    assert code == 0, output
    after = [tree(folder) for folder in (*elsewhere, site.root / "raw")]
    assert after == before
    assert sorted(
        str(file.relative_to(site.root))
        for file in site.root.rglob("*")
        if file.is_file() and file.parent.name != "raw"
    ) == sorted(
        [
            PUBLISHED,
            "aggregated/changed_mentions.json",
            "aggregated/mention_graph.graphml",
            "aggregated/mentioned_drugs.html",
            "cleaned/drugs.parquet",
            "cleaned/mentions.parquet",
            "cleaned/publications.parquet",
            "cleaned/rejected_records.parquet",
            "drug_mentions.duckdb",
            # Become the two in cleaned/ when the audits have passed.
            "drug_mentions.duckdb.drugs.parquet",
            "drug_mentions.duckdb.publications.parquet",
        ]
    )
