"""Raw files may stand in folders, be links, and be many."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from builds import (
    DRUGS_HEADER,
    PUBMED_HEADER,
    TRIALS_HEADER,
    DataRoot,
    DbtInProcess,
)

if TYPE_CHECKING:
    from pathlib import Path


def write(root: DataRoot, name: str, content: str) -> None:
    """Write a raw file, and its folders."""
    (root.path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
    root.write(name, content)


def csv_record(title: str) -> str:
    """Give a CSV file of one record."""
    return f"{PUBMED_HEADER}1,{title},2020-02-01,J\n"


def json_record(title: str) -> str:
    """Give a JSON file of one record."""
    return f'[{{"id":1,"title":"{title}","date":"2020-02-01","journal":"J"}}]'


def files_and_dates(root: DataRoot) -> dict[str, tuple[str, str]]:
    """Give file and date of every publication, by its title."""
    return {
        title: (raw_file, date)
        for title, raw_file, date in root.query(
            "select title, raw_file, publication_date::varchar"
            " from int_publications"
        )
    }


@pytest.mark.slow
def test_files_are_read_in_folders_and_named_by_their_path(
    empty_root: DataRoot,
) -> None:
    root = empty_root
    # Each kind is there, none of them at the top.
    write(root, "lists/drugs.csv", f"{DRUGS_HEADER}A01,ETHANOL\n")
    write(root, "a b/x/clinical_trials.csv", TRIALS_HEADER)
    write(root, "2020/pubmed.csv", csv_record("Ethanol A"))
    # Two files of one name; and a folder is no column, whatever it is called.
    write(root, "date=1999-01-01/pubmed.csv", csv_record("Ethanol B"))
    write(root, "date=1999-01-01/pubmed.json", json_record("Ethanol C"))
    write(root, "raw/raw/pubmed.csv", f"{csv_record('Ethanol D')}2,x\n")
    outcome = root.build()
    assert outcome.success, outcome.messages
    assert files_and_dates(root) == {
        "Ethanol A": ("raw/2020/pubmed.csv", "2020-02-01"),
        "Ethanol B": ("raw/date=1999-01-01/pubmed.csv", "2020-02-01"),
        "Ethanol C": ("raw/date=1999-01-01/pubmed.json", "2020-02-01"),
        "Ethanol D": ("raw/raw/raw/pubmed.csv", "2020-02-01"),
    }
    (rejected,) = root.rejected()
    assert rejected["raw_file"] == "raw/raw/raw/pubmed.csv"
    assert len(root.mentions()) == 4

    (root.path / "raw" / "2020" / "pubmed.csv").unlink()
    assert "Raw files: 5, 0 new." in root.build().log
    assert len(root.mentions()) == 3


def test_what_is_hidden_is_not_read(root: DataRoot) -> None:
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,ETHANOL\n")
    for name in (".pubmed.csv", ".old/pubmed.csv", "2020/.old/x/pubmed.csv"):
        write(root, name, csv_record("Ethanol"))
    outcome = root.build()
    assert "Raw files: 4, 4 new." in outcome.log
    assert root.mentions() == []
    (root.path / "raw" / "pubmed.csv").unlink()
    assert "No file in" in root.build().messages


def test_links_to_files_are_read_and_to_folders_are_not(root: DataRoot) -> None:
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,ETHANOL\n")
    raw = root.path / "raw"
    outside = root.path / "outside"
    outside.mkdir()
    (outside / "pubmed.csv").write_text(csv_record("Ethanol outside"))
    (raw / "2020").mkdir()
    (raw / "2020" / "pubmed_link.csv").symlink_to(outside / "pubmed.csv")
    (raw / "2020" / "loop").symlink_to(raw)
    (raw / "2020" / "linked").symlink_to(outside)
    outcome = root.dbt("run", "--select", "+int_publications")
    assert outcome.success, outcome.messages
    assert files_and_dates(root) == {
        "Ethanol outside": ("raw/2020/pubmed_link.csv", "2020-02-01")
    }


def test_a_root_may_be_spelt_in_any_way(
    root: DataRoot, dbt_in_process: DbtInProcess
) -> None:
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,ETHANOL\n")
    write(root, "2020/pubmed.csv", csv_record("Ethanol"))
    for spelling, models in {
        "{0}//": "+stg_pubmed_articles",
        "{0}/raw/..": "+stg_pubmed_articles",
        "{0}/../{1}/.": "+mentioned_drugs",
    }.items():
        spelt = spelling.format(root.path, root.path.name)
        outcome = dbt_in_process.invoke(
            spelt, ("run", "--full-refresh", "--select", models)
        )
        assert outcome.success, outcome.messages
        assert root.query(
            "select raw_file, title from stg_pubmed_articles"
        ) == [("raw/2020/pubmed.csv", "Ethanol")]
    assert files_and_dates(root) == {
        "Ethanol": ("raw/2020/pubmed.csv", "2020-02-01")
    }


def test_a_roots_own_name_is_no_column(
    root: DataRoot, dbt_in_process: DbtInProcess, tmp_path: Path
) -> None:
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,ETHANOL\n")
    root.write("pubmed.csv", csv_record("Ethanol"))
    folder = tmp_path / "date=1999-01-01"
    shutil.copytree(root.path / "raw", folder / "raw")
    other = DataRoot(folder, dbt_in_process)
    outcome = other.dbt("run", "--select", "+mentioned_drugs")
    assert outcome.success, outcome.messages
    (mention,) = other.mentions()
    assert mention["date"] == "2020-02-01"
    (row,) = other.dbt(
        "show", "--inline", "select * from {{ ref('mentioned_drugs') }}"
    ).rows
    assert str(row["date"]) == "2020-02-01"


@pytest.mark.slow
def test_hundreds_of_files_are_read_like_a_few(root: DataRoot) -> None:
    """Those that DuckDB can't read as they are share a copy."""
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,ETHANOL\n")
    titles = {}
    for number in range(400):
        title = f"Ethanol {number}"
        name = f"{number % 7}/pubmed_{number:04}"
        text = csv_record(title)
        if number % 10 == 1:
            text = csv_record(f'"Ethanol\n{number}"')
        if number % 200 == 2:
            text += "2,too,many,cells,here\n"
        if number % 200 == 3:
            text += '2,"A quote that nobody closes,2020-01-01,J\n'
        write(root, f"{name}.csv", text)
        titles[title] = (f"raw/{name}.csv", "2020-02-01")
        write(root, f"{name}.json", json_record(f"{title} in JSON"))
        titles[f"{title} in JSON"] = (f"raw/{name}.json", "2020-02-01")
    outcome = root.build()
    assert outcome.success, outcome.messages
    assert files_and_dates(root) == titles
    assert len(root.mentions()) == len(titles)
    assert [row["raw_file"] for row in root.rejected()] == [
        f"raw/{number % 7}/pubmed_{number:04}.csv"
        for number in sorted((2, 3, 202, 203), key=lambda n: (n % 7, n))
    ]


def test_a_folder_of_another_user_is_refused_with_the_remedy(
    root: DataRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, _: path != root.path)
    outcome = root.build()
    assert not outcome.success
    assert f"can't write to {root.path}. It belongs to" in outcome.messages
    assert "docker run --user" in outcome.messages
    assert "Traceback" not in outcome.messages


@pytest.mark.parametrize("name", ["what?", "no#1"])
def test_a_path_that_duckdb_cant_open_is_refused_with_the_remedy(
    root: DataRoot,
    dbt_in_process: DbtInProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,ETHANOL\n")
    root.write("pubmed.csv", csv_record("Ethanol"))
    folder = tmp_path / name
    shutil.copytree(root.path / "raw", folder / "raw")
    other = DataRoot(folder, dbt_in_process)
    messages = other.dbt("run").messages
    assert f"can't open {folder}/drug_mentions.duckdb" in messages
    assert "DRUG_MENTIONS_DB" in messages
    assert [path.name for path in folder.iterdir()] == ["raw"]
    database = tmp_path / "drug_mentions.duckdb"
    monkeypatch.setenv("DRUG_MENTIONS_DB", str(database))
    outcome = other.dbt("run")
    assert outcome.success, outcome.messages
    assert len(other.mentions()) == 1
