"""What dbt compiles for BigQuery is SQL that BigQuery knows.

No build is tried: that takes a project of Google's. `.ci/bigquery` installs
what this takes, and runs it; elsewhere these tests are skipped.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from conftest import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

if not (find_spec("dbt.adapters.bigquery") and find_spec("sqlglot")):
    pytest.skip(".ci/bigquery was not run", allow_module_level=True)

import sqlglot
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.tokens import TokenType

# The functions of BigQuery that statements may call, as they are spelt there:
# sqlglot takes every engine's spelling for every dialect's. Behind them, words
# of the language that stand in front of a parenthesis too.
FUNCTIONS = set(
    """
    abs array_agg array_concat array_concat_agg array_length array_slice
    array_to_string byte_length cast chr coalesce concat count dense_rank error
    farm_fingerprint from_hex greatest json_value left length logical_or lower
    max md5 min normalize nullif parse_date regexp_contains regexp_extract
    regexp_extract_all regexp_replace replace reverse row_number safe_cast
    safe_offset split string_agg strpos substr substring to_hex to_json_string
    translate trim upper
    """.split()  # noqa: SIM905 - a page of quotes says no more
)
WORDS = set(
    """
    and array as by exists from in join not or over select struct then unnest
    using when where
    """.split()  # noqa: SIM905
)
# Those of them that sqlglot has no expression for.
NOT_KNOWN_TO_SQLGLOT = {"error"}
TYPES = {
    exp.DataType.Type.ARRAY,
    exp.DataType.Type.BIGINT,
    exp.DataType.Type.DATE,
    exp.DataType.Type.INT,
    exp.DataType.Type.TEXT,
    exp.DataType.Type.TIMESTAMPTZ,
}
# Columns of the tables of sources whose files have none: see README.
COLUMNS = {
    "ctgov_json": ["study"],
    "pubmed_nbib": ["text_line", "line_number"],
    "pubmed_xml": ["pmid", "title", "journal", "date"],
}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Compile everything with a key that opens nothing."""
    folder = tmp_path_factory.mktemp("bigquery")
    key = folder / "key.json"
    _write_key(key)
    compiled = subprocess.run(
        [
            sys.executable,
            *("-m", "dbt.cli.main", "--quiet", "compile"),
            *("--target", "bigquery", "--target-path", str(folder / "target")),
            *("--no-populate-cache", "--no-introspect"),
        ],
        cwd=PROJECT,
        env=os.environ
        | {
            "DRUG_MENTIONS_DATA": "gs://bucket/prefix",
            "DRUG_MENTIONS_PROJECT": "project",
            "GOOGLE_APPLICATION_CREDENTIALS": str(key),
            # No request gets anywhere, so that none is needed.
            "HTTPS_PROXY": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    return json.loads((folder / "target" / "manifest.json").read_text())


def test_everything_is_compiled(manifest: dict[str, Any]) -> None:
    compiled = {
        node["name"]
        for node in _nodes(manifest).values()
        if node["compiled"] and node["compiled_code"].strip()
    }
    written = {
        file.stem
        for folder in ("models", "analyses", "tests")
        for file in (PROJECT / folder).rglob("*.sql")
        if file.parent.name != "generic"
    }
    tests = {
        node["name"]
        for node in _nodes(manifest).values()
        if node["resource_type"] == "test"
    }
    assert written <= compiled
    assert tests <= compiled
    assert len(compiled) == len(_nodes(manifest))
    assert len(tests) > len(list((PROJECT / "tests").glob("*.sql")))


def test_every_statement_is_of_bigquery(manifest: dict[str, Any]) -> None:
    faults = {
        node["name"]: fault
        for node in _nodes(manifest).values()
        if (fault := _fault(node["compiled_code"]))
    }
    assert not faults


def test_every_column_is_there(manifest: dict[str, Any]) -> None:
    tables = _tables(manifest)
    parsed = 0
    for node in _parents_first(_nodes(manifest)):
        columns = _columns(node["compiled_code"], tables)
        parsed += 1
        if node["resource_type"] == "model":
            assert node["columns"].keys() in (set(), set(columns)), node["name"]
            tables[node["database"]][node["schema"]][node["name"]] = _of_text(
                columns
            )
    assert parsed == len(_nodes(manifest))


@pytest.mark.parametrize(
    "statement",
    [
        "select 1::string",
        "select cast('1' as varchar)",
        "select try_cast('1' as int64)",
        "select [1, 2][1:2]",
        "select bool_or(true)",
        "select contains('a', 'b')",
        "select list_filter([1], x -> x > 1)",
        "select count(*) filter (where true)",
        "select array_sort(array_agg(1))",
        "select xxhash64('a')",
        "select explode([1])",
        "select string_agg('a') within group (order by 1)",
        "select 1 union select 2",
        "select 1 where false",
        "select regexp_contains('a', '\\d')",
        "select * from drugs anti join drugs as others using (drug)",
        "select * from drugs semi join drugs as others using (drug)",
        "select * from drugs left join drugs as others on others.drug like 'a'",
        "with recursive steps as (select 1) select * from steps",
        "select struct_pack(a := 1)",
    ],
)
def test_other_engines_spellings_are_noticed(statement: str) -> None:
    assert _fault(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select drug as name, upper(name) as upper_name from p.d.drugs",
        "select dose from p.d.drugs",
    ],
)
def test_columns_that_are_not_there_are_noticed(statement: str) -> None:
    tables = {"p": {"d": {"drugs": _of_text(["drug"])}}}
    assert _columns("select drug from p.d.drugs", tables) == ["drug"]
    with pytest.raises(SqlglotError):
        _columns(statement, tables)


def _write_key(file: Path) -> None:
    """Write what a service account's key file is like."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    file.write_text(
        json.dumps(
            {
                "type": "service_account",
                "project_id": "project",
                "private_key_id": "none",
                "private_key": key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                ).decode(),
                "client_email": "nobody@project.iam.gserviceaccount.com",
                "client_id": "none",
                "token_uri": "https://oauth2.googleapis.com/token",
            }
        ),
        encoding="utf-8",
    )


def _nodes(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """All that dbt compiles: it does not compile unit tests."""
    return {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in {"model", "analysis", "test"}
    }


def _fault(sql: str) -> str | None:
    """Say what BigQuery would not know in a statement."""
    try:
        statements = sqlglot.parse(
            sql, dialect="bigquery", error_level=ErrorLevel.RAISE
        )
    except SqlglotError as error:
        return str(error)
    if len(statements) != 1 or statements[0] is None:
        return f"{len(statements)} statements"
    faults = {
        *(_faults_of_words(sql)),
        *filter(None, map(_fault_of_node, statements[0].walk())),
    }
    return "; ".join(sorted(faults)) or None


def _faults_of_words(sql: str) -> list[str]:
    tokens = sqlglot.tokenize(sql, dialect="bigquery")
    faults = [
        f"{name.text}()"
        for name, parenthesis in pairwise(tokens)
        if parenthesis.token_type is TokenType.L_PAREN
        and re.fullmatch(r"\w+", name.text)
        and name.token_type not in {TokenType.STRING, TokenType.RAW_STRING}
        and name.text.lower() not in FUNCTIONS | WORDS
    ]
    # A recursion can't be in a CTE, which is where names_reached stands.
    faults += [
        token.text
        for token in tokens
        if token.token_type in {TokenType.DCOLON, TokenType.RECURSIVE}
    ]
    # A backslash means something in a text that is not raw.
    faults += [
        f"{literal}: escape"
        for literal in re.findall(
            r"(?<![\w'])'(?:[^'\\\n]|\\.)*'",
            re.sub(r"\br'[^']*'|--[^\n]*", "", sql),
        )
        if re.search(r"\\[^nrt'\"\\]", literal)
    ]
    return faults


def _fault_of_node(node: exp.Expression) -> str | None:  # noqa: PLR0911
    match node:
        case exp.Anonymous() if node.name.lower() not in NOT_KNOWN_TO_SQLGLOT:
            return f"{node.name}()"
        case exp.DataType() if node.this not in TYPES:
            return f"type {node.this}"
        case exp.Filter() | exp.Lambda() | exp.Slice() | exp.WithinGroup():
            return type(node).__name__
        case exp.Join() if {node.side, node.kind} & {"ANTI", "SEMI"}:
            return f"{node.side}{node.kind} join"
        case exp.Join() if node.side and not any(
            isinstance(condition, exp.EQ | exp.NullSafeEQ)
            and isinstance(condition.left, exp.Column)
            and isinstance(condition.right, exp.Column)
            for condition in _conditions(node)
        ):
            return "an outer join needs columns that are equal"
        case exp.Select() if node.args.get("where") and not node.args.get(
            "from_"
        ):
            return "where without from"
    return None


def _conditions(join: exp.Join) -> list[exp.Expression]:
    condition = join.args.get("on")
    if isinstance(condition, exp.And):
        return list(condition.flatten())
    return [condition] if condition else []


def _tables(manifest: dict[str, Any]) -> dict[str, Any]:
    """Tables that are there before a build, with their columns."""
    model = next(iter(_nodes(manifest).values()))
    lists = {}
    for file in (PROJECT / "seeds").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            lists[file.stem] = _of_text(next(csv.reader(lines)))
    tables: dict[str, Any] = {model["database"]: {"drug_mentions": lists}}
    for raw_source in manifest["sources"].values():
        columns = COLUMNS.get(raw_source["name"]) or [
            re.sub(r"[^a-z0-9]+", "_", column)
            for column in raw_source["columns"]
        ]
        database = tables.setdefault(raw_source["database"], {})
        database.setdefault(raw_source["schema"], {})[raw_source["name"]] = (
            _of_text([*columns, "_file_name"])
        )
    return tables


def _of_text(columns: list[str]) -> dict[str, str]:
    return dict.fromkeys(columns, "STRING")


def _parents_first(nodes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    ordered: dict[str, dict[str, Any]] = {}

    def add(unique_id: str) -> None:
        if unique_id in nodes and unique_id not in ordered:
            for parent in nodes[unique_id]["depends_on"]["nodes"]:
                add(parent)
            ordered[unique_id] = nodes[unique_id]

    for unique_id in nodes:
        add(unique_id)
    return list(ordered.values())


def _columns(sql: str, tables: dict[str, Any]) -> list[str]:
    """Find every column of a statement in what it reads; return its own.

    A column of a select is nothing to the others of the same select, as it is
    on other engines, but for `group by`.
    """
    statement = sqlglot.parse_one(sql, dialect="bigquery")
    for select in statement.find_all(exp.Select):
        names = {column.alias for column in select.expressions}
        if group := select.args.get("group"):
            group.set(
                "expressions",
                [
                    column
                    for column in group.expressions
                    if column.name not in names or column.args.get("table")
                ],
            )
    return qualify(
        statement, schema=tables, dialect="bigquery", expand_alias_refs=False
    ).named_selects
