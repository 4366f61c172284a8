"""The page as a reader meets it, in Chromium: every control, every state.

`open_page` fails on anything in the console and on any request.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from browser import expect, open_page
from pages import Mention, World, content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS = {"phone": 360, "zoomed to 200 %": 640, "desktop": 1280}
STATUS = "#status"


@pytest.fixture(scope="session")
def page_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, World], Path]:
    """Write a world's page, once."""
    folder = tmp_path_factory.mktemp("pages")

    def write(name: str, world: World) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            file.write_text(content("mentioned_drugs_html", world), "utf-8")
        return file

    return write


@pytest.fixture
def opened(
    browser: Browser, page_file: Callable[[str, World], Path], some: World
) -> Callable[..., AbstractContextManager[Page]]:
    """Open the page of a few mentions."""

    @contextmanager
    def open_some(address: str = "", **options: Any) -> Iterator[Page]:  # noqa: ANN401
        with open_page(
            browser, page_file("some", some), address, **options
        ) as page:
            yield page

    return open_some


def titles(page: Page) -> list[str]:
    """Titles in the table, from the top."""
    return page.locator("#rows tbody .title").all_inner_texts()


def test_without_a_filter_browser_counts_what_sql_counts(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened() as page:
        counted, expected = page.evaluate(
            """() => {
              const all = {q: "", drug: "", atc: "", journal: "", kind: "",
                from: "", to: ""};
              const {first, last, ...expected} = mentions.data.all;
              return [mentions.summarise(mentions.select(all), 20), expected];
            }"""
        )
        assert counted == expected


# A filter, what is written into it, and how many of five publications pass.
FILTERS = [
    ("q", "MUSSELS", 1),
    ("q", "mice ethanol", 1),
    ("q", "prednisolone méthyl", 1),
    ("q", "methyl-prednisolone", 1),
    ("q", "203", 1),
    ("q", "alder", 1),
    ("q", "harb med", 3),
    ("q", "nothing like it", 0),
    ("drug", "TETRACYCLINE", 3),
    ("drug", "tetra", 3),
    ("drug", "e", 5),
    ("atc", "H02", 2),
    ("atc", "d08ax", 1),
    ("journal", "Annals of Harbour Medicine", 3),
    ("journal", "ann harb", 3),
    ("journal", "alder", 1),
    ("kind", "pubmed", 4),
    ("kind", "clinical_trials", 1),
    ("from", "2020-01-01", 2),
    ("to", "2019-12-31", 2),
]


def test_filters_act_on_everything(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened() as page, opened() as other:
        for name, value, expected in FILTERS:
            field = page.locator(f"#filter-{name}")
            if name == "kind":
                field.select_option(value)
            else:
                field.fill(value)
            noun = "publication" if expected == 1 else "publications"
            status = page.inner_text(STATUS)
            assert status.startswith(f"{expected} {noun} of 5,"), (name, value)
            assert len(titles(page)) == expected
            cards = page.locator("#totals strong").all_inner_texts()
            assert cards[1] == str(expected)
            assert page.locator("#empty").is_visible() == (expected == 0)
            assert page.locator("#drugs-chart button").count() == int(cards[2])
            journals = page.locator("#graph-chart .node.journal").count()
            assert journals == int(cards[3])
            # The address has it, and so has who opens it.
            address = page.evaluate("location.hash")
            assert address.startswith(f"#{name}=")
            other.evaluate("(hash) => { location.hash = hash; }", address)
            expect(other.locator(f"#filter-{name}")).to_have_value(value)
            assert titles(other) == titles(page)
            page.click("#reset")
            assert len(titles(page)) == 5
            assert page.evaluate("location.hash") == ""


def test_pictures_filter_with_the_mouse_and_with_the_keyboard(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened() as page:
        page.click("#drugs-chart button >> nth=0")
        assert page.input_value("#filter-drug") == "TETRACYCLINE"
        page.go_back()
        assert page.input_value("#filter-drug") == ""
        assert len(titles(page)) == 5

        page.locator("#matrix-chart .heat").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        drug = page.input_value("#filter-drug")
        assert drug
        assert page.input_value("#filter-journal")
        # Drawn anew, and the focus is where it was.
        assert drug in page.evaluate(
            "document.activeElement.getAttribute('aria-label')"
        )
        page.keyboard.press("Enter")
        assert page.input_value("#filter-drug") == ""

        page.locator("#graph-chart .node").first.focus()
        page.keyboard.press("End")
        page.keyboard.press(" ")
        assert page.input_value("#filter-journal")
        page.click("#reset")

        page.locator("#time-chart .bar").first.focus()
        page.keyboard.press("End")
        page.keyboard.press("Enter")
        assert page.input_value("#filter-from") == "2020-08-01"
        assert page.input_value("#filter-to") == "2020-08-31"
        assert len(titles(page)) == 1
        page.click("#reset")

        page.locator("#question .plain").first.click()
        assert (
            page.input_value("#filter-journal") == "Annals of Harbour Medicine"
        )
        page.click("#reset")

        page.locator("#rows .tag").first.click()
        assert page.input_value("#filter-drug") == "BETAMETHASONE"
        page.locator("#rows .plain").first.click()
        assert (
            page.input_value("#filter-journal")
            == "Alder Journal of Dermatology"
        )


def test_journal_question_shows_its_tie(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened() as page:
        answer = page.locator("#question-answer .answer")
        assert answer.inner_text() == (
            "Annals of Harbour Medicine mentions 3 drugs. "
            "No other journal mentions as many."
        )
        page.fill("#filter-drug", "TETRACYCLINE")
        assert answer.inner_text() == (
            "Alder Journal of Dermatology mentions 1 drug. 1 other journal "
            "mentions as many; of a tie the first in the alphabet is the "
            "answer."
        )
        page.fill("#filter-drug", "METHYL PREDNISOLONE")
        assert "Annals of Harbour Medicine" in answer.inner_text()


def test_table_sorts_both_ways_and_pages(
    browser: Browser, page_file: Callable[[str, World], Path]
) -> None:
    many = World(
        [
            Mention(
                title=f"Ethanol {n:03}", identifier=str(n), journal=f"J{n % 7}"
            )
            for n in range(130)
        ]
    )
    with open_page(browser, page_file("many", many)) as page:
        assert len(titles(page)) == 25
        page.click("#next")
        assert page.inner_text("#page-number") == "Page 2 of 6"
        page.select_option("#page-size", "100")
        assert len(titles(page)) == 100
        page.click("#next")
        assert len(titles(page)) == 30
        assert page.locator("#next").is_disabled()
        page.click("#previous")
        assert page.locator("#previous").is_disabled()
        for name in ("Title", "Journal", "Kind", "Date"):
            heading = page.locator("th", has_text=name).first
            heading.locator("button").click()
            first = heading.get_attribute("aria-sort")
            heading.locator("button").click()
            second = heading.get_attribute("aria-sort")
            assert {first, second} == {"ascending", "descending"}
            assert (
                page.evaluate("document.activeElement.textContent")[: len(name)]
                == name
            )
        page.locator("th button", has_text="Title").click()
        assert titles(page)[0] == "Ethanol 000"
        page.locator("th button", has_text="Title").click()
        assert titles(page)[0] == "Ethanol 129"
        address = page.evaluate("location.hash")
        with open_page(browser, page_file("many", many), address) as other:
            assert titles(other) == titles(page)


def test_matched_words_are_marked_and_ids_are_links(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened() as page:
        assert page.locator("#rows mark").all_inner_texts() == [
            "Betamethasone",
            "tetracycline",
            "Ethanol",
            "Méthyl-prednisolone",
            "Tetracycline",
            "Tetracycline",
        ]
        assert [
            link.get_attribute("href")
            for link in page.locator("#rows tbody a").all()
        ] == [
            "https://pubmed.ncbi.nlm.nih.gov/203/",
            "https://clinicaltrials.gov/study/NCT99000004",
            "https://pubmed.ncbi.nlm.nih.gov/206/",
        ]
        dates = page.locator("#rows tbody td:first-child").all_inner_texts()
        assert dates == [
            "24 Aug 2020",
            "1 Jan 2020",
            "Mar 2019",
            "2018",
            "no date",
        ]


def test_numbers_and_dates_are_the_readers(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened(locale="de-DE") as page:
        assert "24.08.2020" in page.inner_text("#rows tbody tr >> nth=0")
    with opened(locale="ar-EG") as page:
        assert "\u0665" in page.inner_text(STATUS)


def test_csv_is_what_was_published(
    opened: Callable[..., AbstractContextManager[Page]], some: World
) -> None:
    with opened(permissions=["clipboard-read", "clipboard-write"]) as page:
        with page.expect_download() as download:
            page.click("#download")
        text = download.value.path().read_text("utf-8-sig")
        found = list(csv.DictReader(io.StringIO(text)))
        assert sorted(
            (
                row["atccode"],
                row["drug"],
                row["id"],
                row["publication_title"],
                row["article_type"],
                row["journal"],
                row["date"],
            )
            for row in found
        ) == sorted(
            (
                one.code,
                one.drug,
                one.identifier or "",
                one.title,
                one.kind,
                one.journal or "",
                str(one.day or ""),
            )
            for one in some.mentions
        )
        page.fill("#filter-atc", "D07")
        page.click("#copy")
        expect(page.locator("#said")).to_have_text("1 publication copied.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert [row.split(",")[0] for row in copied.splitlines()[1:]] == [
            "D07AC"
        ]
        page.click("#share")
        expect(page.locator("#said")).to_have_text("Link copied.")
        assert page.evaluate("navigator.clipboard.readText()").endswith(
            "#atc=D07"
        )


def test_accounts_and_reasons_are_shown(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened() as page:
        assert page.inner_text("#records-note").startswith(
            "14 records in 2 raw files: 11 kept, 1 merged into another, "
            "2 put aside."
        )
        page.locator("#records-aside summary", has_text="No title").click()
        assert page.locator(
            "#records-aside code", has_text="title"
        ).is_visible()
        page.locator("#time summary").click()
        assert page.locator("#time-table tbody tr").count() == 4


def test_everything_can_be_reached_and_used_with_the_keyboard_alone(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened() as page:
        # Each control is a stop, is seen to be one, and none is a trap.
        stops = []
        for _ in range(200):
            page.keyboard.press("Tab")
            stop = page.evaluate(
                """() => {
                  const here = document.activeElement;
                  if (here === document.body) {
                    return null;
                  }
                  const seen = here.querySelector(".target") ?? here;
                  const style = getComputedStyle(seen);
                  const box = here.getBoundingClientRect();
                  return {
                    name: here.id || here.getAttribute("aria-label")
                      || here.textContent,
                    within: here.closest("section, form, header")?.id ?? "",
                    isSeen: (style.outlineStyle !== "none"
                      || (style.stroke !== "none" && seen !== here))
                      && box.bottom > 0 && box.top < innerHeight,
                  };
                }"""
            )
            if stop is None:
                break
            stops.append(stop)
        assert stop is None
        assert [one for one in stops if not one["isSeen"]] == []
        names = [one["name"] for one in stops]
        for name in FILTERS:
            assert f"filter-{name[0]}" in names
        assert {"share", "copy", "download", "page-size"} <= set(names)
        assert {one["within"] for one in stops} >= {
            "time",
            "drugs",
            "matrix",
            "question",
            "publications",
            "records",
        }
        # A date, a choice and a text, typed; then all of it is cleared.
        page.focus("#filter-kind")
        page.keyboard.press("t")
        assert len(titles(page)) == 1
        page.focus("#filter-drug")
        page.keyboard.type("tetra")
        assert page.locator("#empty").is_visible()
        page.focus("#reset")
        page.keyboard.press("Enter")
        assert len(titles(page)) == 5
        assert page.evaluate("document.activeElement.id") == "filter-q"
        page.locator("th button", has_text="Title").focus()
        page.keyboard.press("Enter")
        assert titles(page)[0].startswith("Betamethasone")
        page.keyboard.press("Enter")
        assert titles(page)[0] == "Tetracycline, some day"
        page.locator("#time summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("#time-table").is_visible()


def test_links_within_the_page_move_the_focus(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    with opened("#drug=TETRACYCLINE") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "publications"
        for link in page.locator("nav a").all():
            link.click()
            target = link.get_attribute("href").removeprefix("#")
            assert page.evaluate("document.activeElement.id") == target
        assert page.evaluate("location.hash") == "#drug=TETRACYCLINE"


def test_address_may_say_anything(
    opened: Callable[..., AbstractContextManager[Page]],
) -> None:
    address = (
        "#q=<script>alert(1)</script>&kind=evil&from=yesterday&page=-3&rows=1e9"
        "&sort=__proto__&order=up&drug=%F0%9F%A7%AA&x=y"
    )
    with opened(address) as page:
        assert page.input_value("#filter-q") == "<script>alert(1)</script>"
        assert page.input_value("#filter-kind") == ""
        assert titles(page) == []
        page.evaluate("location.hash = '#drug=ETHANOL'")
        expect(page.locator("#filter-drug")).to_have_value("ETHANOL")
        assert titles(page) == ["Ethanol in mice"]


def test_hostile_text_stays_text(
    browser: Browser, page_file: Callable[[str, World], Path], hostile: World
) -> None:
    with open_page(
        browser,
        page_file("hostile", hostile),
        "#rows=100",
        permissions=["clipboard-read", "clipboard-write"],
    ) as page:
        assert page.locator("#rows tbody tr").count() == 20
        assert page.locator("script, style, img, iframe").count() == 3
        for link in page.locator("#rows a").all():
            assert re.fullmatch(
                r"https://(pubmed\.ncbi\.nlm\.nih\.gov/\d{1,8}/"
                r"|clinicaltrials\.gov/study/NCT\d{8})",
                link.get_attribute("href"),
            )
        # Numbers 0 to 9 of the drugs' names; none of the ids that look alike.
        assert page.locator("#rows a").count() == 10
        for details in page.locator("#records-aside summary").all():
            details.click()
        for name in ("drugs-chart", "rows", "question"):
            page.locator(f"#{name} button").first.click()
        page.click("#reset")
        page.click("#copy")
        expect(page.locator("#said")).to_contain_text("copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert not re.search(r'(?m)(^|,)"?[=+@-]', copied.replace("\r\n", "\n"))
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(100)
            assert overflow(page) <= 0, width


def overflow(page: Page) -> int:
    """How far the page is wider than its window, in pixels."""
    return page.evaluate(
        "document.documentElement.scrollWidth - window.innerWidth"
    )


@pytest.mark.parametrize("state", ["some", "nothing", "one", "filtered"])
def test_everyone_can_use_it(
    browser: Browser,
    page_file: Callable[[str, World], Path],
    some: World,
    state: str,
) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe-core is missing")
    axe = (
        files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    )
    world = {"nothing": World(), "one": World([Mention()])}.get(state, some)
    with open_page(
        browser,
        page_file(state if state != "filtered" else "some", world),
        "#drug=TETRACYCLINE" if state == "filtered" else "",
    ) as page:
        page.evaluate(axe)
        for width in WIDTHS.values():
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(100)
            assert overflow(page) <= 0, width
            page.evaluate(
                "document.querySelectorAll('details')"
                ".forEach((one) => one.setAttribute('open', ''))"
            )
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found = page.evaluate("axe.run()")
                assert [
                    (rule["id"], node["html"], node["failureSummary"])
                    for rule in found["violations"]
                    for node in rule["nodes"]
                ] == [], (width, scheme)


def test_print_has_all_rows_and_no_controls(
    browser: Browser, page_file: Callable[[str, World], Path]
) -> None:
    many = World(
        [Mention(title=f"Ethanol {n}", identifier=str(n)) for n in range(130)]
    )
    with open_page(browser, page_file("printed", many)) as page:
        page.emulate_media(media="print")
        for hidden in ("#copy", "#next", "nav", "#reset", "#filter-q"):
            assert not page.locator(hidden).is_visible()
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert len(titles(page)) == 130
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert len(titles(page)) == 25
        assert page.pdf().startswith(b"%PDF")


def test_page_of_part_says_so(
    browser: Browser, page_file: Callable[[str, World], Path]
) -> None:
    many = World(
        [Mention(title=f"Ethanol {n}", identifier=str(n)) for n in range(30)],
        variables={"page_mentions": 10},
    )
    with open_page(browser, page_file("part", many)) as page:
        assert page.inner_text("#coverage").startswith(
            "This page holds the newest 10 of 30 publications, since "
            "1 Jan 2020."
        )
        assert page.locator("#totals strong").first.inner_text() == "30"
        page.fill("#filter-drug", "ethanol")
        assert page.inner_text(STATUS) == "10 publications of 10, 10 mentions"


def test_page_of_200_000_mentions_works(
    browser: Browser, tmp_path: Path
) -> None:
    from benchmark import make  # noqa: PLC0415 - takes its time

    text, found, _, _ = make(200_000)
    assert found > 200_000
    assert len(text.encode()) < 20_000_000
    file = tmp_path / "large.html"
    file.write_text(text, "utf-8")
    with open_page(browser, file) as page:
        page.fill("#filter-q", "ba")
        page.fill("#filter-atc", "C")
        assert len(titles(page)) == 25
        page.locator("th button", has_text="Title").click()
        assert titles(page) == sorted(titles(page), key=str.lower)
        assert overflow(page) <= 0
