"""Measures a whole `dbt build` and compares it with its floor and with peers.

The whole grid, or one cell:

    python tests/benchmark/run.py
    python tests/benchmark/run.py --titles 1_000_000 --names 100_000

or one title in each of many small files, in folders:

    python tests/benchmark/run.py --files 100_000

or the same build on Spark, from an environment that has it:

    python tests/benchmark/run.py --spark --titles 3_000_000 --names 100_000

For every cell of the grid it builds a generated data root as a user would, and
measures, each in a process of its own: the build, the floor (DuckDB only reads
the same files, folds the titles and splits them), the matching model alone,
folding and splitting alone, and at sizes they can bear, peers that only match.
At one size it builds again, with nothing new and with 1 % of new titles.
The processor time is that of the whole tree of processes.

Results are appended to results.csv beside this file and drawn in results.png.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import hashlib
import importlib.metadata
import itertools
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import corpus
import duckdb
from measure import Measure, measure

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
RESULTS = HERE / "results.csv"

TITLES = [100_000, 1_000_000, 10_000_000, 38_000_000]
NAMES = [7, 7_000, 100_000]
# Peers that only match: where all of them, and the plain reference, can go.
REFERENCE_CELL = (100_000, 7_000)
PEER_CELL = (1_000_000, 100_000)
DAILY_CELL = (5_000_000, 100_000)
MOST_TITLES_OF_PEERS = 1_000_000
PEERS = [
    "polars_extract_many",
    "pyahocorasick",
    "ahocorasick_rs",
    "ahocorasick_rs_in_duckdb",
    "flashtext2",
    "pyspark",
    "pandas_contains",
    "pandas_sqlite",
]

FIELDS = [
    "date", "commit", "cpu", "cores", "memory_gb", "python", "duckdb", "dbt",
    "titles", "names", "step", "status", "wall_seconds", "cpu_seconds",
    "peak_mb", "titles_per_second", "pairs", "missing", "extra", "checksum",
    "note",
]  # fmt: skip


class Benchmark:
    """Measures cells of the grid in a folder of its own."""

    def __init__(self, work: Path, peer_seconds: float) -> None:
        """Make the folder, and find out what is measured, and where."""
        self.work = work
        self.root = work / "root"
        self.pairs = work / "pairs"
        self.peer_seconds = peer_seconds
        self.rows: list[dict[str, Any]] = []
        for folder in (self.root / "raw", self.pairs):
            folder.mkdir(parents=True, exist_ok=True)
        self.setting = _setting()

    def run(self, titles: int, names: list[int], with_peers: list[int]) -> None:
        """Measure all drug lists on one corpus, some of them with peers."""
        print(f"\n{titles:,} titles are generated", flush=True)
        shutil.rmtree(self.root)
        begin = time.monotonic()
        corpus.generate(self.root, titles, names[0])
        print(f"  in {time.monotonic() - begin:.0f} s", flush=True)
        for position, name_count in enumerate(names):
            corpus.write_drugs(self.root, name_count)
            print(f"\n{titles:,} titles x {name_count:,} names", flush=True)
            if not self.build(titles, name_count):
                continue
            if position == 0:
                self.step("floor", titles, name_count)
            self.step("split", titles, name_count)
            self.step("match", titles, name_count)
            if name_count in with_peers and titles <= MOST_TITLES_OF_PEERS:
                self.peers(titles, name_count)
            self.ratios(titles, name_count)

    @property
    def compiled(self) -> Path:
        """The matching model as the build ran it."""
        return (
            self.work / "target" / "compiled" / "drug_mentions" / "models"
            / "intermediate" / "int_title_mentions.sql"
        )  # fmt: skip

    def dbt(self, *arguments: str) -> list[str]:
        """Return a dbt command line that writes below the work folder only."""
        return [
            str(Path(sys.executable).with_name("dbt")), *arguments,
            "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
            "--target-path", str(self.work / "target"),
            "--log-path", str(self.work / "logs"),
            # What the peers are given to find is names as they stand there.
            "--vars",
            "{match_synonyms: false, skip_generic_names: false, "
            "skip_contexts: false}",
        ]  # fmt: skip

    def start_up(self) -> None:
        """Build from files without records; dbt parses before the first."""
        shutil.rmtree(self.root)
        corpus.generate(self.root, 0, 0)
        for _ in range(2):
            measured = measure(
                self.dbt("build"),
                self.work / "build.log",
                600,
                DRUG_MENTIONS_DATA=str(self.root),
            )
        self.record("build", 0, 0, measured)

    def daily(self, titles: int, names: int) -> None:
        """Measure a full build, one with nothing new, one with 1 % new."""
        print(f"\n{titles:,} titles x {names:,} names, day by day", flush=True)
        shutil.rmtree(self.root)
        corpus.generate(self.root, titles, names)
        if not self.build(titles, names):
            return
        self.build_again("build_nothing_new", titles, names)
        corpus.write_publications(self.root, titles // 100, behind=titles)
        self.build_again("build_one_percent_new", titles, names)
        full, nothing, one_percent = (
            self.cpu(step, titles, names) - self.cpu("build", 0, 0)
            for step in ("build", "build_nothing_new", "build_one_percent_new")
        )
        print(
            "  CPU above start-up, of the full build's: nothing new"
            f" {nothing / full:.1%}, 1 % new {one_percent / full:.1%}"
        )

    def many_files(self, count: int) -> None:
        """Measure a build of small files in folders, and one with no new."""
        print(f"\n{count:,} files", flush=True)
        shutil.rmtree(self.root)
        corpus.generate(self.root, 0, NAMES[0])
        for number in range(count):
            folder = self.root / "raw" / f"year={1990 + number % 30}"
            folder.mkdir(exist_ok=True)
            (folder / f"pubmed_{number}.csv").write_text(
                "id,title,date,journal\n"
                f"{number},The title of file {number},2020-01-01,Journal\n",
                encoding="utf-8",
            )
        for step in ("build_files", "build_files_nothing_new"):
            measured = measure(
                self.dbt("build"),
                self.work / "build.log",
                3600,
                DRUG_MENTIONS_DATA=str(self.root),
            )
            self.record(step, count, NAMES[0], measured)

    def on_spark(self, titles: int, names: int) -> None:
        """Compare a build on Spark with one on DuckDB, on the same files."""
        print(f"\n{titles:,} titles x {names:,} names, on Spark", flush=True)
        cost, published = {}, {}
        for target in ("duckdb", "spark"):
            start, _ = self.build_on(target, 0, 0)
            full, published[target] = self.build_on(target, titles, names)
            cost[target] = full - start
        is_same = published["spark"] == published["duckdb"]
        print(
            "  CPU above start-up, Spark / DuckDB:"
            f" {cost['spark'] / cost['duckdb']:.2f}; published files"
            f" {'are the same' if is_same else 'DIFFER'}"
        )

    def build_on(
        self, target: str, titles: int, names: int
    ) -> tuple[float, dict[str, str]]:
        """Build on an engine; return the CPU, and the files' hashes."""
        shutil.rmtree(self.root)
        corpus.generate(self.root, titles, names)
        measured = measure(
            [
                *self.dbt("build", "--exclude-resource-type", "test"),
                "--target", target,
            ],
            self.work / "build.log",
            4 * 3600,
            DRUG_MENTIONS_DATA=str(self.root),
            # Spark's tasks run the first Python there.
            PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        )  # fmt: skip
        self.record(f"build_on_{target}", titles, names, measured)
        hashes = {}
        for file in (self.root / "aggregated").iterdir():
            with file.open("rb") as content:
                hashes[file.name] = hashlib.file_digest(
                    content, "sha256"
                ).hexdigest()
        return measured.cpu, hashes

    def build_again(self, step: str, titles: int, names: int) -> None:
        """Measure `dbt build` of a data root that has been built."""
        published = self.root / "aggregated" / "mentioned_drugs.json"
        before = published.stat().st_mtime_ns
        measured = measure(
            self.dbt("build"),
            self.work / "build.log",
            3600,
            DRUG_MENTIONS_DATA=str(self.root),
        )
        is_as_before = published.stat().st_mtime_ns == before
        self.record(
            step, titles, names, measured,
            note="published file left alone" if is_as_before else "",
        )  # fmt: skip

    def build(self, titles: int, names: int) -> bool:
        """Measure `dbt build` of a data root without earlier results."""
        for leftover in ("cleaned", "aggregated"):
            shutil.rmtree(self.root / leftover, ignore_errors=True)
        for leftover in self.root.glob("*.duckdb*"):
            leftover.unlink()
        measured = measure(
            self.dbt("build"),
            self.work / "build.log",
            4 * 3600,
            DRUG_MENTIONS_DATA=str(self.root),
        )
        if not measured.succeeded:
            self.record("build", titles, names, measured)
            return False
        with duckdb.connect(
            str(self.root / "drug_mentions.duckdb"), read_only=True
        ) as connection:
            (pairs,) = connection.execute(
                "select count(*) from int_drug_mentions"
            ).fetchone()
        self.record("build", titles, names, measured, pairs=pairs)
        return True

    def step(self, step: str, titles: int, names: int) -> None:
        """Measure one step of steps.py."""
        self.record(step, titles, names, self.measured_step(step))

    def measured_step(self, step: str) -> Measure:
        """Run one step of steps.py."""
        return measure(
            [
                sys.executable, str(HERE / "steps.py"), step,
                "--root", str(self.root), "--model", str(self.compiled),
                "--pairs", str(self.pairs),
            ],
            self.work / f"{step}.log",
            3600,
        )  # fmt: skip

    def peers(self, titles: int, names: int) -> None:
        """Measure all peers, and compare their pairs with the project's."""
        shutil.rmtree(self.pairs)
        self.pairs.mkdir()
        with duckdb.connect(
            str(self.root / "drug_mentions.duckdb"), read_only=True
        ) as connection:
            for file, query in {
                "titles_with_keys": """
                    select
                        row_number() over () - 1 as title_id,
                        fold_text(title) as title,
                        publication_key
                    from int_publications""",
                "titles": "select title_id, title from titles_with_keys",
                "names_with_keys": """
                    select
                        dense_rank() over (order by folded_name) - 1 as name_id,
                        folded_name as name,
                        drug_key
                    from int_drugs""",
                "names": """
                    select name_id, name from names_with_keys
                    group by name_id, name
                    order by name_id""",
                "pairs_project": """
                    select title_id, name_id
                    from int_drug_mentions
                    inner join titles_with_keys using (publication_key)
                    inner join names_with_keys using (drug_key)
                    group by title_id, name_id""",
            }.items():
                path = str(self.pairs / f"{file}.parquet").replace("'", "''")
                connection.execute(f"copy ({query}) to '{path}'")
                connection.execute(
                    f"create temp view {file} as from read_parquet('{path}')"
                )
        if titles * names <= math.prod(REFERENCE_CELL):
            self.compare(
                "reference", titles, names, self.measured_step("reference")
            )
        self.compare(
            "match_folded", titles, names, self.measured_step("match_folded")
        )
        for peer in PEERS:
            # Those that stop by themselves have time to start and to end.
            measured = measure(
                [
                    sys.executable, str(HERE / "peers.py"), peer,
                    str(self.pairs), "--seconds", str(self.peer_seconds / 4),
                ],
                self.work / f"{peer}.log",
                self.peer_seconds,
            )  # fmt: skip
            self.compare(peer, titles, names, measured)

    def compare(
        self, peer: str, titles: int, names: int, measured: Measure
    ) -> None:
        """Record a peer, and by which pairs its answer differs."""
        if not measured.succeeded:
            if measured.wall >= self.peer_seconds:
                reason = f"stopped after {self.peer_seconds:.0f} s"
            else:
                reason = (measured.output.strip().splitlines() or ["failed"])[
                    -1
                ]
            self.record(peer, titles, names, measured, note=reason[:120])
            return
        said = dict(
            line.split("=", 1)
            for line in measured.output.splitlines()
            if line.startswith(("names_done=", "ready_cpu="))
        )
        (file,) = self.pairs.glob(f"pairs_{peer}.*")
        with duckdb.connect() as connection:
            (distinct_names,) = connection.execute(
                "select count(*) from read_parquet($1)",
                [str(self.pairs / "names.parquet")],
            ).fetchone()
            done = int(said.get("names_done", distinct_names))
            pairs, checksum, missing, extra = connection.execute(
                f"""
                with peer as (
                    select title_id::bigint as title_id,
                        name_id::bigint as name_id
                    from '{str(file).replace("'", "''")}'
                ),
                project as (
                    select title_id::bigint as title_id,
                        name_id::bigint as name_id
                    from read_parquet($1) where name_id < $2
                )
                select
                    (select count(*) from peer),
                    (select bit_xor(hash(title_id, name_id)) from peer),
                    (select count(*) from (from project except from peer)),
                    (select count(*) from (from peer except from project))
                """,
                [str(self.pairs / "pairs_project.parquet"), done],
            ).fetchone()
        note = ""
        if done < distinct_names:
            note = (
                f"{done} of {distinct_names} names in {measured.cpu:.1f} s CPU:"
                " times are extrapolated, pairs are those of these names"
            )
            # Getting ready is done once, by one thread.
            ready = float(said["ready_cpu"])
            scale = distinct_names / done
            measured.wall = ready + (measured.wall - ready) * scale
            measured.cpu = ready + (measured.cpu - ready) * scale
        elif peer == "flashtext2":
            note = "reports only the longest of names that overlap"
        self.record(
            peer, titles, names, measured, pairs=pairs, checksum=checksum,
            missing=missing, extra=extra, note=note,
            status="extrapolated" if done < distinct_names else "measured",
        )  # fmt: skip

    def record(
        self,
        step: str,
        titles: int,
        names: int,
        measured: Measure,
        status: str = "measured",
        **values: Any,  # noqa: ANN401 - numbers and texts of a CSV's row
    ) -> None:
        """Print a row and append it to the results."""
        row = self.setting | {
            "titles": titles,
            "names": names,
            "step": step,
            "status": status if measured.succeeded else "failed",
            "wall_seconds": round(measured.wall, 2),
            "cpu_seconds": round(measured.cpu, 2),
            "peak_mb": round(measured.peak_mb, 0),
            "titles_per_second": round(titles / measured.wall),
            **values,
        }
        if not measured.succeeded and "note" not in row:
            print(measured.output[-2000:])
        self.rows.append(row)
        is_new = not RESULTS.exists()
        with RESULTS.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
            if is_new:
                writer.writeheader()
            writer.writerow(row)
        difference = ""
        if "missing" in row:
            difference = f"  {row['missing']} missing, {row['extra']} extra"
        pairs = f"{row['pairs']:>12,} pairs" if "pairs" in row else ""
        print(
            f"  {step:<24} {row['wall_seconds']:>9.1f} s wall"
            f" {row['cpu_seconds']:>9.1f} s CPU {row['peak_mb']:>6,.0f} MB"
            f" {row['titles_per_second']:>11,} titles/s{pairs}{difference}"
            f"  {row['status'] if row['status'] != 'measured' else ''}"
            f" {row.get('note', '')}".rstrip(),
            flush=True,
        )

    def cpu(self, step: str, titles: int, names: int) -> float | None:
        """Return what a step cost in this run."""
        for row in self.rows:
            if (row["step"], row["titles"], row["names"], row["status"]) == (
                step, titles, names, "measured",
            ):  # fmt: skip
                return row["cpu_seconds"]
        return None

    def ratios(self, titles: int, names: int) -> None:
        """Print how the cell's steps compare."""
        # The floor does not depend on the names.
        floors = [
            row["cpu_seconds"]
            for row in self.rows
            if row["step"] == "floor" and row["titles"] == titles
        ]
        build, match, split = (
            self.cpu(step, titles, names)
            for step in ("build", "match", "split")
        )
        if build and floors:
            print(f"  build / floor: {build / floors[0]:.2f}")
        if match and split:
            print(f"  match / fold and split: {match / split:.2f}")
        peers = {
            peer: cpu
            for peer in PEERS
            if (cpu := self.cpu(peer, titles, names))
        }
        match_folded = self.cpu("match_folded", titles, names)
        if match and match_folded and peers:
            fastest = min(peers, key=peers.__getitem__)
            print(
                f"  fastest peer ({fastest}) / match of folded titles:"
                f" {peers[fastest] / match_folded:.2f},"
                f" / match with folding: {peers[fastest] / match:.2f}"
            )

    def exponents(self) -> None:
        """Print by which power of titles and of names the cost grows."""
        start = self.cpu("build", 0, 0) or 0
        print("\nExponents (log-log slope of the CPU above start-up)")
        for step, base in {"build": start, "match": 0, "floor": 0}.items():
            cells = {
                (row["titles"], row["names"]): row["cpu_seconds"] - base
                for row in self.rows
                if row["step"] == step
                and row["status"] == "measured"
                and row["titles"]
                and row["cpu_seconds"] > base
            }
            for axis, label, other in (
                (0, "titles", "names"),
                (1, "names", "titles"),
            ):
                for fixed in sorted({cell[1 - axis] for cell in cells}):
                    points = sorted(
                        (cell[axis], cost)
                        for cell, cost in cells.items()
                        if cell[1 - axis] == fixed
                    )
                    if len(points) > 1:
                        print(
                            f"  {step:<6} in {label:<6}"
                            f" at {fixed:>10,} {other}:"
                            f" {_slope(points):5.2f}"
                            f"  ({points[0][0]:,} to {points[-1][0]:,})"
                        )


