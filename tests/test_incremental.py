"""A build reads only what is new, and gives no other answer for that.

Whatever happens to a data root between two builds, the second must publish
what a build of the same raw files in an empty folder publishes. Random
sequences of changes and accidents show it, the same ones in every run:

    INCREMENTAL_SEQUENCES=200 pytest -n 2 -m "" tests/test_incremental.py

tries two hundred instead of six. Where one fails, pytest prints its number,
which is its seed, and each step until then.
"""

from __future__ import annotations

import csv
import graphlib
import gzip
import importlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builds import (
    DRUGS_HEADER,
    PROJECT,
    PUBMED_HEADER,
    DataRoot,
    DbtInProcess,
    KeptRoot,
    Outcome,
    copy_project,
    dbt_command,
    write_no_record,
)

SEQUENCES = int(os.environ.get("INCREMENTAL_SEQUENCES", "6"))
BUILDS = 3
# A kill needs a dbt process of its own, which costs as much as three builds.
SEQUENCES_PER_KILL = 10

WRITTEN = (
    "aggregated/mentioned_drugs.json",
    "cleaned/drugs.parquet",
    "cleaned/mentions.parquet",
    "cleaned/publications.parquet",
    "cleaned/rejected_records.parquet",
)


def results(root: DataRoot) -> dict[str, Any]:
    """Give what a build is for: bytes of the JSON, and rows of the rest."""
    rows: dict[str, Any] = {"mentioned_drugs.json": root.published.read_bytes()}
    rows["raw_file_reconciliation"] = root.query(
        "from raw_file_reconciliation order by all"
    )
    with duckdb.connect() as connection:
        for name in WRITTEN[1:]:
            rows[name] = connection.execute(
                "from read_parquet($1) order by all", [str(root.path / name)]
            ).fetchall()
    return rows


# A random file may have no record that can be used.
ALLOWED = ("--vars", "{allow_unusable_files: true}")


def build(root: DataRoot, *arguments: str) -> Outcome:
    """Build all models, without the audits; it must succeed."""
    outcome = root.dbt("run", *ALLOWED, *arguments)
    assert outcome.success, outcome.messages
    return outcome


def assert_as_rebuilt(root: DataRoot, folder: Path) -> None:
    """Compare with a build of the same raw files in an empty folder."""
    shutil.copytree(root.path / "raw", folder / "raw")
    rebuilt = DataRoot(folder, root.runner)
    build(rebuilt)
    built = results(root)
    for name, expected in results(rebuilt).items():
        assert built[name] == expected, f"{name}: not as a full rebuild has it"
    shutil.rmtree(folder)


# --- random sequences ------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of raw file."""

    prefix: str
    suffix: str
    columns: tuple[str, ...]

    def json(self, record: Record) -> str:
        """Give a record as a JSON object, its id as a number if it is one."""
        cells: dict[str, str | int] = dict(
            zip(self.columns, record, strict=True)
        )
        if record[0].isdecimal():
            cells["id"] = int(record[0])
        return json.dumps(cells)


# The cells of a record, in the order of its kind's columns.
Record = tuple[str, ...]
# In the place of a record, a line or an element that is none.
REFUSED: Record = ()

DRUGS = Kind("drugs", ".csv", ("atccode", "drug"))
PUBMED = Kind("pubmed", ".csv", ("id", "title", "date", "journal"))
PUBMED_JSON = Kind("pubmed", ".json", PUBMED.columns)
TRIALS = Kind(
    "clinical_trials", ".csv", ("id", "scientific_title", "date", "journal")
)
# Its ids are registered: records of one are merged, whatever else they say.
EXPORT = Kind(
    "csv-export", ".csv", ("PMID", "Title", "Citation", "Journal/Book")
)
KINDS = (DRUGS, PUBMED, PUBMED_JSON, TRIALS, EXPORT)

