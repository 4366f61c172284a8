"""Measures the page at 200,000 mentions: size, build, load, each filter.

    python tests/page/benchmark.py [--mentions 200000] [--keep page.html]

Made-up titles of PubMed's mean length; the same every time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from browser import open_page, playwright_browser
from pages import World, compiled, connect

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
        range(11), lambda place: (hash(range, place, 'word') % 20000)::int
    ) as word_numbers
from range({publications});

create or replace temp table titles as
select
    drawn.publication,
    string_agg(words.word, ' ' order by places.place) as title
from drawn
cross join unnest(range(11)) as places (place)
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

MEASURE = """([name, value]) => {
  const field = document.getElementById("filters").elements[name];
  const times = [];
  for (const text of [value, "", value]) {
    field.value = text;
    const started = performance.now();
    field.dispatchEvent(new Event("input", {bubbles: true}));
    document.body.offsetHeight;
    times.push(performance.now() - started);
  }
  field.value = "";
  field.dispatchEvent(new Event("input", {bubbles: true}));
  return times;
}"""


def main() -> None:
    """Print what is measured, a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=200_000)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    text, found, seconds, cpu = make(arguments.mentions)
    out = sys.stdout.write
    out(f"mentions                  {found:>10,}\n")
    out(f"page, bytes               {len(text.encode()):>10,}\n")
    out(f"SQL, s (CPU s)            {seconds:>10.2f} ({cpu:.2f})\n")
    with (
        tempfile.TemporaryDirectory() as folder,
        playwright_browser() as browser,
    ):
        file = arguments.keep or Path(folder) / "page.html"
        file.write_text(text, encoding="utf-8")
        loads = []
        for _ in range(3):
            with open_page(browser, file) as page:
                loads.append(
                    page.evaluate(
                        "performance.getEntriesByType('navigation')[0]"
                        ".domComplete"
                    )
                )
                page.wait_for_timeout(1500)
                times = {
                    name: page.evaluate(MEASURE, list(change))
                    for name, change in FILTERS.items()
                }
        out(f"load, ms                  {statistics.median(loads):>10.0f}\n")
        for name, (first, _, again) in times.items():
            out(f"{name:<26}{max(first, again):>10.0f} ms\n")


if __name__ == "__main__":
    main()
