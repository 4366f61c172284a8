"""The whole pipeline, from raw files on disk to the published file on disk."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest
from builds import (
    DRUGS_HEADER,
    EXERCISE,
    PROJECT,
    PUBMED_HEADER,
    DataRoot,
    DbtInProcess,
    KeptRoot,
    Outcome,
    dbt_command,
)

if TYPE_CHECKING:
    from pathlib import Path

KEYS = [
    "atccode",
    "drug",
    "id",
    "publication_title",
    "article_type",
    "journal",
    "date",
]

# Worked out by hand and by a brute-force script, not by this project.
SAMPLE_MENTIONS = PROJECT / "tests" / "sample_mentioned_drugs.json"
SAMPLE_TIED_JOURNALS = 1


@pytest.fixture(scope="module")
def built_exercise(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> DataRoot:
    """Build the raw files of the exercise, as they are, without a warning."""
    if not EXERCISE.is_dir():
        pytest.skip("the exercise's files are not part of this project")
    root = DataRoot(tmp_path_factory.mktemp("exercise"), dbt_in_process)
    shutil.copytree(EXERCISE, root.path / "raw")
    outcome = root.dbt("--warn-error", "build")
    assert outcome.success, outcome.messages
    return root


def test_sample_is_published_to_the_contract(built_sample: DataRoot) -> None:
    published = built_sample.published.read_bytes()
    assert published == SAMPLE_MENTIONS.read_bytes()
    for mention in json.loads(published):
        assert list(mention) == KEYS
        assert "" not in mention.values()


def test_sample_is_accounted_for(built_sample: DataRoot) -> None:
    reconciled = built_sample.query(
        "select raw_file, records_read, records_kept, records_merged, "
        "records_rejected, records_with_warning from raw_file_reconciliation "
        "where records_deleted = 0"
    )
    assert sorted(reconciled) == [
        ("raw/clinical_trials.csv", 10, 8, 1, 1, 1),
        ("raw/drugs.csv", 13, 13, 0, 0, 0),
        ("raw/pubmed.csv", 15, 14, 0, 1, 0),
        ("raw/pubmed.json", 8, 8, 0, 0, 0),
        ("raw/pubmed_2020.json", 5, 5, 0, 0, 0),
        ("raw/pubmed_archive.csv.gz", 5, 5, 0, 0, 0),
    ]
    assert [
        (record["raw_file"], record["reason"], record["is_rejected"])
        for record in built_sample.rejected()
    ] == [
        ("raw/clinical_trials.csv", "blank_title", True),
        ("raw/clinical_trials.csv", "unreadable_date", False),
        ("raw/pubmed.csv", "unparseable_row", True),
    ]


def test_exercise_gives_19_mentions(built_exercise: DataRoot) -> None:
    mentions = built_exercise.mentions()
    assert len(mentions) == 19
    by_id = {mention["id"]: mention for mention in mentions}
    assert by_id["7"]["date"] == "2020-02-01", "slash dates are day first"
    assert by_id["NCT04188184"]["journal"] == "Journal of emergency nursing"
    assert "ñ Laminectomy" in by_id["NCT04153396"]["publication_title"]
    assert [
        mention["drug"] for mention in mentions if mention["id"] is None
    ] == ["ATROPINE", "BETAMETHASONE"]
    glucagon = [
        (row["publication_id"], row["journal"])
        for row in built_exercise.cleaned("publications")
        if row["title"].startswith("Glucagon")
    ]
    assert glucagon == [("NCT03490942", "Journal of emergency nursing")]
    assert [
        (row["raw_file"], row["reason"]) for row in built_exercise.rejected()
    ] == [
        ("raw/clinical_trials.csv", "blank_title"),
        ("raw/pubmed.csv", "unparseable_row"),
    ]


def test_exercise_journal_is_the_first_of_three(
    built_exercise: DataRoot,
) -> None:
    outcome = built_exercise.dbt(
        "show", "--select", "journal_mentioning_most_drugs"
    )
    assert outcome.rows == [
        {
            "journal": "Journal of emergency nursing",
            "drug_count": 2,
            "drugs": "DIPHENHYDRAMINE, EPINEPHRINE",
            "journals_tied_with_it": 2,
        }
    ]


def test_a_second_build_gives_the_same_bytes(built_sample: DataRoot) -> None:
    first = built_sample.published.read_bytes()
    for raw_file in (built_sample.path / "raw").iterdir():
        os.utime(raw_file, (0, 0))
    assert built_sample.build().success
    assert built_sample.published.read_bytes() == first


def test_no_mention_is_an_empty_array(root: DataRoot) -> None:
    root.write("pubmed.csv", "id,title,date,journal\n1,Gulls,2020-01-01,J\n")
    outcome = root.build()
    assert outcome.success, outcome.messages
    assert root.mentions() == []
    answer = root.dbt("show", "--select", "journal_mentioning_most_drugs")
    assert answer.success
    assert answer.rows == []


def test_whoever_builds_is_told_what_was_put_aside(
    built_sample: DataRoot,
) -> None:
    lines = built_sample.dbt("run").log.splitlines()
    [told] = [line for line in lines if "put aside" in line]
    assert "Records put aside: 2. Kept without their date: 1." in told
    assert "dbt show --select rejected_records" in told


def test_published_file_is_left_alone(built_sample: DataRoot) -> None:
    files = built_sample.written()
    before = [(file.read_bytes(), file.stat().st_mtime_ns) for file in files]
    for command in (("compile",), ("build", "--empty")):
        outcome = built_sample.dbt(*command)
        assert outcome.success, outcome.messages
        after = [(file.read_bytes(), file.stat().st_mtime_ns) for file in files]
        assert after == before, command
        answer = built_sample.dbt(
            "show", "--select", "journal_mentioning_most_drugs"
        )
        assert answer.rows[0]["journal"] == "Annals of Harbour Medicine"


def test_an_unwanted_graph_is_removed(built_sample: DataRoot) -> None:
    graph = built_sample.path / "aggregated" / "mention_graph.graphml"
    before = built_sample.published.read_bytes()
    assert graph.exists()
    outcome = built_sample.dbt(
        "run", "--select", "mentioned_drugs", "--vars", "{publish_graph: false}"
    )
    assert outcome.success, outcome.messages
    assert not graph.exists()
    assert built_sample.published.read_bytes() == before


def test_an_empty_build_may_be_the_first(sample_root: DataRoot) -> None:
    outcome = sample_root.build("--empty")
    assert outcome.success, outcome.messages
    assert not sample_root.published.exists()
    assert sample_root.build().success
    assert len(sample_root.mentions()) == 38


def test_mentions_are_published_in_parts(root: DataRoot) -> None:
    """DuckDB begins a new part after 122,880 rows at the earliest."""
    # A mention is a row for each of the drug's codes.
    root.write(
        "drugs.csv",
        DRUGS_HEADER
        + "".join(f"V03AZ{code},ETHANOL\n" for code in range(10, 36)),
    )
    root.write(
        "pubmed_many.csv",
        PUBMED_HEADER
        + "".join(f"{n},Ethanol {n},2020-01-01,J\n" for n in range(5_000)),
    )
    in_parts = ("--vars", "{export_part_bytes: 1}")

    def publish(*arguments: str, select: str = "mentioned_drugs") -> None:
        outcome = root.dbt("run", "--select", *select.split(), *arguments)
        assert outcome.success, outcome.messages

    publish(select="+mentioned_drugs +int_journals")
    in_one = root.mentions()
    assert len(in_one) == 130_000

    def parts() -> list[str]:
        listed = root.mentions()
        files = [root.published.parent / part["part"] for part in listed]
        assert [file.stat().st_size for file in files] == [
            part["bytes"] for part in listed
        ]
        mentions = [
            mention
            for file in files
            for mention in json.loads(file.read_text())
        ]
        assert mentions == in_one
        return [part["part"] for part in listed]

    publish(*in_parts)
    assert parts() == [f"mentioned_drugs_1/part_{n}.json" for n in range(2)]
    journals = root.dbt("show", "--select", "journal_mentioning_most_drugs")
    assert journals.rows[0]["journal"] == "J"

    # Nothing new; then a part is gone. Yesterday's parts stay until the day
    # after.
    written = root.published.stat().st_mtime_ns
    publish(*in_parts)
    assert root.published.stat().st_mtime_ns == written
    (root.published.parent / "mentioned_drugs_1" / "part_1.json").unlink()
    publish(*in_parts)
    assert parts() == [f"mentioned_drugs_2/part_{n}.json" for n in range(2)]
    assert (root.published.parent / "mentioned_drugs_1/part_0.json").exists()

    publish("--vars", "{export_newline_delimited: true}")
    lines = root.published.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == in_one
    publish()
    assert root.mentions() == in_one


def test_whoever_reads_the_model_reads_the_published_file(
    built_sample: DataRoot,
) -> None:
    mention = dict.fromkeys(KEYS) | {"drug": "X", "journal": "Only in the file"}
    built_sample.published.write_text(json.dumps([mention]))
    answer = built_sample.dbt(
        "show", "--select", "journal_mentioning_most_drugs"
    )
    assert answer.rows[0]["journal"] == "Only in the file"


@pytest.mark.parametrize("limit", ["-1", "1", "5"])
def test_journal_mentioning_most_drugs_shows_the_tie(
    built_sample: DataRoot, limit: str
) -> None:
    answer = built_sample.dbt(
        "show", "--select", "journal_mentioning_most_drugs", "--limit", limit
    )
    assert answer.rows == [
        {
            "journal": "Annals of Harbour Medicine",
            "drug_count": 4,
            "drugs": (
                "5-FLUOROURACIL, EPINEPHRINE, ISOPRENALINE, MÉTHYLPREDNISOLONE"
            ),
            "journals_tied_with_it": SAMPLE_TIED_JOURNALS,
        }
    ]


@pytest.mark.parametrize(
    "drug", ["DIPHENHYDRAMINE", "diphenhydramine", " Diphenhydramine "]
)
def test_drugs_sharing_pubmed_journals_ignores_case(
    built_sample: DataRoot, drug: str
) -> None:
    answer = built_sample.dbt(
        "show",
        "--select",
        "drugs_sharing_pubmed_journals",
        "--vars",
        json.dumps({"drug": drug}),
    )
    assert [row["drug"] for row in answer.rows] == [
        "EPINEPHRINE",
        "ETHANOL",
        "ISOPRENALINE",
    ]


@pytest.mark.parametrize("drug", ["ASPIRIN", "x' or 'a' = 'a", "--"])
def test_an_unknown_drug_is_told_so(built_sample: DataRoot, drug: str) -> None:
    answer = built_sample.dbt(
        "show",
        "--select",
        "drugs_sharing_pubmed_journals",
        "--vars",
        json.dumps({"drug": drug}),
    )
    assert not answer.success
    assert f"{drug} is not in the drug list" in answer.messages


def test_a_failing_build_leaves_what_was_published(
    built_sample: DataRoot,
) -> None:
    before = built_sample.published.read_bytes()
    built_sample.write("pubmed.csv", "id,title,date\n1,Ethanol,2020-01-01\n")
    outcome = built_sample.build()
    assert not outcome.success
    assert "raw/pubmed.csv: column journal is missing" in outcome.messages
    assert built_sample.published.read_bytes() == before


def test_it_builds_from_any_folder_and_into_any_database(
    sample_root: DataRoot, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    database = elsewhere / "other.duckdb"
    subprocess.run(
        [
            *dbt_command("--quiet", "build"),
            "--project-dir", str(PROJECT),
            "--profiles-dir", str(PROJECT),
            "--target-path", str(tmp_path / "target"),
            "--log-path", str(tmp_path / "logs"),
        ],
        check=True,
        cwd=elsewhere,
        env=os.environ
        | {
            "DRUG_MENTIONS_DATA": str(sample_root.path),
            "DRUG_MENTIONS_DB": str(database),
        },
    )  # fmt: skip
    assert sample_root.published.read_bytes() == SAMPLE_MENTIONS.read_bytes()
    assert sorted(file.name for file in elsewhere.iterdir()) == [
        "other.duckdb",
        "other.duckdb.drugs.parquet",
        "other.duckdb.publications.parquet",
    ]


def test_documentation_is_generated(built_sample: DataRoot) -> None:
    outcome = built_sample.dbt("docs", "generate")
    assert outcome.success, outcome.messages
    assert "Catalog written" in outcome.log


def test_no_deprecated_feature_of_dbt_is_used(
    dbt_in_process: DbtInProcess,
) -> None:
    assert dbt_in_process.warnings == []


def test_a_rejected_record_is_found_by_its_number(root: DataRoot) -> None:
    """DuckDB's threads share a file of this size, and keep its order."""
    title = "A title as long as titles are so that the file has 13 MB"
    rows = [f"{number},{title},2020-01-01,J" for number in range(1, 200_001)]
    rows[150_000 - 1] = "150000,  ,2020-01-01,J"
    for name in ("pubmed_1.csv", "pubmed_2.csv"):
        root.write(name, "\n".join(["id,title,date,journal", *rows]))
    assert root.dbt("run", "--select", "+rejected_records").success
    assert [
        (record["raw_file"], record["record_number"])
        for record in root.rejected()
    ] == [("raw/pubmed_1.csv", 150_000), ("raw/pubmed_2.csv", 150_000)]