# So few of each that records of one publication stand in several files, and
# drugs have several spellings and codes.
CELLS = {
    "atccode": ["A01", "B02", "C03"],
    "drug": [
        *("IRON", "iron", "Iron Dextran", "IRON-DEXTRAN", "DEXTRAN", "ETHANOL"),
        *("Éthanol", "5-FLUOROURACIL", "5 Fluorouracil", "BETAMETHASONE", "--"),
    ],
    "id": ["", "", "1", "2", "NCT3"],
    "title": [
        *("Iron in infants", "IRON IN INFANTS", "Iron, dextran and others"),
        *("Ethanol and iron", "Ethanol, twice: ethanol", "Methanol poisoning"),
        *("A 5-fluorouracil audit", r"Betam\xc3\xa9thasone", "Editorial", " "),
    ],
    "date": ["2020-01-01", "01/01/2020", "1 January 2020", "", "soon"],
    "journal": ["", "", "Nature", "Science"],
}
CELLS["scientific_title"] = CELLS["Title"] = CELLS["title"]
CELLS["PMID"] = ["1", "2", "3", ""]
CELLS["Citation"] = [
    *("J. 2020 Jan 1;1(2):3.", "J. 2020 Jan;1(2):3.", "J. 2020;1(2):3."),
    *("J. 2019 Dec 31. doi: 1.", ""),
]
CELLS["Journal/Book"] = CELLS["journal"]


def random_record(kind: Kind, dice: random.Random) -> Record:
    """Give a record, or at times a line that is none."""
    if dice.random() < 0.1:
        return REFUSED
    return tuple(dice.choice(CELLS[column]) for column in kind.columns)


def csv_text(kind: Kind, records: list[Record], dice: random.Random) -> str:
    """Write records as CSV, the columns in any order."""
    file = io.StringIO()
    columns = dice.sample(kind.columns, len(kind.columns))
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    for record in records:
        if record == REFUSED:
            file.write("more,cells,than,there,are,columns\n")
        else:
            writer.writerow(dict(zip(kind.columns, record, strict=True)))
    return file.getvalue()


def json_text(kind: Kind, records: list[Record], dice: random.Random) -> str:
    """Write records as a JSON array or an object a line."""
    # A build stops at a file with records of which none has the keys.
    if not any(records):
        return "[]"
    is_array = dice.random() < 0.5
    refused = "17" if is_array else '{"id": 1, "title": "cut o'
    elements = [
        refused if record == REFUSED else kind.json(record)
        for record in records
    ]
    if not is_array:
        return "\n".join(elements) + "\n"
    return "[" + ",\n".join(elements) + dice.choice([",", ""]) + "]\n"


@dataclass
class RawFile:
    """A raw file's records, and the file as it was written."""

    kind: Kind
    records: list[Record]
    content: bytes = b""
    modified_ns: int = 0


