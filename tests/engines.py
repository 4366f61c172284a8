"""Builds one data root with DuckDB and with Spark, and compares the results.

    python tests/engines.py --raw data/raw
    python tests/engines.py --titles 1_000_000 --names 100_000
    python tests/engines.py --raw data/raw --spark cluster

`--spark` says what Spark runs on: `local` (in one process on two cores),
`cluster` (two executors in processes of their own) or `connect` (a server that
dbt talks to through Spark Connect).

The processor time is that of all processes that a build has started, a server
among them, and so is the memory: the largest sum of what they had in memory at
one time, looked at ten times a second. Both are read from /proc, so only Linux
has them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 120
SMALL_BYTES = 1_000_000
LAST_WORDS = 3_000

# What each build leaves: the cleaned files, and tables that say where every
# record went and by which name a drug was found.
FILES = ("drugs", "publications", "rejected_records")
TABLES = ("raw_file_reconciliation", "int_drugs_matched")
SORTED = ("rejected_records",)
# Each engine numbers texts with a function of its own.
ENGINES_OWN = {"publication_hash"}
# Of a line that is not UTF-8, DuckDB keeps a byte more or less than the line.
COMPARED = {
    ("rejected_records", "raw_text"): (
        "case when detail is distinct from 'invalid encoding'"
        " then raw_text end as raw_text"
    )
}


@dataclass
class Cost:
    """What some sessions of processes have cost so far."""

    wall: float = 0
    peak_mb: float = 0
    seconds: dict[int, float] = field(default_factory=dict)

    @property
    def cpu(self) -> float:
        """Processor time of all processes."""
        return sum(self.seconds.values())

    def look(self, sessions: set[int]) -> int:
        """Look at all processes of the sessions; return how many live."""
        page, ticks = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
        memory, living = 0, 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # it has just ended
            state, _, _, session, *others = fields.rpartition(")")[2].split()
            if int(session) in sessions:
                pid = int(stat.parent.name)
                self.seconds[pid] = (int(others[7]) + int(others[8])) / ticks
                memory += int(others[17]) * page
                living += state != "Z"
        self.peak_mb = max(self.peak_mb, memory / 2**20)
        return living


@dataclass
class Build:
    """A command's end, what it printed, and what it cost."""

    succeeded: bool
    output: str
    cost: Cost


def run(
    command: list[str], log: Path, servers: tuple[int, ...] = (), **env: str
) -> Build:
    """Run a command to its end, and that of all that it has started."""
    cost, begin = Cost(), time.monotonic()
    cost.look(set(servers))
    before = dict(cost.seconds)
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=os.environ | env,
            start_new_session=True,
        )
        while process.poll() is None:
            cost.look({process.pid, *servers})
            time.sleep(0.1)
        # A driver ends a little later than the process that it serves.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while cost.look({process.pid}) and time.monotonic() < deadline:
            time.sleep(0.1)
    cost.wall = time.monotonic() - begin
    cost.look(set(servers))
    for pid, seconds in before.items():
        cost.seconds[pid] -= seconds
    return Build(process.returncode == 0, log.read_text(encoding="utf-8"), cost)


def dbt(engine: str, scratch: Path, *arguments: str) -> list[str]:
    """Return a dbt command line that writes below `scratch` only."""
    return [
        str(Path(sys.executable).with_name("dbt")), *arguments,
        "--target", engine,
        "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
        "--target-path", str(scratch / f"target_{engine}"),
        "--log-path", str(scratch / f"logs_{engine}"),
    ]  # fmt: skip


