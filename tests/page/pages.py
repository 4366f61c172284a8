"""Makes the page and the graph of a few rows, without a build.

The models are plain SQL: their `ref`, `source` and `var` are filled in here,
and they run in an empty DuckDB over tables by those names.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "macros" / "plugins"))

from project_files import page_template_parts  # noqa: E402 - on the path now

MARTS = PROJECT / "models" / "marts"
PAGE = PROJECT / "macros" / "publishing" / "page"
FUNCTIONS = PROJECT / "macros" / "functions"
VARS = yaml.safe_load((PROJECT / "dbt_project.yml").read_text("utf-8"))["vars"]

TABLES = """
create table mentions (
    drug_key bigint, publication_key bigint, atc_code varchar,
    drug_name varchar, publication_id varchar, title varchar,
    article_type varchar, journal varchar, publication_date date,
    date_precision varchar, matched_name varchar, matched_text varchar
);
create table int_drugs (
    drug_key bigint, name_key bigint, atc_code varchar, drug_name varchar
);
create table int_journals (journal varchar, shown_journal varchar);
create table raw_file_reconciliation (
    raw_file varchar, source_name varchar, records_read bigint,
    records_kept bigint, records_merged bigint, records_deleted bigint,
    records_rejected bigint, records_with_warning bigint
);
create table rejected_records (
    raw_file varchar, line_number bigint, record_number bigint,
    is_rejected boolean, reason varchar, raw_text varchar
);
create table mentions_before (
    atccode varchar, drug varchar, id varchar, publication_title varchar,
    article_type varchar, journal varchar, date date
);
create table stg_raw_files (is_new boolean);
create table int_month_first_files (raw_file varchar);
create table page_template (name varchar, content varchar);
create view mentioned_drugs as
select
    atc_code as atccode, drug_name as drug, publication_id as id,
    title as publication_title, article_type, journal,
    publication_date as date
from mentions;
"""

# Titles that would like to be more than text.
HOSTILE = [
    "</script><script>alert(1)</script> ethanol",
    "<!-- <script> ethanol",
    "<img src=x onerror=alert(1)> ethanol",
    "%%data%% %%script%% %%policy%% ethanol",
    "{{ ref('x') }} {% raw %} ${alert(1)} ethanol",
    "javascript:alert(1) ethanol",
    "=HYPERLINK(\"https://example.org\") 'ethanol'",
    "\u202eethanol \u2028\u2029 \u0000 \u001b]0;x\u0007 &amp; &lt;b&gt; ]]>",
    "ethanol " + "m" * 5000,
    "éthanol \U0001f9ea \ufffe العربية עברית",
]


@dataclass(frozen=True)
class Mention:
    """One drug (and ATC code) in one publication."""

    title: str = "Ethanol in mice"
    drug: str = "ETHANOL"
    code: str = "D08AX"
    identifier: str | None = "900000005"
    kind: str = "pubmed"
    journal: str | None = "Annals of Harbour Medicine"
    day: date | None = date(2020, 1, 1)
    precision: str | None = "day"
    text: str | None = None
    drug_key: int | None = None
    publication_key: int | None = None

    def but(self, **changes: Any) -> Mention:  # noqa: ANN401 - any field
        """Return the same with some fields changed."""
        return replace(self, **changes)


@dataclass
class World:
    """What a build would have made of the raw files.

    `journals` is the name shown for a spelling; `files` and `rejected` are rows
    of the models of the accounts, in the order of their columns.
    """

    mentions: list[Mention] = field(default_factory=list)
    journals: dict[str, str] = field(default_factory=dict)
    files: list[tuple[Any, ...]] = field(default_factory=list)
    rejected: list[tuple[Any, ...]] = field(default_factory=list)
    before: list[tuple[Any, ...]] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)


def number_of(*parts: object) -> int:
    """Return a number for what these parts name, the same every time."""
    return abs(hash(parts)) % 2**62


def connect(world: World) -> duckdb.DuckDBPyConnection:
    """Return a database with a table for each model that is read."""
    connection = duckdb.connect()
    connection.execute(TABLES)
    for name in ("xml_text", "cut_text"):
        connection.execute((FUNCTIONS / f"{name}.sql").read_text("utf-8"))
    add_template(connection)
    keys: dict[object, int] = {}

    def key(*parts: object) -> int:
        return keys.setdefault(parts, len(keys) + 1)

    rows = []
    for one in world.mentions:
        publication = (
            one.title,
            one.kind,
            one.identifier,
            one.journal,
            one.day,
        )
        rows.append(
            [
                one.drug_key or key("drug", one.drug, one.code),
                one.publication_key or key("publication", *publication),
                one.code,
                one.drug,
                one.identifier,
                one.title,
                one.kind,
                one.journal,
                one.day,
                one.precision,
                one.drug,
                one.text or one.drug,
            ]
        )
    insert(connection, "mentions", rows)
    connection.execute(
        """
        insert into int_drugs
        select distinct drug_key, hash(drug_name) >> 1, atc_code, drug_name
        from mentions
        """
    )
    journals = {
        one.journal: world.journals.get(one.journal, one.journal)
        for one in world.mentions
        if one.journal is not None
    }
    insert(connection, "int_journals", list(journals.items()))
    insert(connection, "raw_file_reconciliation", world.files)
    insert(connection, "rejected_records", world.rejected)
    insert(connection, "mentions_before", world.before)
    return connection


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[Any]
) -> None:
    """Insert rows, if there are any."""
    if rows:
        places = ", ".join("?" for _ in rows[0])
        connection.executemany(f"insert into {table} values ({places})", rows)


def add_template(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the template as a build does."""
    insert(connection, "page_template", page_template_parts(PAGE))


def compiled(model: str, variables: dict[str, Any]) -> str:
    """Return a model's SQL with `ref`, `source` and `var` filled in.

    As with dbt, an ephemeral model becomes a first part of the query.
    """
    parts: dict[str, str] = {}
    sql = _filled(model, {**VARS, **variables}, parts)
    before = "".join(f"{name} as ({part}),\n" for name, part in parts.items())
    return re.sub(r"(?m)^with ", lambda _: f"with {before}", sql, count=1)


def _filled(model: str, values: dict[str, Any], parts: dict[str, str]) -> str:
    """Fill in one model, and add what it is made of to `parts`."""
    (file,) = MARTS.rglob(f"{model}.sql")

    def relation(found: re.Match[str]) -> str:
        name = found[1]
        if not any(
            "materialized: ephemeral" in file.read_text("utf-8")
            for file in MARTS.rglob(f"{name}.yml")
        ):
            return name
        if name not in parts:
            part = _filled(name, values, parts)
            parts[name] = part
        return name

    sql = re.sub(r"(?m)^-- depends_on.*$", "", file.read_text("utf-8"))
    sql = re.sub(
        r"\{\{\s*var\('(\w+)'\)\s*\}\}",
        lambda found: str(values[found[1]]),
        sql,
    )
    sql = re.sub(r"\{\{\s*source\('\w+',\s*'(\w+)'\)\s*\}\}", r"\1", sql)
    return re.sub(r"\{\{\s*ref\('(\w+)'\)\s*\}\}", relation, sql)


def content(model: str, world: World) -> str:
    """Return what a model that is one text writes to its file."""
    with connect(world) as connection:
        rows = connection.execute(compiled(model, world.variables)).fetchall()
    return "".join(text for (text,) in rows)


def rows(model: str, world: World) -> list[dict[str, Any]]:
    """Return a model's rows, a dict each."""
    with connect(world) as connection:
        found = connection.execute(compiled(model, world.variables))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