@dataclass
class History:
    """A data root to which things happen."""

    root: DataRoot
    folder: Path
    dice: random.Random
    files: dict[str, RawFile] = field(default_factory=dict)
    # What stood there earlier, under any name.
    old_files: list[tuple[str, RawFile]] = field(default_factory=list)
    saved_count: int = 0

    # Raw files.

    @property
    def raw(self) -> Path:
        """The folder of the raw files."""
        return self.root.path / "raw"

    def name(self, kind: Kind) -> str:
        """Give a name that no file has, before or behind others by chance."""
        names = {
            f"{kind.prefix}_{number}{kind.suffix}{gz}"
            for number in range(10, 40)
            for gz in ("", ".gz")
        }
        return self.dice.choice(sorted(names - self.files.keys()))

    def write(self, name: str, kind: Kind, records: list[Record]) -> None:
        """Write a raw file."""
        text = csv_text if kind.suffix == ".csv" else json_text
        content = text(kind, records, self.dice).encode()
        if name.endswith(".gz"):
            content = gzip.compress(content)
        self.put(name, RawFile(kind, list(records), content))

    def put(self, name: str, file: RawFile) -> None:
        """Put a file in place, with its old time if it has one."""
        if name in self.files:
            self.old_files.append((name, self.files[name]))
        path = self.root.write(name, file.content)
        if file.modified_ns:
            os.utime(path, ns=(file.modified_ns, file.modified_ns))
        file.modified_ns = path.stat().st_mtime_ns
        self.files[name] = file

    def remove(self, name: str) -> RawFile:
        """Delete a raw file."""
        (self.raw / name).unlink()
        file = self.files.pop(name)
        self.old_files.append((name, file))
        return file

    def any_file(self, *, is_spare: bool = False) -> str:
        """Choose a file; a spare one is not the only one of its kind."""
        kinds = [file.kind for file in self.files.values()]
        return self.dice.choice(
            [
                name
                for name, file in sorted(self.files.items())
                if not is_spare or kinds.count(file.kind) > 1
            ]
        )

    def other_file(self, name: str) -> str:
        """Choose a file whose records have the same columns."""
        columns = self.files[name].kind.columns
        return self.dice.choice(
            [
                other
                for other, file in sorted(self.files.items())
                if file.kind.columns == columns
            ]
        )

    def rewrite(self, name: str) -> None:
        """Write a file again after a change of its records."""
        self.write(name, self.files[name].kind, self.files[name].records)

    # What happens to raw files. Each says what it did.

    def add_file(self) -> str:
        """Add a file, of drugs as often as of publications."""
        kind = self.dice.choice(KINDS)
        name = self.name(kind)
        count = self.dice.randrange(6)
        self.write(
            name, kind, [random_record(kind, self.dice) for _ in range(count)]
        )
        return name

    def delete_file(self) -> str:
        """Delete a file."""
        name = self.any_file(is_spare=True)
        self.remove(name)
        return name

    def rename_file(self) -> str:
        """Rename a file, which keeps its time."""
        name = self.any_file()
        file = self.remove(name)
        new_name = self.name(file.kind)
        if new_name.endswith(".gz") == name.endswith(".gz"):
            self.put(new_name, file)
        else:
            self.write(new_name, file.kind, file.records)
        return f"{name} to {new_name}"

    def swap_names(self) -> str:
        """Let two files have each other's names."""
        name, other = self.any_file(), self.any_file()
        one, two = self.files[name], self.files[other]
        if one.kind != two.kind or name.endswith(".gz") != other.endswith(
            ".gz"
        ):
            return "none"
        # Two versions of one size and time are one to a build.
        if (len(one.content), one.modified_ns) != (
            len(two.content),
            two.modified_ns,
        ):
            self.put(name, two)
            self.put(other, one)
        return f"{name} and {other}"

    def split_file(self) -> str:
        """Put a part of a file's records into a file of their own."""
        name = self.any_file()
        file = self.files[name]
        cut = self.dice.randrange(len(file.records) + 1)
        new_name = self.name(file.kind)
        self.write(new_name, file.kind, file.records[cut:])
        self.write(name, file.kind, file.records[:cut])
        return f"{name} at {cut} into {new_name}"

    def join_files(self) -> str:
        """Append a file's records to another's."""
        name = self.any_file(is_spare=True)
        other = self.other_file(name)
        if other == name:
            return "none"
        records = self.remove(name).records
        self.files[other].records += records
        self.rewrite(other)
        return f"{name} to {other}"

    def add_record(self) -> str:
        """Add a record anywhere in a file."""
        name = self.any_file()
        file = self.files[name]
        record = random_record(file.kind, self.dice)
        file.records.insert(self.dice.randrange(len(file.records) + 1), record)
        self.rewrite(name)
        return f"{record} in {name}"

    def take_record(self) -> tuple[str, Record | None]:
        """Take a record out of a file that has any."""
        name = self.any_file()
        records = self.files[name].records
        if not records:
            return name, None
        record = records.pop(self.dice.randrange(len(records)))
        self.rewrite(name)
        return name, record

    def delete_record(self) -> str:
        """Delete a record."""
        name, record = self.take_record()
        return f"{record} from {name}"

    def move_record(self) -> str:
        """Move a record to another file."""
        name, record = self.take_record()
        if record is None:
            return "none"
        other = self.other_file(name)
        self.files[other].records.append(record)
        self.rewrite(other)
        return f"{record} from {name} to {other}"

    def repeat_record(self) -> str:
        """Repeat a record in another file, at times without id or journal."""
        name = self.any_file()
        other = self.other_file(name)
        if not any(self.files[name].records):
            return "none"
        record = self.dice.choice(list(filter(None, self.files[name].records)))
        if len(record) > 2:
            blank = self.dice.choice([0, 3, None])
            record = tuple(
                "" if place == blank else cell
                for place, cell in enumerate(record)
            )
        self.files[other].records.append(record)
        self.rewrite(other)
        return f"{record} from {name} in {other}"

    def correct_cell(self) -> str:
        """Correct a cell: of a drug its code or name, which renames it."""
        name = self.any_file()
        file = self.files[name]
        places = [place for place, record in enumerate(file.records) if record]
        if not places:
            return "none"
        place = self.dice.choice(places)
        cells = list(file.records[place])
        number = self.dice.randrange(len(cells))
        cells[number] = self.dice.choice(CELLS[file.kind.columns[number]])
        before, file.records[place] = file.records[place], tuple(cells)
        self.rewrite(name)
        return f"{before} to {tuple(cells)} in {name}"

    def write_again(self) -> str:
        """Write the same records again, in another format and column order."""
        name = self.any_file()
        self.rewrite(name)
        return name

    def bring_back(self) -> str:
        """Bring an old version of a file back, time included."""
        if not self.old_files:
            return "none"
        name, file = self.dice.choice(self.old_files)
        self.put(name, RawFile(file.kind, list(file.records), file.content))
        return name

    # What happens to what builds have left.

    def save(self) -> None:
        """Keep a copy of all that a build has left, for `restore`."""
        saved = self.folder / f"saved_{self.saved_count}"
        self.saved_count += 1
        shutil.copytree(
            self.root.path, saved, ignore=shutil.ignore_patterns("raw")
        )

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.root.path / "drug_mentions.duckdb"

    def delete_written_files(self) -> str:
        """Delete some of the files that builds write."""
        names = [name for name in WRITTEN if self.dice.random() < 0.5]
        for name in names:
            (self.root.path / name).unlink(missing_ok=True)
        return ", ".join(names)

    def restore_old_files(self) -> str:
        """Restore what an earlier build has left, at times with its time."""
        saved = self.folder / f"saved_{self.dice.randrange(self.saved_count)}"
        names = [name for name in WRITTEN if self.dice.random() < 0.5]
        if self.dice.random() < 0.5:
            names.append(self.database.name)
        copy = self.dice.choice([shutil.copy, shutil.copy2])
        for name in names:
            if (saved / name).exists():
                (self.root.path / name).parent.mkdir(exist_ok=True)
                copy(saved / name, self.root.path / name)
        return f"{', '.join(names)} from {saved.name} by {copy.__name__}"

    def damage_database(self) -> str:
        """Delete the DuckDB file, cut it off, or write something else in it."""
        damage = self.dice.choice(["deleted", "cut in half", "text", "empty"])
        if damage == "deleted":
            self.database.unlink(missing_ok=True)
        elif damage == "cut in half":
            os.truncate(self.database, self.database.stat().st_size // 2)
        else:
            self.database.write_text("atccode,drug\n" * 9 * (damage == "text"))
        return damage

    def drop_relations(self) -> str:
        """Drop some tables and views, or forget a part of what was read."""
        if not self.database.exists():
            return "none"
        with duckdb.connect(str(self.database)) as connection:
            relations = connection.execute(
                "select table_type = 'VIEW', table_name "
                "from information_schema.tables where table_schema = 'main' "
                "order by table_name"
            ).fetchall()
            dropped = self.dice.sample(relations, min(2, len(relations)))
            for is_view, name in dropped:
                kind = "view" if is_view else "table"
                connection.execute(f"drop {kind} if exists {name}")
            return ", ".join(name for _, name in dropped)

    # Builds that do not end.

    def models(self) -> list[str]:
        """Give all models in an order in which they may be built."""
        nodes = {
            name: node.depends_on.nodes
            for name, node in self.root.runner.manifest.nodes.items()
            if node.resource_type == "model"
            and node.config.materialized != "ephemeral"
        }
        names = sorted(nodes)
        self.dice.shuffle(names)
        order = graphlib.TopologicalSorter(
            {name: nodes[name] for name in names}
        ).static_order()
        return [name.split(".")[-1] for name in order if name in nodes]

    def build_first_models(self) -> str:
        """Build some models, as a build that is stopped does."""
        models = self.models()
        models = models[: self.dice.randrange(1, len(models))]
        self.root.dbt("run", "--select", *models)
        return f"the last is {models[-1]}"

    def build_any_models(self) -> str:
        """Build some models, whatever they are made of."""
        models = [
            model for model in self.models() if self.dice.random() < 0.5
        ] or ["stg_raw_files"]
        self.root.dbt("run", "--select", *models)
        return ", ".join(models)

    def build_nothing(self) -> str:
        """Build without rows, as a check of the SQL does."""
        full = ["--full-refresh"] if self.dice.random() < 0.5 else []
        self.root.dbt("run", "--empty", *full)
        return " ".join(full)

    def fail(self) -> str:
        """Build with a file that stops the build, and take it away."""
        kind = self.dice.choice(KINDS)
        name = f"{kind.prefix}_wrong{kind.suffix}"
        file = self.root.write(name, "[{]" if kind is PUBMED_JSON else "a,b\n")
        before = self.root.published.read_bytes()
        outcome = self.root.build(*ALLOWED)
        assert not outcome.success
        assert name in outcome.messages
        assert self.root.published.read_bytes() == before
        file.unlink()
        return name

    def kill(self) -> str:
        """Kill a build in a dbt process of its own."""
        process = subprocess.Popen(
            [
                *dbt_command("run", "--no-write-json", "--no-use-colors"),
                "--project-dir", str(PROJECT),
                "--profiles-dir", str(PROJECT),
                "--target-path", str(self.folder / "target"),
                "--log-path", str(self.folder / "logs"),
            ],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                "DRUG_MENTIONS_DATA": str(self.root.path),
                "PYTHONUNBUFFERED": "1",
            },
            start_new_session=True,
        )  # fmt: skip
        model = self.dice.choice(self.models())
        said = ""
        for said in process.stdout:
            if f"main.{model} " in said:
                break
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(self.dice.random() / 20)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return said.strip()

    def happen(self, name: str) -> None:
        """Let something happen, by the name of its method, and print it."""
        print(f"  {name}: ", end="", flush=True)
        print(getattr(self, name)(), flush=True)