def _slope(points: list[tuple[int, float]]) -> float:
    logs = [(math.log(size), math.log(cost)) for size, cost in points]
    size_mean = sum(size for size, _ in logs) / len(logs)
    cost_mean = sum(cost for _, cost in logs) / len(logs)
    return sum(
        (size - size_mean) * (cost - cost_mean) for size, cost in logs
    ) / sum((size - size_mean) ** 2 for size, _ in logs)


def _setting() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    cpu = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                cpu = line.partition(":")[2].strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "commit": commit,
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**30),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "dbt": importlib.metadata.version("dbt-core"),
    }


def _number(text: str) -> int:
    return int(text.replace("_", "").replace(",", ""))


def main() -> None:
    """Measure the whole grid, or the cells named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--titles", type=_number, nargs="*", default=TITLES)
    parser.add_argument("--names", type=_number, nargs="*", default=NAMES)
    parser.add_argument(
        "--files", type=_number, help="measure many small files instead"
    )
    parser.add_argument(
        "--spark", action="store_true", help="compare with Spark instead"
    )
    parser.add_argument(
        "--peer-seconds", type=float, default=600, help="limit for each peer"
    )
    parser.add_argument(
        "--no-peers", action="store_true", help="measure the project alone"
    )
    parser.add_argument(
        "--no-daily", action="store_true", help="build every corpus once only"
    )
    parser.add_argument(
        "--work", type=Path, help="folder for the corpora; kept when given"
    )
    arguments = parser.parse_args()

    def peer_names(titles: int) -> list[int]:
        if arguments.no_peers:
            return []
        if len(arguments.titles) == len(arguments.names) == 1:
            return arguments.names
        cells = (REFERENCE_CELL, PEER_CELL)
        return [cell[1] for cell in cells if cell[0] == titles]

    work = arguments.work or Path(tempfile.mkdtemp(prefix="drug_mentions_"))
    try:
        benchmark = Benchmark(work, arguments.peer_seconds)
        print(", ".join(f"{k} {v}" for k, v in benchmark.setting.items()))
        if arguments.spark:
            for titles, names in itertools.product(
                arguments.titles, arguments.names
            ):
                benchmark.on_spark(titles, names)
            return
        benchmark.start_up()
        if arguments.files:
            benchmark.many_files(arguments.files)
            return
        for titles in arguments.titles:
            benchmark.run(
                titles,
                arguments.names,
                peer_names(titles),
            )
        benchmark.exponents()
        if not arguments.no_daily:
            benchmark.daily(*DAILY_CELL)
    finally:
        if arguments.work is None:
            shutil.rmtree(work)
    try:
        import plot  # noqa: PLC0415 - needs the group `benchmark`
    except ImportError as error:
        print(f"\nNothing was drawn: {error}")
    else:
        plot.draw(RESULTS, HERE / "results.png")


if __name__ == "__main__":
    main()