def test_a_large_json_file_is_read_like_a_small_one(root: DataRoot) -> None:
    records = [
        json.dumps(
            {"id": n, "title": f"Ethanol {n} é", "date": "", "journal": None}
        )
        for n in range(20_000)
    ]
    shapes = {
        "array": "[\n" + ",\n".join(records) + "\n]",
        "one_line": "[" + ",".join(records) + "]",
        "extra_comma": "[" + ",\n".join(records) + "\n,\n]",
        "lines": "\n".join([*records, "{broken", ""]),
        "wrapped": '{"articles": [' + ",".join(records) + "]}",
    }
    for name, text in shapes.items():
        assert len(text) > 1_000_000
        root.write(f"pubmed_{name}.json", text)
    outcome = root.build()
    assert outcome.success, outcome.messages
    read = root.query(
        "select raw_file, records_read, records_rejected"
        " from raw_file_reconciliation where records_read > 0"
    )
    assert sorted(read) == [
        ("raw/pubmed_array.json", 20_000, 0),
        ("raw/pubmed_extra_comma.json", 20_000, 0),
        ("raw/pubmed_lines.json", 20_001, 1),
        ("raw/pubmed_one_line.json", 20_000, 0),
        ("raw/pubmed_wrapped.json", 20_000, 0),
    ]
    assert len(root.cleaned("publications")) == 20_000
    [broken] = root.rejected()
    assert broken["raw_file"] == "raw/pubmed_lines.json"
    assert broken["raw_text"] == "{broken"
    assert 20_001 in (broken["line_number"], broken["record_number"])


