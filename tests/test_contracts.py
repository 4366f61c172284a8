"""The contracts in data/contracts: what they reject and agree with."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from builds import (
    DRUGS_HEADER,
    EXERCISE,
    PROJECT,
    PUBMED_HEADER,
    TRIALS_HEADER,
)
from jsonschema import Draft7Validator, ValidationError

CONTRACTS = PROJECT / "data" / "contracts"
SAMPLE_MENTIONS = PROJECT / "tests" / "sample_mentioned_drugs.json"
# The kind of file that each contract is about.
RAW_KINDS = {
    "clinical_trials": "clinical_trials",
    "drugs": "drugs",
    "pubmed_csv": "pubmed",
    "pubmed_json": "pubmed",
}

ARTICLE = {
    "id": "1",
    "title": "Gulls",
    "date": "2020-01-31",
    "journal": "Nature",
}


def contract(name: str) -> dict[str, Any]:
    """Read a contract."""
    text = (CONTRACTS / f"{name}.odcs.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def properties(name: str) -> list[dict[str, Any]]:
    """Read the fields of a contract."""
    [schema] = contract(name)["schema"]
    return schema["properties"]


def dbt_yaml(path: str) -> dict[str, Any]:
    """Read a file of the dbt project."""
    return yaml.safe_load((PROJECT / path).read_text(encoding="utf-8"))


def check(*files: Path) -> tuple[int, list[str]]:
    """Run the producers' command; return its exit code and what it printed.

    Of a breach only file, line, field and rule are kept.
    """
    ran = subprocess.run(
        [sys.executable, str(CONTRACTS / "check.py"), *map(str, files)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not ran.stderr
    lines = []
    for line in ran.stdout.splitlines():
        path, rest = re.match(r"([^:]+):(.*)", line).groups()
        breach = re.match(r"\d+: (?:[a-z_, ]+: )?[A-Za-z0-9-]+(?=: )", rest)
        lines.append(f"{Path(path).name}:{breach[0] if breach else rest}")
    return ran.returncode, lines


@pytest.fixture
def published_validator() -> Draft7Validator:
    """Validate a mention as the published contract demands it."""
    file = CONTRACTS / "generated" / "mentioned_drugs.schema.json"
    return Draft7Validator(
        json.loads(file.read_text(encoding="utf-8")),
        format_checker=Draft7Validator.FORMAT_CHECKER,
    )


def test_published_file_keeps_its_contract(
    published_validator: Draft7Validator,
) -> None:
    mentions = json.loads(SAMPLE_MENTIONS.read_text(encoding="utf-8"))
    names = [field["name"] for field in properties("mentioned_drugs")]
    for mention in mentions:
        published_validator.validate(mention)
        assert list(mention) == names


@pytest.mark.parametrize(
    "change",
    [
        {"drug": None},
        {"atccode": ""},
        {"id": 7},
        {"id": ""},
        {"journal": ""},
        {"article_type": "preprint"},
        {"date": "31/01/2020"},
    ],
    ids=str,
)
def test_broken_published_file_is_noticed(
    published_validator: Draft7Validator, change: dict[str, Any]
) -> None:
    mention = json.loads(SAMPLE_MENTIONS.read_text(encoding="utf-8"))[0]
    with pytest.raises(ValidationError):
        published_validator.validate(mention | change)


def test_published_contract_is_that_of_the_model() -> None:
    [model] = dbt_yaml("models/marts/mentioned_drugs.yml")["models"]
    assert [
        (column["name"], column["data_type"]) for column in model["columns"]
    ] == [
        (field["name"], field["physicalType"])
        for field in properties("mentioned_drugs")
    ]


def test_raw_contracts_are_those_of_the_sources() -> None:
    [source] = dbt_yaml("models/staging/_sources.yml")["sources"]
    columns = {
        table["name"]: [column["name"] for column in table["columns"]]
        for table in source["tables"]
    }
    for name, kind in RAW_KINDS.items():
        assert [field["name"] for field in properties(name)] == columns[kind]
        path = PurePosixPath(contract(name)["servers"][0]["path"])
        assert path.name.startswith(f"{kind}*.")


def test_exercise_is_rejected_with_reasons() -> None:
    if not EXERCISE.is_dir():
        pytest.skip("the exercise's files are not part of this project")
    code, lines = check(*sorted(EXERCISE.iterdir()))
    assert code == 1
    assert [line for line in lines if ": date: format" not in line] == [
        "clinical_trials.csv:4: scientific_title: pattern",
        "clinical_trials.csv:6: scientific_title: pattern",
        "clinical_trials.csv:7: journal: pattern",
        "clinical_trials.csv:8: id: pattern",
        "clinical_trials.csv:9: journal: pattern",
        "clinical_trials.csv: breaks the contract clinical_trials 1.0.0 "
        "(records: 8, breaches: 13)",
        "drugs.csv:7: atccode: pattern",
        "drugs.csv: breaks the contract drugs 1.0.0 (records: 7, breaches: 1)",
        "pubmed.csv:10: csv",
        "pubmed.csv: breaks the contract pubmed_csv 1.0.0 "
        "(records: 8, breaches: 8)",
        "pubmed.json:2: id: type",
        "pubmed.json:8: id: type",
        "pubmed.json:26: id: pattern",
        "pubmed.json: breaks the contract pubmed_json 1.0.0 "
        "(records: 5, breaches: 8)",
    ]


def test_clean_files_pass(tmp_path: Path) -> None:
    files = {
        "drugs_2020.csv": DRUGS_HEADER + "V03AB,ÉTHANOL\nV03AB16,ETHANOL\n",
        "pubmed.csv": "\ufeffjournal,x,title,date,id\r\n"
        '"Nature, B",,"Two\r\nlines",2020-02-29,12\r\n',
        "pubmed_no_record.csv": PUBMED_HEADER,
        "pubmed.json": json.dumps([ARTICLE, ARTICLE | {"id": "2"}], indent=2),
        "pubmed_lines.json": json.dumps(ARTICLE) + "\n",
        "pubmed_no_record.json": "[]\n",
        # What a build reads without loss: the content says what a file is.
        "articles.csv": PUBMED_HEADER + "\n1,A,2020-01-31,J,\n\n",
        "pubmed_comma.json": f"[{json.dumps(ARTICLE)},\n]",
        "clinical_trials.csv": TRIALS_HEADER + "NCT01,Gulls,2020-01-31,J\n",
        "mentioned_drugs.json": SAMPLE_MENTIONS.read_text(encoding="utf-8"),
    }
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    with gzip.open(tmp_path / "pubmed_packed.csv.gz", "wt") as file:
        file.write(PUBMED_HEADER)
    code, lines = check(*tmp_path.iterdir())
    assert code == 0, lines
    assert len(lines) == len(files) + 1


# File name, content, what is told of it.
BREACHES = [
    ("drugs_code.csv", DRUGS_HEADER + "6302001,X\n", ["2: atccode: pattern"]),
    (
        "drugs_twice.csv",
        DRUGS_HEADER + "V03AB,ETHANOL\nV03AB,X\nV03AB,ETHANOL\n",
        ["4: atccode, drug: primaryKey"],
    ),
    ("drugs_column.csv", "atc,drug\nV03AB,X\n", ["1: file"]),
    ("drugs_empty.csv", "", ["1: file"]),
    ("drugs_line.csv", DRUGS_HEADER.encode() + b"V03AB,\xe9\n", ["2: csv"]),
    (
        "drugs_1252.csv",
        DRUGS_HEADER.encode() + b"V03AB,\xe9\nV03AB,\xe8\n",
        ["1: utf-8"],
    ),
    (
        "pubmed_id.csv",
        PUBMED_HEADER + ",Gulls,2020-01-31,J\n",
        ["2: id: pattern"],
    ),
    (
        "pubmed_blank.csv",
        PUBMED_HEADER + '1,"  ",2020-01-31,J\n',
        ["2: title: pattern"],
    ),
    (
        "pubmed_padded.csv",
        PUBMED_HEADER + "1,Gulls ,2020-01-31,J\n",
        ["2: title: pattern"],
    ),
    (
        "pubmed_escape.csv",
        PUBMED_HEADER + r"1,Gull\xc3\xb1,2020-01-31,J" + "\n",
        ["2: title: pattern"],
    ),
    (
        "pubmed_date.csv",
        PUBMED_HEADER + '1,"A\nB",01/02/2020,J\n2,Gulls,2020-02-30,J\n',
        ["2: date: format", "4: date: format"],
    ),
    (
        "pubmed_cells.csv",
        PUBMED_HEADER + "\t\n1,A,2020-01-31,J\n1,A,2020-01-31,J,x\n",
        ["2: csv", "4: csv"],
    ),
    (
        "pubmed_open_quote.csv",
        PUBMED_HEADER + '1,A,2020-01-31,J\n2,A,2020-01-31,"J\n',
        ["3: csv"],
    ),
    (
        "pubmed_behind_quote.csv",
        PUBMED_HEADER + '1,"A"B,2020-01-31,J\n',
        ["2: csv"],
    ),
    ("pubmed_packed.csv.gz", "not gzipped", ["1: file"]),
    (
        "pubmed_twice.json",
        json.dumps(ARTICLE) + "\n" + json.dumps(ARTICLE) + "\n",
        ["2: id: primaryKey"],
    ),
    (
        "pubmed_type.json",
        json.dumps([ARTICLE | {"id": 1}, None], indent=1),
        ["2: id: type", "8: type"],
    ),
    ("pubmed_key.json", '[\n{"id": "1"}\n]', ["1: file"]),
    (
        "pubmed_keys.json",
        f'[\n{json.dumps(ARTICLE)},\n{{"id": "2"}}\n]',
        ["3: required"] * 3,
    ),
    ("pubmed_cut.json", f"[{json.dumps(ARTICLE)},\n", ["1: file"]),
    ("pubmed_open.json", f"[{json.dumps(ARTICLE)}\n", ["1: file"]),
    ("pubmed_behind.json", "[]\n[]", ["2: file"]),
    ("pubmed_empty.json", "", ["1: file"]),
    (
        "synonyms.csv",
        "drug,synonym\n",
        [" name: no contract is for a file of the kind drug_synonyms"],
    ),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Run the producers' command on every broken file at once."""
    folder = tmp_path_factory.mktemp("broken")
    for name, content, _ in BREACHES:
        (folder / name).write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
    code, lines = check(*folder.iterdir())
    assert code == 1
    return lines


@pytest.mark.parametrize(
    ("name", "breaches"),
    [(name, breaches) for name, _, breaches in BREACHES],
    ids=[name for name, _, _ in BREACHES],
)
def test_broken_file_is_rejected(
    printed: list[str], name: str, breaches: list[str]
) -> None:
    told = [line for line in printed if line.startswith(f"{name}:")]
    assert [line for line in told if " the contract " not in line] == [
        f"{name}:{breach}" for breach in breaches
    ]
    assert not any(" keeps the contract " in line for line in told)
