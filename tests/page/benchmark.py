"""Measures the page at 200,000 mentions: size, build, load, each filter.

    python tests/page/benchmark.py [--mentions 200000] [--keep page.html]

Made-up titles of some 85 letters, of few frequent and many rare drugs and
journals; the same every time. A filter is measured as a reader meets it:
filter, count, draw and lay out everything. How long that takes depends on what
else the machine does, so the work of the page's own thread is measured, too,
and a yardstick beside both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from browser import TIMEOUT, open_page, playwright_browser
from pages import World, compiled, connect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SYNTHETIC = """
create or replace temp table words as
select
    range as number,
    list_reduce(
        list_transform(
            range(2 + (hash(range) % 3)::int),
            lambda place: ['ba', 'ce', 'di', 'fo', 'gu', 'lan', 'mer', 'nos',
                'pri', 'rol', 'sta', 'tin', 'vel', 'xon', 'zar', 'thi'][
                    1 + (hash(range, place) % 16)::int
                ]
        ),
        lambda a, b: a || b
    ) as word
from range(20000);

create or replace temp table drawn as
select
    range as publication,
    -- Few drugs and journals are frequent.
    exp(((hash(range, 'drug') % 1000000) / 1e6) * ln(3000))::int as first_drug,
    exp(((hash(range, 'more') % 1000000) / 1e6) * ln(3000))::int as other_drug,
    hash(range, 'two') % 10 < 3 as has_two,
    exp(((hash(range, 'journal') % 1000000) / 1e6) * ln(5000))::int as journal,
    list_transform(
        range(8), lambda place: (hash(range, place, 'word') % 20000)::int
    ) as word_numbers
from range({publications});

create or replace temp table titles as
select
    drawn.publication,
    string_agg(words.word, ' ' order by places.place) as title
from drawn
cross join unnest(range(8)) as places (place)
inner join words
    on words.number = drawn.word_numbers[places.place + 1]
group by drawn.publication;

create or replace temp table drug_names as
select
    range as drug,
    upper(words.word) || '-' || range as drug_name,
    chr(65 + (hash(range) % 14)::int) || '01A'
    || chr(65 + (hash(range, 1) % 26)::int) as atc_code
from range(1, 3001)
inner join words on words.number = range + 5000;

insert into mentions
with pairs as (
    select publication, first_drug as drug from drawn
    union
    select publication, other_drug from drawn where has_two
)
select
    pairs.drug,
    pairs.publication,
    drug_names.atc_code,
    drug_names.drug_name,
    case when pairs.publication % 20 = 0
        then 'NCT' || lpad(pairs.publication::varchar, 8, '0')
        else (30000000 + pairs.publication)::varchar
    end,
    titles.title || ' ' || lower(drug_names.drug_name),
    case when pairs.publication % 20 = 0
        then 'clinical_trials' else 'pubmed'
    end,
    'Journal of ' || journal_words.word || ' and ' || drawn.journal,
    date '1990-01-01' + (hash(pairs.publication, 'day') % 13000)::int,
    case hash(pairs.publication, 'precision') % 10
        when 0 then 'year' when 1 then 'month' else 'day'
    end,
    drug_names.drug_name,
    lower(drug_names.drug_name)
from pairs
inner join drug_names on pairs.drug = drug_names.drug
inner join titles on pairs.publication = titles.publication
inner join drawn on pairs.publication = drawn.publication
inner join words as journal_words on journal_words.number = drawn.journal;

-- A publication has one title, whatever it mentions.
update mentions
set title = firsts.title
from (
    select publication_key, min(title) as title
    from mentions
    group by publication_key
) as firsts
where mentions.publication_key = firsts.publication_key;

insert into int_drugs
select distinct drug_key, drug_key, atc_code, drug_name from mentions;

insert into int_journals
select distinct journal, journal from mentions;