CHANGES = [
    "add_file",
    "delete_file",
    "rename_file",
    "swap_names",
    "split_file",
    "join_files",
    "add_record",
    "delete_record",
    "move_record",
    "repeat_record",
    "correct_cell",
    "write_again",
    "bring_back",
]
# Nothing else happens before every second build.
ACCIDENTS = [
    "delete_written_files",
    "restore_old_files",
    "damage_database",
    "drop_relations",
    "build_first_models",
    "build_first_models",
    "build_any_models",
    "build_nothing",
    "fail",
]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_a_build_publishes_what_a_full_rebuild_does(
    empty_root: DataRoot,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
) -> None:
    dice = random.Random(seed)
    folder = tmp_path_factory.mktemp("history")
    history = History(empty_root, folder, dice)
    for kind in KINDS:
        history.write(history.name(kind), kind, [])
        for _ in range(2):
            records = [random_record(kind, dice) for _ in range(6)]
            history.write(history.name(kind), kind, records)
    killed = BUILDS - 1 if seed % SEQUENCES_PER_KILL == 5 else None
    for number in range(BUILDS + 1):
        print(f"before build {number}:")
        if number > 0:
            history.save()
            for _ in range(dice.randrange(4)):
                history.happen(dice.choice(CHANGES))
            if number == killed:
                history.happen("kill")
            elif dice.random() < 0.5:
                history.happen(dice.choice(ACCIDENTS))
            for _ in range(dice.randrange(3)):
                history.happen(dice.choice(CHANGES))
        build(empty_root)
        if number > 0:
            assert_as_rebuilt(empty_root, folder / "rebuilt")
    # Audits cost more than the models, so those of the last build must do.
    outcome = empty_root.build(*ALLOWED)
    assert outcome.success, outcome.messages