def test_a_large_json_file_without_a_key_is_refused(root: DataRoot) -> None:
    record = json.dumps({"id": 1, "title": "Ethanol", "date": "2020-01-01"})
    root.write("pubmed.json", "[" + ",\n".join([record] * 20_000) + "]")
    outcome = root.build("--select", "+stg_pubmed_articles")
    assert not outcome.success
    assert "pubmed.json: no record has the key journal" in outcome.messages


@pytest.mark.slow
def test_pull_request_builds_beside_main(
    built_sample: DataRoot, tmp_path: Path
) -> None:
    with duckdb.connect(built_sample.path / "drug_mentions.duckdb") as main:
        main.execute("update project_version set version = 'another'")
    subprocess.run(
        [
            *dbt_command("--quiet", "build", "--target", "pull_request"),
            "--select", "stg_raw_files",
            "--project-dir", str(PROJECT),
            "--profiles-dir", str(PROJECT),
            "--target-path", str(tmp_path / "target"),
            "--log-path", str(tmp_path / "logs"),
        ],
        check=True,
        env=os.environ | {"DRUG_MENTIONS_DATA": str(built_sample.path)},
    )  # fmt: skip
    [(main_drugs, own_files)] = built_sample.query(
        "select (select count(*) from main.stg_drugs), "
        "(select count(*) from pull_request.stg_raw_files)"
    )
    assert (main_drugs, own_files) == (13, 6)


