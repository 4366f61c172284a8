"""What holds of every model, whatever it is about: its columns and its YAML."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "macros" / "plugins"))

from project_files import load_functions  # noqa: E402 - on the path now
from raw_files.kinds import Kind, read_kinds  # noqa: E402
from raw_files.views import create_empty_views  # noqa: E402

MODELS = PROJECT / "models"
STAGING = MODELS / "staging"
KINDS = read_kinds(STAGING / "_sources.yml")

# The columns of a base model, by the staging model that unites it with others.
OF_A_RECORD = {
    *("raw_file", "raw_file_version", "record_number", "line_number"),
    *("reader_defect", "raw_text", "raw_record"),
}
OF_A_TRIAL = OF_A_RECORD | {
    *("is_registered", "publication_id", "title", "journal", "date_text"),
}
OF_AN_ARTICLE = OF_A_TRIAL | {
    *("journal_abbreviation", "record_version", "revised_on", "is_deleted"),
}
OF_A_NAME = OF_A_RECORD | {
    *("vocabulary", "concept_id", "atc_code", "name", "other_names"),
    *("is_drug", "is_in_use"),
}
KNOWN = {
    "stg_pubmed_articles": OF_AN_ARTICLE,
    "stg_clinical_trials": OF_A_TRIAL,
    "stg_vocabulary_names": OF_A_NAME,
}
# Only some formats have these.
OPTIONAL = OF_AN_ARTICLE - OF_A_TRIAL


def refs(sql: str) -> list[str]:
    """Return the base models that SQL reads."""
    return re.findall(r"from \{\{ ref\('(base_\w+)'\) \}\}", sql)


UNITED = {
    file.stem: refs(sql)
    for file in STAGING.glob("*.sql")
    if "union all by name" in (sql := file.read_text("utf-8"))
}


def test_every_union_by_name_is_known() -> None:
    assert set(UNITED) == set(KNOWN)
    assert all(len(bases) > 1 for bases in UNITED.values())


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    """Open DuckDB with the project's functions and an empty view per kind."""
    connection = duckdb.connect(config={"threads": 1})
    load_functions(connection, PROJECT / "macros" / "functions")
    connection.execute("create schema raw")
    create_empty_views(connection, "raw", KINDS, replace=True)
    return connection


@pytest.mark.parametrize(
    ("staging", "base"),
    [(staging, base) for staging in UNITED for base in UNITED[staging]],
)
def test_a_base_model_has_the_columns_of_its_union(
    database: duckdb.DuckDBPyConnection, staging: str, base: str
) -> None:
    """`union all by name` reads a misspelt column as null, without an error."""
    sql = (STAGING / "base" / f"{base}.sql").read_text("utf-8")
    [kind] = re.findall(r"source\('raw', '(\w+)'\)", sql)
    query = re.sub(r"\{\{ source\('raw', '(\w+)'\) \}\}", r'raw."\1"', sql)
    columns = {
        name for name, *_ in database.execute(f"describe {query}").fetchall()
    }
    assert columns - KNOWN[staging] == set(), "unknown columns"
    missing = KNOWN[staging] - OPTIONAL - columns
    if reader_keeps_the_text(kind):
        missing -= {"raw_record"}
    assert missing == set(), "missing columns"


def reader_keeps_the_text(kind_name: str) -> bool:
    """Whether every record of a kind has a `raw_text`, even a good one."""
    [kind] = [one for one in KINDS if one.name == kind_name]
    assert isinstance(kind, Kind)
    return kind.layout in {"medline", "objects"}


def described_models() -> dict[str, dict[str, Any]]:
    """Return what the YAML beside the models says of each."""
    return {
        model["name"]: model
        for file in sorted(MODELS.rglob("*.yml"))
        for model in yaml.safe_load(file.read_text("utf-8")).get("models", ())
    }


DESCRIBED = described_models()


def test_every_model_is_described() -> None:
    files = {file.stem for file in MODELS.rglob("*.sql")}
    assert files == set(DESCRIBED)


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_description_begins_with_the_grain(name: str) -> None:
    assert DESCRIBED[name]["description"].startswith("One row")


@pytest.mark.parametrize(
    "name",
    [name for name in DESCRIBED if DESCRIBED[name].get("access") == "public"],
)
def test_a_public_model_has_a_contract_and_described_columns(name: str) -> None:
    model = DESCRIBED[name]
    assert model["config"]["contract"] == {"enforced": True}
    assert model["columns"]
    for column in model["columns"]:
        assert column["data_type"]
        assert column["description"].strip()