# --- one fact each ---------------------------------------------------------


@pytest.fixture(scope="module")
def kept_days(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> KeptRoot:
    """Build the files of two days."""
    root = DataRoot(tmp_path_factory.mktemp("days") / "data", dbt_in_process)
    (root.path / "raw").mkdir(parents=True)
    write_no_record(root)
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,IRON\nB02,ETHANOL\n")
    root.write("pubmed_1.csv", f"{PUBMED_HEADER}1,Iron,2020-01-01,Nature\n")
    root.write("pubmed_2.csv", f"{PUBMED_HEADER}2,Ethanol,2020-01-02,\n")
    build(root)
    return KeptRoot(root)


@pytest.fixture
def days(kept_days: KeptRoot) -> DataRoot:
    """Provide a data root, built, with the files of two days."""
    return kept_days.put_back()


def titles(root: DataRoot) -> list[str]:
    """Build what is published, and give the titles that mention a drug."""
    build(
        root,
        "--select", "+mentioned_drugs", "+rejected_records", "publications",
    )  # fmt: skip
    return mentioned(root)


def mentioned(root: DataRoot) -> list[str]:
    """Give the published titles."""
    return [mention["publication_title"] for mention in root.mentions()]


def change_unseen(file: Path, text: str, other: str) -> None:
    """Change a file such that neither its size nor its time shows it."""
    before = file.stat()
    content = file.read_text()
    assert text in content
    assert len(text) == len(other)
    file.write_text(content.replace(text, other))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def written(root: DataRoot) -> dict[str, tuple[bytes, int]]:
    """Give bytes and time of all that a build writes, but the DuckDB file."""
    return {
        file.name: (file.read_bytes(), file.stat().st_mtime_ns)
        for file in root.written()
    }


@pytest.mark.slow
def test_a_build_with_nothing_new_reads_and_writes_nothing(
    sample_root: DataRoot,
) -> None:
    build(sample_root)
    before = written(sample_root)
    for file in (sample_root.path / "raw").glob("[!d]*"):
        time = file.stat().st_mtime_ns
        file.write_bytes(b"\xff" * file.stat().st_size)
        os.utime(file, ns=(time, time))
    build(sample_root)
    assert written(sample_root) == before


@pytest.mark.slow
def test_files_are_written_whole_and_come_out_as_they_were(
    days: DataRoot,
) -> None:
    before = written(days)
    days.write("pubmed_3.csv", f"{PUBMED_HEADER}3,Gulls,2020-01-03,Nature\n")
    build(days)
    after = written(days)
    for name in ("drugs.parquet", "mentions.parquet", "mentioned_drugs.json"):
        assert after[name][0] == before[name][0]
    assert "Gulls" in [row["title"] for row in days.cleaned("publications")]


@pytest.mark.slow
def test_a_file_that_is_as_it_was_is_not_read_again(days: DataRoot) -> None:
    change_unseen(days.path / "raw/pubmed_1.csv", "Iron", "Lead")
    days.write("pubmed_2.csv", f"{PUBMED_HEADER}2,Iron too,2020-01-02,\n")
    assert titles(days) == ["Iron", "Iron too"]


@pytest.mark.slow
def test_unit_tests_see_nothing_of_what_was_built_before(
    days: DataRoot,
) -> None:
    days.write("pubmed_3.csv", f"{PUBMED_HEADER}3,Iron,2020-01-03,\n")
    build(days, "--exclude", "mentioned_drugs")
    outcome = days.dbt("build", "--select", "mentioned_drugs")
    assert outcome.success, outcome.messages
    assert "1 unit test" in outcome.log
    assert len(days.mentions()) == 3


@pytest.mark.slow
def test_full_refresh_reads_everything_again(days: DataRoot) -> None:
    change_unseen(days.path / "raw/pubmed_1.csv", "Iron", "Lead")
    assert titles(days) == ["Ethanol", "Iron"]
    build(days, "--full-refresh")
    assert titles(days) == ["Ethanol"]


@pytest.mark.parametrize(
    ("file", "decides"),
    [
        ("dbt_project.yml", True),
        ("macros/functions/fold_text.sql", True),
        ("macros/plugins/raw_files/xml_articles.py", True),
        ("models/staging/base/base_pubmed.sql", True),
        ("seeds/salts.csv", True),
        ("macros/publishing/page/page.html", False),
        ("macros/publishing/page/README.md", False),
        ("macros/publishing/page/screenshot.png", False),
    ],
)
def test_whatever_decides_what_is_read_is_of_the_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file: str, decides: bool
) -> None:
    monkeypatch.syspath_prepend(PROJECT / "macros" / "plugins")
    project_version = importlib.import_module("duckdb_file").project_version
    project = copy_project(tmp_path / "project")
    before = project_version(project)
    assert before == project_version(project)
    with (project / file).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert (project_version(project) != before) is decides


