"""What the tests of the page share: hostile text, and a browser."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from browser import chromium, playwright_browser
from pages import HOSTILE, Mention, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, for all tests of a process."""
    pytest.importorskip(
        "playwright", reason="Playwright is missing: install the group browser"
    )
    if chromium() is None:
        pytest.skip(
            "Chromium is missing: apt install chromium, or set CHROMIUM"
        )
    with playwright_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def some() -> World:
    """Make a few mentions of every form."""
    ethanol = Mention()
    other = ethanol.but(
        title="Betamethasone, tetracycline or nothing for insect bites?",
        identifier="203",
        journal="Alder Journal of Dermatology",
        day=date(2020, 8, 24),
    )
    bites = [
        other.but(drug="BETAMETHASONE", code="D07AC"),
        other.but(drug="BETAMETHASONE", code="H02AB"),
        other.but(drug="TETRACYCLINE", code="J01AA"),
    ]
    trial = ethanol.but(
        title="Méthyl-prednisolone After Smoke: a Trial of 5 Doses",
        drug="METHYL PREDNISOLONE",
        code="H02AB",
        kind="clinical_trials",
        identifier="NCT99000004",
        day=date(2019, 3, 1),
        precision="month",
        text="methyl prednisolone",
    )
    undated = ethanol.but(
        title="Tetracycline, some day",
        drug="TETRACYCLINE",
        code="J01AA",
        identifier=None,
        journal=None,
        day=None,
        precision=None,
    )
    abbreviated = ethanol.but(
        title="Tetracycline in mussels",
        drug="TETRACYCLINE",
        code="J01AA",
        identifier="206",
        journal="Ann Harb Med",
        day=date(2018, 1, 1),
        precision="year",
    )
    return World(
        mentions=[ethanol, *bites, trial, undated, abbreviated],
        journals={"Ann Harb Med": "Annals of Harbour Medicine"},
        files=[
            ("raw/drugs.csv", "drugs", 5, 5, 0, 0, 0, 0),
            ("raw/pubmed.csv", "pubmed", 9, 6, 1, 0, 2, 1),
        ],
        rejected=[
            ("raw/pubmed.csv", 16, None, True, "unparseable_row", "\t"),
            ("raw/pubmed.csv", None, 2, True, "blank_title", '{"title": " "}'),
            ("raw/pubmed.csv", None, 5, False, "unreadable_date", "32/13/2020"),
        ],
    )


@pytest.fixture(scope="session")
def hostile() -> World:
    """Text that nobody should get into a page, wherever text can stand."""
    mentions = [
        Mention(
            title=title,
            identifier=identifier,
            journal=title,
            kind=kind,
            text="ethanol",
        )
        for title, (identifier, kind) in zip(
            HOSTILE,
            [
                ("javascript:alert(1)", "pubmed"),
                ("../../evil", "pubmed"),
                ("NCT00000001\n", "clinical_trials"),
                ("NCT0000000é", "clinical_trials"),
                ("123456789", "pubmed"),
                ("12?x=1", "pubmed"),
                ("<b>1</b>", "clinical_trials"),
                ("https://example.org", "pubmed"),
                ("NCT00000002", "pubmed"),
                ("12345678", "clinical_trials"),
            ],
            strict=True,
        )
    ]
    mentions.extend(
        Mention(
            title=f"Drug of a name {name}",
            drug=name,
            code=name,
            identifier=str(number),
        )
        for number, name in enumerate(HOSTILE)
    )
    return World(
        mentions=mentions,
        files=[(f"raw/{text}", text, 1, 0, 0, 0, 1, 0) for text in HOSTILE],
        rejected=[
            (f"raw/{text}", 1, None, True, text[:50], text) for text in HOSTILE
        ],
    )
