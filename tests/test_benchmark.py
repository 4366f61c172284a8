"""The benchmark's corpus, small: what a build finds is what anybody would."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from builds import PROJECT

if TYPE_CHECKING:
    from builds import DataRoot

sys.path.insert(0, str(PROJECT / "tests" / "benchmark"))

import corpus

pytestmark = pytest.mark.slow


def test_generated_titles_are_matched_like_the_reference(
    empty_root: DataRoot,
) -> None:
    corpus.generate(empty_root.path, titles=2_000, names=50)
    outcome = empty_root.build()
    assert outcome.success, outcome.messages
    drugs = empty_root.query("select drug_key, folded_name from int_drugs")
    words_only = "lower(regexp_replace({}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
    titles = empty_root.query(
        "select publication_key, "
        + words_only.format(
            "strip_accents(replace(replace(replace("
            "title, '<i>', ''), '</i>', ''), 'β', 'beta'))"
        )
        + " from int_publications"
    )
    reference = {
        (drug_key, publication_key)
        for drug_key, name in drugs
        for publication_key, title in titles
        if f" {name} " in f" {title} "
    }
    assert len(reference) > 50
    matched = empty_root.query(
        "select drug_key, publication_key from int_drug_mentions"
    )
    assert sorted(matched) == sorted(reference)


def test_the_same_seed_gives_the_same_files(empty_root: DataRoot) -> None:
    folders = [empty_root.path / name for name in ("one", "two", "other")]
    for folder, seed in zip(folders, (1, 1, 2), strict=True):
        corpus.generate(folder, titles=200, names=20, seed=seed)
    one, two, other = (
        [file.read_bytes() for file in sorted((folder / "raw").glob("*.csv"))]
        for folder in folders
    )
    assert one == two
    assert one != other