@pytest.mark.parametrize(
    ("root", "message"),
    [
        ("s3://pharma/one", "pip install -r requirements-object-stores.txt"),
        ("ftp://pharma/one", "neither a folder nor does it begin with s3://"),
    ],
)
def test_a_root_that_cannot_be_reached_is_refused_with_a_remedy(
    dbt_in_process: DbtInProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    root: str,
    message: str,
) -> None:
    monkeypatch.delitem(sys.modules, "object_store", raising=False)
    # As if it were not installed.
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setenv("DRUG_MENTIONS_DB", str(tmp_path / "file.duckdb"))
    outcome = dbt_in_process.invoke(root, ("build",))
    assert not outcome.success
    assert message in outcome.messages
    assert list(tmp_path.iterdir()) == []


def test_text_is_not_compressed_at_the_cost_of_cleaning_it(
    built_sample: DataRoot,
) -> None:
    methods = built_sample.query(
        "select distinct compression "
        "from pragma_storage_info('stg_pubmed_articles') "
        "where segment_type = 'VARCHAR'"
    )
    assert methods
    assert ("DICT_FSST",) not in methods


# --- the command line --------------------------------------------------------


FIRST_COMMANDS = [
    ("show", "--select", "journal_mentioning_most_drugs"),
    ("run", "--select", "mentioned_drugs"),
    ("build", "--select", "mentioned_drugs"),
    ("build", "--select", "stg_pubmed_articles"),
    ("test",),
]