@pytest.mark.slow
def test_another_page_is_written_and_nothing_is_read_again(
    days: DataRoot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = copy_project(tmp_path_factory.mktemp("scratch") / "project")
    days.runner = DbtInProcess(project, tmp_path_factory.mktemp("scratch"))
    before = written(days)
    with (project / "macros/publishing/page/style.css").open("a") as style:
        style.write("/* another page */\n")
    assert "All raw files are read again" not in build(days).log
    after = written(days)
    assert b"another page" in after["mentioned_drugs.html"][0]
    assert [name for name in before if before[name] != after[name]] == [
        "mentioned_drugs.html"
    ]
    build(days)
    assert written(days) == after


@pytest.mark.slow
def test_another_version_of_the_project_reads_everything_again(
    days: DataRoot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    change_unseen(days.path / "raw/pubmed_1.csv", "Iron", "Lead")
    project = copy_project(tmp_path_factory.mktemp("scratch") / "project")
    function = project / "macros" / "functions" / "fold_text.sql"
    function.write_text(function.read_text() + "\n-- A new rule.\n")
    days.runner = DbtInProcess(project, tmp_path_factory.mktemp("scratch"))
    reason = (
        "All raw files are read again: a model, a macro, a list or a setting "
        "of the project, or DuckDB's version, has changed since the last build."
    )
    assert reason in build(days).log
    assert [row["publication_title"] for row in days.mentions()] == ["Ethanol"]
    assert "All raw files are read again" not in build(days).log
    plugin = project / "macros" / "plugins" / "raw_files" / "xml_articles.py"
    plugin.write_text(plugin.read_text() + "\n# A new rule.\n")
    assert reason in build(days).log


@pytest.mark.slow
@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("drop table project_version", "or does not say which version"),
        (
            "update project_version set data_root = '/elsewhere'",
            "was built for the data root /elsewhere",
        ),
        ("drop table written_files", "the table written_files is missing"),
    ],
)
def test_a_build_says_why_it_reads_everything_again(
    days: DataRoot, damage: str, reason: str
) -> None:
    with duckdb.connect(days.path / "drug_mentions.duckdb") as connection:
        connection.execute(damage)
    log = build(days).log
    assert "All raw files are read again: " in log
    assert reason in log
    assert "All raw files are read again" not in build(days).log


