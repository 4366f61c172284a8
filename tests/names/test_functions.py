"""Functions of text by example, and folding against plain Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import names_oracle as oracle
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from name_lists import PROJECT

if TYPE_CHECKING:
    import duckdb


FOLDER = PROJECT / "macros" / "functions"
# Function, takes, gives, null gives, example, result.
REFERENCE = [
    [cell.strip(" `").replace("\\|", "|") for cell in cells]
    for line in (FOLDER / "README.md").read_text("utf-8").splitlines()
    if line.startswith("| `")
    and (cells := re.split(r"(?<!\\)\|", line.strip("|")))
]


@pytest.mark.parametrize("row", REFERENCE, ids=lambda row: row[0])
def test_functions_do_what_the_reference_says(
    database: duckdb.DuckDBPyConnection, row: list[str]
) -> None:
    call, _, gives, null_gives, example, result = row
    of_null = re.sub(r"\w+(?=[,)])", "null", call.replace(", …", ""))
    found = database.execute(
        f"select {example} is not distinct from {result}, "
        f"{of_null} is not distinct from {null_gives}, typeof({of_null})"
    ).fetchone()
    assert found == (True, True, gives.partition(",")[0])


def test_the_reference_has_every_function_that_a_model_calls() -> None:
    listed = {row[0].partition("(")[0] for row in REFERENCE}
    files = list(FOLDER.glob("*.sql"))
    functions = {
        name
        for file in files
        for name in re.findall(r"macro (\w+)", file.read_text("utf-8"))
    }
    called = {
        word
        for file in (PROJECT / "models").rglob("*.sql")
        for word in re.findall(r"(\w+)\(", file.read_text("utf-8"))
    }
    assert listed == (functions & called) | {file.stem for file in files}


FOLDED = [
    ("5-Fluorouracil", "5 fluorouracil"),
    ("M&eacute;thyl, M&#233;thyl, M&#xe9;thyl", "methyl methyl methyl"),
    ("M&amp;eacute;thyl &amp; M", "methyl m"),
    ("AT&T; &foo; &", "at t foo"),
    ("D&lt;sub&gt;3&lt;/sub&gt; and D<sub>3</sub>", "d3 and d3"),
    ('D<sub class="x">3</sub>', "d3"),
    ("<5 mg and >3 mg of it", "5 mg and 3 mg of it"),
    ("Zyrtec(R) or Haldol (TM)", "zyrtec or haldol"),
    ("(R)-warfarin", "r warfarin"),
    ("Î²-carotene, Ã©tude", "beta carotene etude"),
    ("MAÇÃ” é”", "maca e"),
    ("β-carotene at 5 µM", "beta carotene at 5 mum"),
    ("Straße œuvre", "strasse oeuvre"),
    ("ばは й и", "ばは й и"),
    ("हिन्दी", "हिन्दी"),
    ("soft\u00adhyphen", "softhyphen"),
    ("", ""),
    (None, None),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_texts_are_folded(
    database: duckdb.DuckDBPyConnection, text: str | None, folded: str | None
) -> None:
    row = database.execute("select fold_text(?::varchar)", [text]).fetchone()
    assert row == (folded,)


WORDS = st.text(
    alphabet=st.sampled_from("abZ 019-()<>éÉßβµœ²ばйи\u0301\u200d.,/"),
    max_size=25,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(WORDS, min_size=1, max_size=20))
def test_folding_is_as_plain_python_says(
    database: duckdb.DuckDBPyConnection, texts: list[str]
) -> None:
    rows = database.execute(
        "select fold_text(text) from (select unnest(?::varchar[]) as text)",
        [texts],
    ).fetchall()
    assert [row[0] for row in rows] == [oracle.fold(text) for text in texts]


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("il 2", {"il 2", "il2"}),
        ("oil", {"oil"}),
        ("5 fluorouracil", {"5 fluorouracil", "5fluorouracil"}),
        (
            "ifn alfa 2b",
            {
                "ifn alfa 2b",
                "ifn alfa2b",
                "ifn alfa 2 b",
                "ifn alfa2 b",
            },
        ),
        ("ro 15 1788", {"ro 15 1788", "ro15 1788"}),
    ],
)
def test_digits_are_written_in_every_way(
    database: duckdb.DuckDBPyConnection, name: str, spellings: set[str]
) -> None:
    [row] = database.execute(
        "select digit_spellings(with_digits_marked(?))", [name]
    ).fetchall()
    assert set(row[0]) == spellings


@pytest.mark.parametrize(
    ("before", "another"),
    [
        ("nor-", True),
        ("2-mercapto-", True),
        ("the anti-", True),
        ("nitro-l-", True),
        ("gamma-vinyl ", True),
        ("13-cis-", True),
        ("low-dose-", False),
        ("post-", False),
        ("co-", False),
        ("l-", False),
        ("d,l-", False),
        ("", False),
        ("terminator-", False),
    ],
)
def test_what_stands_before_a_name(
    database: duckdb.DuckDBPyConnection, before: str, another: bool
) -> None:
    row = database.execute("select prefix_means_another(?)", [before])
    assert row.fetchone() == (another,)


@pytest.mark.parametrize(
    ("behind", "another"),
    [
        (" receptor", True),
        ("-receptors,", True),
        ("(a) receptors", True),
        (" type 1 receptor", True),
        (" d(2) receptor agonist", True),
        (" s-transferase", True),
        (" b-hydroxylase", True),
        (" transporter gene", True),
        (" regulatory factor 6", True),
        ("-aldosterone system", True),
        ("-like growth factor", True),
        (" 150 proline", True),
        (" dioxide", True),
        ("-deficient mice", True),
        (" gene-related peptide", True),
        ("-producing adenoma", True),
        ("-related toxicity", False),
        ("-induced disease", False),
        (" release", False),
        (" in the disease", False),
        ("", False),
        (", receptor", False),
        ("-treated gulls", False),
        ("-free", False),
        (" increase in it", False),
    ],
)
def test_what_stands_behind_a_name(
    database: duckdb.DuckDBPyConnection, behind: str, another: bool
) -> None:
    row = database.execute("select rest_means_another(?)", [behind])
    assert row.fetchone() == (another,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maternal & fetal medicine", "MATERNAL AND FETAL MEDICINE"),
        ("Auk reports", "Auk Reports."),
        ("Cancers (Basel, Switzerland)", "CANCERS (Basel)."),
        ("Medicine (Abingdon)", "Medicine (Abingdon, England : UK ed.)"),
        ("The Lancet", "Lancet"),
        ("Journal of nursing : JN", "Journal of Nursing"),
    ],
)
def test_spellings_of_a_journal(
    database: duckdb.DuckDBPyConnection, one: str, other: str
) -> None:
    [row] = database.execute(
        "select journal_key(?), journal_key(?)", [one, other]
    ).fetchall()
    assert row[0] == row[1]