@contextmanager
def spark(
    runs_on: str, scratch: Path, *, is_small: bool
) -> Iterator[tuple[tuple[int, ...], dict[str, str]]]:
    """Give what a build on Spark takes: sessions of servers, environment."""
    home = Path(find_spec("pyspark").origin).parent
    environment = {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_CONF_DIR": str(_settings(scratch, is_small=is_small)),
    }
    if runs_on == "local":
        yield (), environment | {"MASTER": "local[2]"}
    elif runs_on == "cluster":
        # Spark asks for its own folder to start executors from.
        yield (
            (),
            environment
            | {
                "MASTER": "local-cluster[2,1,1024]",
                "SPARK_HOME": str(home),
            },
        )
    elif runs_on == "connect":
        with closing(socket.create_server(("127.0.0.1", 0))) as unused:
            port = unused.getsockname()[1]
        settings = {
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": port,
            "spark.sql.warehouse.dir": scratch / "warehouse",
            "spark.sql.catalogImplementation": "in-memory",
            "spark.ui.enabled": "false",
        }
        with (scratch / "server.log").open("w", encoding="utf-8") as output:
            server = subprocess.Popen(
                [
                    str(home / "bin" / "spark-submit"),
                    "--master", "local[2]", "--driver-memory", "2g",
                    "--class",
                    "org.apache.spark.sql.connect.service.SparkConnectServer",
                    *(
                        part
                        for name, value in settings.items()
                        for part in ("--conf", f"{name}={value}")
                    ),
                    "spark-internal",
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                # What it runs in Python stands there, see profiles.yml.
                env=os.environ
                | environment
                | {
                    "SPARK_HOME": str(home),
                    "PYTHONPATH": str(PROJECT / "macros" / "plugins"),
                },
                start_new_session=True,
            )  # fmt: skip
        try:
            _wait_for(port, server, scratch / "server.log")
            yield (
                (server.pid,),
                environment | {"SPARK_REMOTE": f"sc://127.0.0.1:{port}"},
            )
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(PATIENCE_SECONDS)
    else:
        message = f"Spark runs on `local`, `cluster` or `connect`: {runs_on}"
        raise ValueError(message)


def _settings(scratch: Path, *, is_small: bool) -> Path:
    """Make Spark's folder of settings: those of the caller, and our own.

    A small build is over before code that was made for it pays.
    """
    folder = scratch / "spark_settings"
    folder.mkdir()
    lines = []
    if "SPARK_CONF_DIR" in os.environ:
        defaults = Path(os.environ["SPARK_CONF_DIR"]) / "spark-defaults.conf"
        lines.append(defaults.read_text(encoding="utf-8"))
    if is_small:
        lines += [
            "spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1",
            "spark.sql.codegen.wholeStage false",
            "spark.sql.codegen.factoryMode NO_CODEGEN",
            "spark.sql.adaptive.enabled false",
            "spark.sql.shuffle.partitions 2",
        ]
    (folder / "spark-defaults.conf").write_text(
        "\n".join(lines) + "\n", encoding="utf-8"
    )
    return folder


def _wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(encoding="utf-8")) from None
            time.sleep(0.2)
        else:
            return


def differences(with_duckdb: Path, with_spark: Path) -> list[str]:
    """Say what Spark has written otherwise than DuckDB; nothing is equality.

    The published file is compared byte for byte, all others row for row.
    """
    found = []
    published = Path("aggregated") / "mentioned_drugs.json"
    one, other = (
        (root / published).read_bytes() for root in (with_duckdb, with_spark)
    )
    if one != other:
        found.append(f"{published}: {_first_difference(one, other)}")
    with duckdb.connect() as connection:
        database = str(with_duckdb / "drug_mentions.duckdb").replace("'", "''")
        connection.execute(f"attach '{database}' as built (read_only)")
        for name in (*FILES, *TABLES):
            if name in FILES:
                ours, theirs = (
                    _parquet(root / "cleaned" / f"{name}.parquet")
                    for root in (with_duckdb, with_spark)
                )
            else:
                ours = f"built.{name}"
                theirs = _parquet(
                    with_spark / "spark_tables" / name / "*.parquet"
                )
            found += [
                f"{name}: {difference}"
                for difference in _compare(connection, name, ours, theirs)
            ]
    return found


def _parquet(path: Path) -> str:
    return "read_parquet('{}', hive_partitioning = false)".format(
        str(path).replace("'", "''")
    )