@pytest.mark.slow
def test_a_touched_file_changes_nothing(days: DataRoot) -> None:
    before = results(days)
    for file in (days.path / "raw").iterdir():
        os.utime(file, (0, 0))
    build(days)
    assert results(days) == before


def test_a_corrected_file_corrects(days: DataRoot) -> None:
    days.write("pubmed_1.csv", f"{PUBMED_HEADER}1,Irony,2020-01-01,Nature\n")
    assert titles(days) == ["Ethanol"]
    publications = {row["title"] for row in days.cleaned("publications")}
    assert publications == {"Ethanol", "Irony"}


def test_a_deleted_file_takes_its_publications_with_it(days: DataRoot) -> None:
    days.write("pubmed_1.csv", f"{PUBMED_HEADER}1,,2020-01-01,Nature\n")
    assert titles(days) == ["Ethanol"]
    assert len(days.rejected()) == 1
    (days.path / "raw/pubmed_1.csv").unlink()
    (days.path / "raw/pubmed_2.csv").unlink()
    assert titles(days) == []
    assert days.cleaned("publications") == []
    assert days.rejected() == []
    assert days.query("select raw_file from raw_file_reconciliation") == [
        ("raw/clinical_trials.csv",),
        ("raw/drugs.csv",),
        ("raw/pubmed.csv",),
        ("raw/pubmed.json",),
    ]


@pytest.mark.slow
def test_what_two_days_have_merged_is_split_when_one_goes(
    days: DataRoot,
) -> None:
    incomplete = days.write(
        "pubmed_3.csv", f"{PUBMED_HEADER},Ethanol,2020-01-02,Science\n"
    )

    def ethanol() -> list[tuple[str | None, str | None]]:
        assert titles(days) == ["Ethanol", "Iron"]
        return [
            (mention["id"], mention["journal"])
            for mention in days.mentions()
            if mention["drug"] == "ETHANOL"
        ]

    assert ethanol() == [("2", "Science")]
    (days.path / "raw/pubmed_2.csv").rename(days.path / "raw/pubmed_4.csv")
    assert ethanol() == [("2", "Science")]
    (days.path / "raw/pubmed_4.csv").unlink()
    assert ethanol() == [(None, "Science")]
    days.write("pubmed_2.csv", f"{PUBMED_HEADER}2,Ethanol,2020-01-02,\n")
    assert ethanol() == [("2", "Science")]
    incomplete.unlink()
    assert ethanol() == [("2", None)]


@pytest.mark.slow
def test_drugs_are_matched_with_titles_that_are_not_read_again(
    days: DataRoot,
) -> None:
    days.write("pubmed_1.csv", f"{PUBMED_HEADER}1,Iron or lead,2020-01-01,J\n")
    build(days)
    change_unseen(days.path / "raw/pubmed_1.csv", "lead", "gold")
    days.write("drugs.csv", f"{DRUGS_HEADER}B02,ETHANOL\nC03,LEAD\n")
    assert titles(days) == ["Ethanol", "Iron or lead"]
    assert {mention["drug"] for mention in days.mentions()} == {
        "ETHANOL",
        "LEAD",
    }
    # Another code or spelling needs no new match, but stands in the file.
    days.write("drugs.csv", f"{DRUGS_HEADER}B03,Ethanol\nC03,LEAD\n")
    build(days)
    assert days.mentions()[0]["atccode"] == "B03"
    assert days.mentions()[0]["drug"] == "Ethanol"
    days.write("drugs.csv", f"{DRUGS_HEADER}A01,GOLD\n")
    assert titles(days) == []


