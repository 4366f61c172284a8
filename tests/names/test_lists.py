"""The maintained lists are sound: no name means two drugs by accident."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest
from name_lists import PROJECT, seed

KINDS = {
    *("USAN", "BAN", "INN", "JAN", "brand", "code", "abbreviation"),
    *("chemical name", "former or chemical name", "salt or ester"),
    *("spelling", "misspelling", "plural", "combination", "other name"),
}


def plain(name: str) -> str:
    """Write a name without case and punctuation."""
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


SYNONYMS = seed("drug_synonyms")


@pytest.mark.parametrize(
    "name",
    [
        *("drug_synonyms", "names_not_meant", "salts", "ions"),
        *("spelling_pairs", "name_qualifiers", "journal_abbreviations"),
    ],
)
def test_every_line_stands_there_once(name: str) -> None:
    lines = Counter(tuple(row.values())[:2] for row in seed(name))
    assert [line for line, count in lines.items() if count > 1] == []


def test_no_name_means_two_months() -> None:
    names = Counter(row["name"] for row in seed("month_names"))
    assert [name for name, count in names.items() if count > 1] == []


def test_synonyms_have_a_known_kind_and_mark() -> None:
    assert {row["kind"] for row in SYNONYMS} <= KINDS
    marks = {row["ambiguous"] for row in SYNONYMS}
    assert marks == {"", "body", "reagent", "gene", "word"}


def test_no_pair_says_the_same_twice_or_nothing() -> None:
    pairs = Counter(
        tuple(sorted((plain(row["drug"]), plain(row["synonym"]))))
        for row in SYNONYMS
    )
    assert [pair for pair, count in pairs.items() if count > 1] == []
    assert [pair for pair in pairs if pair[0] == pair[1]] == []


def test_no_synonym_is_short_enough_to_be_a_word_of_anything() -> None:
    short = {
        row["synonym"]
        for row in SYNONYMS
        if len(plain(row["synonym"]).replace(" ", "")) < 3
        and not row["ambiguous"]
    }
    assert short == {"o2"}


def test_an_ambiguous_name_is_not_a_clear_one_as_well() -> None:
    marked = {
        (plain(row["drug"]), plain(row["synonym"]))
        for row in SYNONYMS
        if row["ambiguous"]
    }
    clear = {
        (plain(row["drug"]), plain(row["synonym"]))
        for row in SYNONYMS
        if not row["ambiguous"]
    }
    assert marked & clear == set()


def test_a_code_or_brand_means_one_drug() -> None:
    drugs = defaultdict(set)
    for row in SYNONYMS:
        if row["kind"] in {"code", "brand"} and not row["ambiguous"]:
            drugs[plain(row["synonym"])].add(plain(row["drug"]))
    several = {
        name: sorted(meant)
        for name, meant in drugs.items()
        if len(meant) > 1 and not _are_linked(meant)
    }
    assert several == {}


def _are_linked(names: set[str]) -> bool:
    """Tell whether one name contains the others, as a combination does."""
    words = [set(name.split()) - {"and"} for name in names]
    return any(
        all(word <= one or one & word for word in words) for one in words
    )


def test_what_is_no_drug_has_its_reason() -> None:
    rows = seed("names_not_meant")
    assert {row["kind"] for row in rows} == {"generic", "context"}
    assert all(row["reason"] for row in rows)
    assert all(row["phrase"] == plain(row["phrase"]) for row in rows)
    assert all(
        2 <= len(row["phrase"].split()) <= 6
        for row in rows
        if row["kind"] == "context"
    )


def test_names_are_compared_by_the_pairs_of_the_list() -> None:
    written = (PROJECT / "macros/functions/spelt_alike.sql").read_text()
    pairs = re.findall(r", '([a-z]+)', '([a-z]+)'\)", written)
    listed = [
        (row["one_spelling"], row["other_spelling"])
        for row in seed("spelling_pairs")
    ]
    assert pairs == listed
    # No pair leads back to where another began.
    assert {one for one, _ in listed} & {other for _, other in listed} == set()