def _first_difference(one: bytes, other: bytes) -> str:
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    for number, (line, other_line) in enumerate(lines, 1):
        if line != other_line:
            return (
                f"line {number} is\n  {line.decode(errors='replace')}\nand\n  "
                f"{other_line.decode(errors='replace')}"
            )
    return f"{len(one)} bytes and {len(other)}"


def _compare(
    connection: duckdb.DuckDBPyConnection, name: str, ours: str, theirs: str
) -> Iterator[str]:
    columns, other_columns = (
        [
            (column, kind)
            for column, kind, *_ in connection.execute(
                f"describe from {table}"
            ).fetchall()
            if column not in ENGINES_OWN
        ]
        for table in (ours, theirs)
    )
    if columns != other_columns:
        yield f"the columns are {columns} and {other_columns}"
        return
    listed = ", ".join(
        COMPARED.get((name, column), f'"{column}"') for column, _ in columns
    )
    if name in SORTED:
        # Both files are read from the first row to the last.
        listed += ", row_number() over () as place"
    for one, other, engine in (
        (ours, theirs, "DuckDB"),
        (theirs, ours, "Spark"),
    ):
        rows = connection.execute(
            f"select {listed} from {one} except all"
            f" select {listed} from {other}"
        ).fetchall()
        if rows:
            yield (
                f"{len(rows):,} rows are {engine}'s alone, such as\n  "
                + "\n  ".join(map(str, sorted(rows, key=str)[:3]))
            )


@dataclass
class Comparison:
    """A build by each engine of the same raw files, and where they differ."""

    duckdb: Build
    spark: Build
    differences: list[str]


def compare(raw: Path, scratch: Path, runs_on: str = "local") -> Comparison:
    """Build the raw files with both engines, each in a data root of its own."""
    roots = {engine: scratch / engine for engine in ("duckdb", "spark")}
    for root in roots.values():
        shutil.copytree(raw, root / "raw")
    by_duckdb = run(
        dbt("duckdb", scratch, "build"),
        scratch / "duckdb.log",
        DRUG_MENTIONS_DATA=str(roots["duckdb"]),
    )
    size = sum(file.stat().st_size for file in raw.rglob("*"))
    with spark(runs_on, scratch, is_small=size < SMALL_BYTES) as (
        servers,
        environment,
    ):
        by_spark = run(
            dbt("spark", scratch, "build"),
            scratch / "spark.log",
            servers,
            DRUG_MENTIONS_DATA=str(roots["spark"]),
            **environment,
        )
    found = [
        f"the build with {engine} failed:\n{build.output[-LAST_WORDS:]}"
        for engine, build in (("DuckDB", by_duckdb), ("Spark", by_spark))
        if not build.succeeded
    ]
    return Comparison(
        by_duckdb, by_spark, found or differences(*roots.values())
    )


def main() -> None:
    """Compare the engines on what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--raw", type=Path, help="folder of raw files")
    parser.add_argument("--titles", type=int, help="make as many instead")
    parser.add_argument("--names", type=int, default=100_000)
    parser.add_argument("--spark", default="local", help="what it runs on")
    parser.add_argument("--work", type=Path, help="folder that is kept")
    arguments = parser.parse_args()
    scratch = arguments.work or Path(tempfile.mkdtemp(prefix="engines_"))
    scratch.mkdir(exist_ok=True)
    try:
        raw = arguments.raw
        if arguments.titles:
            sys.path.insert(0, str(PROJECT / "tests" / "benchmark"))
            import corpus  # noqa: PLC0415 - stands in another folder

            corpus.generate(
                scratch / "corpus", arguments.titles, arguments.names
            )
            raw = scratch / "corpus" / "raw"
        compared = compare(raw, scratch, arguments.spark)
        for engine, build in (
            ("duckdb", compared.duckdb),
            (f"spark, {arguments.spark}", compared.spark),
        ):
            print(
                f"{engine:16} {build.cost.wall:8.1f} s wall"
                f" {build.cost.cpu:8.1f} s CPU {build.cost.peak_mb:8,.0f} MB"
            )
        print("\n".join(compared.differences) or "equal")
        sys.exit(bool(compared.differences))
    finally:
        if arguments.work is None:
            shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