def test_commands_before_the_first_build_say_so(sample_root: DataRoot) -> None:
    for command in FIRST_COMMANDS:
        outcome = sample_root.dbt(*command)
        assert not outcome.success, command
        assert "run `dbt build` first" in outcome.messages, command
        # One message, in the project's own words.
        assert "Catalog Error" not in outcome.messages, command
    assert sample_root.build().success


@pytest.mark.parametrize(
    "command",
    [("build",), ("show", "--select", "rejected_records"), ("test",)],
    ids=" ".join,
)
@pytest.mark.parametrize("name", ["no/such/folder", "~/nowhere", "C:\\data"])
def test_a_missing_root_is_named(
    dbt_in_process: DbtInProcess,
    tmp_path: Path,
    name: str,
    command: tuple[str, ...],
) -> None:
    outcome = dbt_in_process.invoke(tmp_path / name, command)
    assert not outcome.success
    assert name in outcome.messages
    assert "DRUG_MENTIONS_DATA" in outcome.messages
    assert "Make the folder" in outcome.messages
    assert "IO Error" not in outcome.messages
    assert list(tmp_path.iterdir()) == []


def journal(root: DataRoot) -> Outcome:
    """Ask the journal question."""
    return root.dbt("show", "--select", "journal_mentioning_most_drugs")


@pytest.mark.parametrize("is_moved", [False, True])
def test_a_copied_or_moved_root_answers_from_its_own_files(
    kept_sample: KeptRoot, tmp_path: Path, is_moved: bool
) -> None:
    original = kept_sample.put_back()
    copy = DataRoot(tmp_path / "copy", original.runner)
    shutil.copytree(original.path, copy.path)
    only_here = dict.fromkeys(KEYS) | {"drug": "X", "journal": "Elsewhere"}
    original.published.write_text(json.dumps([only_here]))
    if is_moved:
        shutil.rmtree(original.path)
    before = journal(copy)
    if before.success:
        assert before.rows[0]["journal"] == "Annals of Harbour Medicine"
    else:
        assert "run `dbt build` first" in before.messages
    assert copy.build().success
    assert journal(copy).rows[0]["journal"] == "Annals of Harbour Medicine"
    assert copy.mentions() == json.loads(SAMPLE_MENTIONS.read_bytes())


def test_one_database_for_two_roots_answers_from_the_root_asked(
    kept_sample: KeptRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = kept_sample.put_back()
    other = DataRoot(tmp_path / "other", one.runner)
    shutil.copytree(PROJECT / "data" / "raw", other.path / "raw")
    for name in ("pubmed.csv", "pubmed.json", "pubmed_2020.json"):
        (other.path / "raw" / name).unlink()
    other.write("pubmed.csv", f"{PUBMED_HEADER}1,Ethanol,2020-01-01,Other\n")
    other.write("pubmed.json", "[]")
    (other.path / "raw" / "pubmed_archive.csv.gz").unlink()
    monkeypatch.setenv(
        "DRUG_MENTIONS_DB", str(one.path / "drug_mentions.duckdb")
    )
    outcome = journal(other)
    assert not outcome.success
    assert "run `dbt build` first" in outcome.messages
    assert other.build().success
    journals = {
        mention["journal"]
        for mention in other.mentions()
        if mention["article_type"] == "pubmed"
    }
    assert journals == {"Other"}
    # And back again.
    assert not journal(one).success
    assert one.build().success
    assert one.published.read_bytes() == SAMPLE_MENTIONS.read_bytes()