insert into raw_file_reconciliation
values ('raw/pubmed.csv', 'pubmed', 38000000, 37999998, 1, 0, 1, 0);
"""


def fill(connection: duckdb.DuckDBPyConnection, mention_count: int) -> None:
    """Insert about so many mentions."""
    for statement in SYNTHETIC.format(
        publications=round(mention_count / 1.293)
    ).split(";\n"):
        if statement.strip():
            connection.execute(statement)


def make(mention_count: int) -> tuple[str, int, float, float]:
    """Return the page, its mentions, and the seconds and CPU seconds."""
    with connect(World()) as connection:
        fill(connection, mention_count)
        (found,) = connection.execute(
            "select count(*) from mentions"
        ).fetchone()
        sql = compiled("mentioned_drugs_html", {})
        started, cpu = time.perf_counter(), time.process_time()
        ((page,),) = connection.execute(sql).fetchall()
        return (
            page,
            found,
            time.perf_counter() - started,
            time.process_time() - cpu,
        )


FILTERS = {
    "search, a frequent word": ("q", "ba"),
    "search, two words": ("q", "cedi lan"),
    "search, one letter": ("q", "e"),
    "drug": ("drug", "fo"),
    "ATC code": ("atc", "C"),
    "journal": ("journal", "mer"),
    "kind": ("kind", "clinical_trials"),
    "from": ("from", "2010-06-01"),
}

CHANGE = """([name, value]) => {
  const field = document.getElementById("filters").elements[name];
  field.value = value;
  const started = performance.now();
  field.dispatchEvent(new Event("input", {bubbles: true}));
  document.body.offsetHeight;
  return performance.now() - started;
}"""
ROUNDS = 9


def yardstick() -> float:
    """Return how long an empty loop of ten million rounds takes, in seconds.

    A usual machine with nothing else to do takes 0.3 s.
    """
    started = time.perf_counter()
    for _ in range(10_000_000):
        pass
    return time.perf_counter() - started


class Clock:
    """What a page's main thread has worked, by its own clock.

    Unlike the time on the wall, it does not grow when other programs have the
    processor.
    """

    def __init__(self, page: Page) -> None:
        """Start it."""
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def milliseconds(self) -> float:
        """Return what it has worked so far."""
        found = self.session.send("Performance.getMetrics")["metrics"]
        return 1000 * next(
            one["value"] for one in found if one["name"] == "TaskDuration"
        )


def measure_load(browser: Browser, file: Path) -> tuple[float, float]:
    """Return how long a page takes to load, and what it works, in ms."""
    page = browser.new_page()
    page.set_default_timeout(TIMEOUT)
    clock = Clock(page)
    page.goto(file.as_uri())
    elapsed = page.evaluate(
        "performance.getEntriesByType('navigation')[0].domComplete"
    )
    worked = clock.milliseconds()
    page.close()
    return elapsed, worked


def measure_filter(
    page: Page, clock: Clock, name: str, value: str
) -> list[tuple[float, float]]:
    """Return how long a filter takes, and what it works, again and again."""
    times = []
    for _ in range(ROUNDS):
        before = clock.milliseconds()
        elapsed = page.evaluate(CHANGE, [name, value])
        times.append((elapsed, clock.milliseconds() - before))
        page.evaluate(CHANGE, [name, ""])
    return times


def main() -> None:
    """Print what is measured, a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=200_000)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    text, found, seconds, cpu = make(arguments.mentions)
    data = json.loads(
        text.split('<script type="application/json" id="data">')[1].split(
            "</script>"
        )[0]
    )
    out = sys.stdout.write
    out(f"mentions                      {found:>10,}\n")
    embedded = data["embedded"]["publications"], len(data["mentions"]["drug"])
    out(f"on the page, publications     {embedded[0]:>10,}\n")
    out(f"on the page, mentions         {embedded[1]:>10,}\n")
    out(f"page, bytes                   {len(text.encode()):>10,}\n")
    out(f"SQL, s (CPU s)                {seconds:>10.2f} ({cpu:.2f})\n")
    del data
    with (
        tempfile.TemporaryDirectory() as folder,
        playwright_browser() as browser,
    ):
        file = arguments.keep or Path(folder) / "page.html"
        file.write_text(text, encoding="utf-8")
        sticks = [yardstick()]
        results = {"load": [measure_load(browser, file) for _ in range(7)]}
        sticks.append(yardstick())
        with open_page(browser, file) as page:
            page.wait_for_timeout(3000)
            clock = Clock(page)
            for name, change in FILTERS.items():
                results[name] = measure_filter(page, clock, *change)
        sticks.append(yardstick())
    out(
        "                                     median    fastest   CPU, median\n"
    )
    for name, times in results.items():
        elapsed, worked = zip(*times, strict=True)
        out(
            f"{name + ', ms':<30}"
            f"{statistics.median(elapsed):>13.0f}"
            f"{min(elapsed):>11.0f}"
            f"{statistics.median(worked):>14.0f}\n"
        )
    out("yardstick, s                      ")
    out(" ".join(f"{one:.2f}" for one in sticks) + " (usually 0.30)\n")


if __name__ == "__main__":
    main()
