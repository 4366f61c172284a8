"""The page and the graph as text: what is in them, and what can't get in."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from pages import (
    HOSTILE,
    PAGE,
    Mention,
    World,
    compiled,
    connect,
    content,
    rows,
)

MEGABYTE = 1_000_000


class Parsed(HTMLParser):
    """The elements of a page, and the text of its scripts and styles."""

    def __init__(self, page: str) -> None:
        """Parse it as a browser would."""
        super().__init__(convert_charrefs=False)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.inside = ""
        self.feed(page)

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        """Remember it."""
        self.elements.append((tag, dict(attrs)))
        self.inside = f"{tag}{dict(attrs).get('type') or ''}"

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        self.inside = ""

    def handle_data(self, data: str) -> None:
        """Keep what a script or a style says."""
        self.texts.setdefault(self.inside, []).append(data)

    def text(self, name: str) -> str:
        """Return the text of the only element of this kind."""
        return "".join(self.texts[name])

    @property
    def data(self) -> dict[str, Any]:
        """What the page holds."""
        return json.loads(self.text("scriptapplication/json"))


def page_of(world: World) -> Parsed:
    """Return the parsed page."""
    return Parsed(content("mentioned_drugs_html", world))


def test_page_runs_nothing_but_its_own_script_and_fetches_nothing(
    some: World,
) -> None:
    page = page_of(some)
    (policy,) = [
        attributes["content"]
        for tag, attributes in page.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    def sha256(text: str) -> str:
        digest = hashlib.sha256(text.encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
        "script-src": sha256(page.text("script")),
        "style-src": sha256(page.text("style")),
    }
    for tag, attributes in page.elements:
        assert "src" not in attributes
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert tag != "link" or attributes["href"] == "data:,"
        assert tag not in {"iframe", "object", "embed", "base", "img"}


def test_template_ends_no_element_too_early() -> None:
    for file in [*PAGE.glob("*.js"), PAGE / "libraries" / "d3.js"]:
        text = file.read_text("utf-8").lower()
        assert "</script" not in text
        assert "<!--" not in text
        assert "%%" not in text
    assert "</style" not in (PAGE / "style.css").read_text("utf-8").lower()


def test_policy_holds_for_a_checkout_with_windows_line_ends(
    some: World,
) -> None:
    with connect(some) as connection:
        sql = compiled("mentioned_drugs_html", {})
        before = connection.execute(sql).fetchall()
        connection.execute(
            "update page_template set content = "
            "replace(content, chr(10), chr(13) || chr(10))"
        )
        assert connection.execute(sql).fetchall() == before


def test_no_text_gets_out_of_the_data(hostile: World, some: World) -> None:
    page = page_of(hostile)
    assert [tag for tag, _ in page.elements] == [
        tag for tag, _ in page_of(some).elements
    ]
    assert "<" not in page.text("scriptapplication/json")
    assert set(HOSTILE) <= set(page.data["publications"]["title"])
    assert set(HOSTILE) <= set(page.data["drugs"]["name"])
    assert set(HOSTILE) <= set(page.data["journals"]["name"])


def test_page_holds_what_was_published(some: World) -> None:
    data = page_of(some).data
    totals = data["all"]
    assert totals["rows"] == len(some.mentions)
    assert totals["mentions"] == 6
    assert (totals["publications"], totals["articles"], totals["trials"]) == (
        5,
        4,
        1,
    )
    assert totals["drugs"] == 4
    assert totals["journals"] == 2
    assert totals["undated"] == 1
    assert data["embedded"]["publications"] == 5
    assert data["drugs"]["codes"] == [
        ["D07AC", "H02AB"],
        ["D08AX"],
        ["H02AB"],
        ["J01AA"],
    ]
    # The newest first, without a date last.
    assert data["publications"]["title"] == [
        "Betamethasone, tetracycline or nothing for insect bites?",
        "Ethanol in mice",
        "Méthyl-prednisolone After Smoke: a Trial of 5 Doses",
        "Tetracycline in mussels",
        "Tetracycline, some day",
    ]
    # An article of a day, one of a day, a trial of a month, an article of a
    # year, one without a date.
    assert data["publications"]["form"] == "00420"


def test_answer_counts_drugs_and_shows_the_tie() -> None:
    tied = [
        Mention(title="A", journal="B journal", drug="ETHANOL", code="A"),
        Mention(title="A", journal="B journal", drug="ETHANOL", code="B"),
        Mention(title="A", journal="B journal", drug="ATROPINE"),
        Mention(title="B", journal="a J", drug="ETHANOL", code="A"),
        Mention(title="B", journal="a J", drug="ETHANOL", code="B"),
        Mention(title="C", journal="A Journal", drug="ATROPINE"),
    ]
    totals = page_of(World(tied, journals={"a J": "A Journal"})).data["all"]
    assert totals["tied"] == 1
    assert [
        (leader["journal"], leader["drugCount"], leader["drugs"])
        for leader in totals["leaders"]
    ] == [
        ("A Journal", 2, ["ATROPINE", "ETHANOL"]),
        ("B journal", 2, ["ATROPINE", "ETHANOL"]),
    ]


def test_same_input_gives_the_same_bytes(some: World, hostile: World) -> None:
    world = World(
        some.mentions + hostile.mentions,
        some.journals,
        some.files,
        some.rejected,
    )
    # Keys are of the publication, so they must not depend on the order here.
    numbered = [
        one.but(
            drug_key=hash((one.drug, one.code)) >> 1 & (2**60 - 1),
            publication_key=hash((one.title, one.identifier)) & (2**60 - 1),
        )
        for one in world.mentions
    ]
    for model in ("mentioned_drugs_html", "mention_graph"):
        texts = set()
        for seed in range(3):
            shuffled = random.Random(seed).sample(numbered, len(numbered))
            texts.add(
                content(
                    model,
                    World(
                        shuffled, world.journals, world.files, world.rejected
                    ),
                )
            )
        assert len(texts) == 1


def test_page_of_nothing_and_of_little_is_small(some: World) -> None:
    assert page_of(World()).data["all"]["mentions"] == 0
    assert len(content("mentioned_drugs_html", some).encode()) < 1.5 * MEGABYTE


def test_newest_are_embedded_above_the_number_that_is_stated() -> None:
    many = [
        Mention(title=f"Ethanol {n}", day=date(2020, 1, 1) + timedelta(n))
        for n in range(50)
    ]
    data = page_of(World(many, variables={"page_mentions": 20})).data
    assert data["publications"]["title"] == [
        f"Ethanol {n}" for n in range(49, 29, -1)
    ]
    assert data["embedded"] == {
        "publications": 20,
        "since": (date(2020, 1, 31) - date(1970, 1, 1)).days,
    }
    assert data["all"]["publications"] == 50


@pytest.mark.parametrize("letter", ["x", "<"])
def test_page_stays_below_20_megabytes(letter: str) -> None:
    # As they stand on the page, 24 MB of titles and journals.
    length = 120_000 // len(json.dumps(letter).replace("<", "u003c..")[1:-1])
    many = [
        Mention(title=f"Ethanol {n} {letter * length}", journal=f"{n} {letter}")
        for n in range(200)
    ]
    page = content("mentioned_drugs_html", World(many))
    assert len(page.encode()) < 20 * MEGABYTE
    assert 0 < Parsed(page).data["embedded"]["publications"] < 200


def test_libraries_are_what_was_bundled() -> None:
    folder = PAGE / "libraries"
    for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ")
        text = (folder / name).read_bytes()
        assert hashlib.sha256(text).hexdigest() == digest
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    packages = {
        name.removeprefix("node_modules/"): package
        for name, package in lock["packages"].items()
        if name
    }
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    notices = (folder / "LICENSES.txt").read_text("utf-8")
    bundle = (folder / "d3.js").read_text("utf-8")
    assert notices.strip() in bundle
    bundled = re.findall(r"(?m)^(d3-\w+|internmap) (\S+) \(ISC\)$", notices)
    assert bundled
    for name, version in bundled:
        assert packages[name]["version"] == version


def test_changed_mentions_are_added_and_removed_ones() -> None:
    kept = Mention(title="Kept")
    new = Mention(title="New")
    before = [
        (
            "D08AX",
            "ETHANOL",
            one.identifier,
            one.title,
            one.kind,
            one.journal,
            one.day,
        )
        for one in (kept, Mention(title="Gone"))
    ]
    changed = rows("changed_mentions", World([kept, new], before=before))
    assert [(row["change"], row["publication_title"]) for row in changed] == [
        ("added", "New"),
        ("removed", "Gone"),
    ]
    assert list(changed[0]) == [
        "change",
        "atccode",
        "drug",
        "id",
        "publication_title",
        "article_type",
        "journal",
        "date",
    ]


@pytest.mark.parametrize("name", ["some", "hostile", "nothing"])
def test_summary_of_a_build_fits_a_terminal(
    name: str, request: pytest.FixtureRequest
) -> None:
    world = World() if name == "nothing" else request.getfixturevalue(name)
    with connect(world) as connection:
        connection.execute(
            "create table changed_mentions as "
            + compiled("changed_mentions", {})
        )
        lines = connection.execute(compiled("build_summary", {})).fetchall()
    assert len(lines) <= 20
    for number, line in lines:
        # Drugs, journals and what is new; the others say counts.
        assert len(line) <= 79 or number in {10, 20, 30}
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", line)