@pytest.mark.slow
def test_a_build_of_some_models_promises_nothing_for_the_others(
    days: DataRoot, tmp_path: Path
) -> None:
    """As two builds do that run model by model, one between another's."""
    days.write("pubmed_3.csv", f"{PUBMED_HEADER}3,Iron more,2020-01-03,J\n")
    for model in (
        "int_title_mentions",
        "int_publications",
        "mentioned_drugs",
    ):
        days.write("pubmed_4.csv", f"{PUBMED_HEADER}4,{model},2020-01-03,J\n")
        build(days, "--select", "stg_raw_files", model)
    build(days)
    assert mentioned(days) == ["Ethanol", "Iron", "Iron more"]
    assert_as_rebuilt(days, tmp_path / "rebuilt")


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--full-refresh",)])
def test_an_empty_build_promises_nothing(
    days: DataRoot, options: tuple[str, ...]
) -> None:
    before = results(days)
    build(days, "--empty", *options)
    build(days)
    assert results(days) == before


@pytest.mark.slow
def test_damage_inside_a_table_is_told_and_repaired_by_the_next_build(
    days: DataRoot,
) -> None:
    """DuckDB opens such a file, and finds the damage when it reads there."""
    lines = [f"{number},Iron {number},," for number in range(20_000)]
    days.write("pubmed_1.csv", "\n".join([PUBMED_HEADER.strip(), *lines]))
    build(days)
    before = days.published.read_bytes()
    [(block,)] = days.query(
        "select max(block_id) from pragma_storage_info('stg_pubmed_articles') "
        "where column_name = 'title' and persistent"
    )
    with (days.path / "drug_mentions.duckdb").open("r+b") as file:
        file.seek(3 * 4096 + block * 262_144 + 100_000)
        file.write(b"damage")
    days.write("pubmed_2.csv", f"{PUBMED_HEADER}2,Iron 2,,Nature\n")
    outcome = days.build()
    assert not outcome.success
    assert "The DuckDB file is damaged. Run the same command" in outcome.log
    assert days.published.read_bytes() == before
    assert len(titles(days)) == 20_000


@pytest.mark.slow
def test_publications_can_be_shown_after_a_build(days: DataRoot) -> None:
    shown = days.dbt("show", "--select", "int_publications")
    assert shown.success, shown.messages
    assert {row["title"] for row in shown.rows} == {"Ethanol", "Iron"}


@pytest.mark.slow
def test_records_of_large_files_keep_their_numbers(
    root: DataRoot, tmp_path: Path
) -> None:
    """Large JSON is streamed, and a record's number is its place in a table.

    The place must survive what goes and comes before and behind it.
    """
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,IRON\n")

    def large(first: int, *blank: int) -> str:
        objects = [
            {
                "id": number,
                "title": "" if number in blank else f"Iron no. {number}",
                "date": "2020-01-01",
                "journal": "A journal with a name of some length",
            }
            for number in range(first, first + 20_000)
        ]
        return json.dumps(objects, indent=0)

    def numbers() -> list[tuple[str, int]]:
        build(root)
        assert_as_rebuilt(root, tmp_path / "rebuilt")
        return [
            (record["raw_file"], record["record_number"])
            for record in root.rejected()
        ]

    for place, name in enumerate(("a", "b", "c")):
        file = root.write(
            f"pubmed_{name}.json",
            large(20_000 * place, 20_000 * place + 14_999),
        )
        assert file.stat().st_size > 2_000_000
    every_file = [(f"raw/pubmed_{name}.json", 15_000) for name in "abc"]
    assert numbers() == every_file
    (root.path / "raw/pubmed_a.json").unlink()
    root.write("pubmed_b.json", large(20_000, 20_006, 39_999))
    assert numbers() == [
        ("raw/pubmed_b.json", 7),
        ("raw/pubmed_b.json", 20_000),
        ("raw/pubmed_c.json", 15_000),
    ]
