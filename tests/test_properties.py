"""Cleaning, merging and matching against an oracle, thousands of times.

The SQL under test is the project's own, compiled by dbt and run over batches of
values in a DuckDB of the test's own; a build for each value would take days.
A few whole builds of random raw files go through everything. What folding and
the words beside a name do is the subject of other tests: here names are matched
as words and phrases. PROPERTY_SCALE multiplies the number of examples, as in
`PROPERTY_SCALE=10 pytest`.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import os
import re
import tempfile
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis.configuration
import oracle
import pytest
from builds import DataRoot, DbtInProcess
from compiled import CompiledProject
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from random import Random

# What hypothesis remembers of the alphabet would stand in the project.
hypothesis.configuration.set_hypothesis_home_dir(
    Path(tempfile.gettempdir()) / "drug_mentions_hypothesis"
)


pytestmark = pytest.mark.slow

SCALE = int(os.environ.get("PROPERTY_SCALE", "1"))


def examples(count: int) -> settings:
    """Give the settings of a test that is the same in every run."""
    return settings(
        max_examples=count * SCALE,
        # A batch names its shortest differences itself.
        phases=[Phase.explicit, Phase.generate],
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
        ],
    )


def characters(first: int, last: int) -> list[str]:
    """Give the assigned characters of a range of code points, both included."""
    return [
        chr(code)
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) != "Cn"
    ]


ASCII = characters(0x20, 0x7E)
PUNCTUATION = [letter for letter in ASCII if not letter.isalnum()]
LATIN = [
    letter
    for letter in characters(0xA0, 0x17F)
    # Old spellings of 'n and l· that Unicode itself advises against.
    if letter not in "ŉĿŀ"
]
MARKS = characters(0x300, 0x344) + characters(0x346, 0x36F)
GREEK = characters(0x386, 0x3CE) + list("ϐϑϕϖϰϱϵµ\u2126")
RAISED = list("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉")
LIGATURES = list("ßẞæÆœŒĳĲﬀﬁﬂﬃﬄﬅﬆøØđĐłŁħĦŧŦıİſ")
INVISIBLE = (
    list("\u00ad\u061c\u180e\ufeff")
    + characters(0x200B, 0x200F)
    + characters(0x202A, 0x202E)
    + characters(0x2060, 0x206F)
)
SPACES = list("\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\t\n\r\v\f\x85\x1f")
SPACES += characters(0x2000, 0x200A)
DASHES = characters(0x2010, 0x2027) + list("\u2212\u00b7\u00d7™®°±÷")
FOREIGN = [
    *characters(0x400, 0x45F),  # Cyrillic
    *characters(0x5D0, 0x5EA),  # Hebrew
    *characters(0x621, 0x64A),  # Arabic
    *characters(0x660, 0x669),  # Arabic digits
    *"漢字药物酒精かなカナ한글กขค",
    *"😀💊🧪👩\u200d🔬❤\ufe0f",
    *characters(0xFF01, 0xFF5E),  # full width
]
TAGS = [
    *("<i>", "</i>", "<b>", "</b>", "<sub>", "</sub>", "<sup>", "</sup>"),
    *("<I>", "</SUP>", "<em>", "<br>", "<p<", "<<i>i>", "</ i>", "<i", "&lt;"),
]
ESCAPES = [
    *(r"\xc3\xb1", r"\xc3\x28", r"\xC3\xA9", r"\xe2\x82\xac", r"\xc2\xa0"),
    *(r"\xf0\x9f\x92\x8a", r"\xed\xa0\x80", r"\xc0\x80", r"\xf4\x90\x80\x80"),
    *(
        r"\x20",
        r"\x09",
        r"\x5c",
        r"\x",
        r"\xc",
        r"\xg1",
        "\\",
        r"\\",
        r"\u00e9",
    ),
]
ALPHABETS = [
    *(ASCII, PUNCTUATION, LATIN, MARKS, GREEK, RAISED, LIGATURES, INVISIBLE),
    *(SPACES, DASHES, FOREIGN, TAGS, ESCAPES),
]
EVERY_CHARACTER = sorted(
    {piece for alphabet in ALPHABETS for piece in alphabet if len(piece) == 1}
)

# Few words, so that names share first and second words, begin and overlap one
# another, and stand in titles by chance.
WORDS = [
    *("iron", "dextran", "acid", "amino", "valproic", "β", "carotene", "5"),
    *("fluorouracil", "b12", "B₁₂", "méthyl", "me\u0301thyl", "METHYL", "œ"),
]
# Every alphabet as often as any other, however long it is.
PIECES = [
    piece
    for row in range(max(map(len, ALPHABETS)))
    for alphabet in [*ALPHABETS, WORDS, ["a", "e", "1", " "]]
    for piece in alphabet[row % len(alphabet) :][:1]
]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
JOINTS = [", ", " (", ") ", "--", "</i> <b>", "\u200b ", ""]
JOINTS += [mark for mark in PUNCTUATION if mark not in "&<>"]
joints = st.sampled_from([*JOINTS, *SPACES, *DASHES, *[" "] * len(JOINTS)])


@st.composite
def phrases(draw: st.DrawFn, longest: int) -> str:
    """Give words and what stands between them."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=longest))
    return words[0] + "".join(draw(joints) + word for word in words[1:])


names = st.one_of(
    phrases(longest=5),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
)


@st.composite
def titles_about(draw: st.DrawFn, about: Sequence[str]) -> str:
    """Give a title made from names: whole, glued, repeated, split, cut off."""
    title = draw(st.sampled_from(["", "", "Study of ", "(", "1 ", "😀"]))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(about))
        change = draw(st.integers(0, 9))
        if change == 0:
            name = draw(st.sampled_from(["nor", "1", "é"])) + name
        elif change == 1:
            name += draw(st.sampled_from(["s", "2", "ß", "\u0301s"]))
        elif change == 2:
            name = unicodedata.normalize("NFD", name).upper()
        elif change == 3:
            name = name.replace(" ", draw(joints))
        elif change == 4:
            name = " ".join(name.split()[:-1])
        elif change == 5:
            name = f"{name} {name}"
        elif change == 6:
            name = draw(st.sampled_from(WORDS))
        title += name + draw(joints)
    return title


class Project(CompiledProject):
    """The compiled models, fed with values instead of raw files."""

    def dates(self, values: Iterable[str]) -> list[date | None]:
        """Read each cleaned text as a date, day first."""
        values = list(values)
        for model in ("stg_pubmed_articles", "stg_clinical_trials"):
            self.query(
                f"create or replace table main.{model} as"
                " select unnest($1::varchar[]) as date_text",
                values if model == "stg_pubmed_articles" else [],
            )
        self.build(["int_dates"])
        read = dict(
            self.query(
                "select date_text, publication_date from main.int_dates"
                " where not is_month_first"
            )
        )
        return [read[value] for value in values]

    def merge(
        self, records: Sequence[Record], files: Sequence[str]
    ) -> list[tuple[Record, list[str]]]:
        """Give each publication, and the files of its records."""
        columns = [*zip(*records, strict=True), files] if records else [[]] * 6
        self.query(
            "create or replace table main.int_publication_records as"
            " select *, hash(title) as title_hash from ("
            "select unnest($1::varchar[]) as article_type,"
            " unnest($2::varchar[]) as publication_id,"
            " unnest($3::varchar[]) as title,"
            " unnest($4::varchar[]) as journal,"
            " unnest($5::date[])::varchar as date_text,"
            " unnest($6::varchar[]) as raw_file,"
            " generate_subscripts($6::varchar[], 1) as file_position,"
            " false as has_registered_id, false as is_month_first,"
            " null::integer as record_version, null::date as revised_on)",
            *(list(column) for column in columns),
        )
        self.query(
            "create or replace table main.int_dates as select distinct"
            " date_text, false as is_month_first,"
            " date_text::date as publication_date, 'day' as date_precision"
            " from main.int_publication_records where date_text is not null"
        )
        self.query(
            "create or replace table main.int_deleted_records as select"
            " raw_file, file_position, article_type"
            " from main.int_publication_records where false"
        )
        self.build(["int_current_records", "int_publications"])
        rows = self.query(
            "select article_type, publication_id, title, journal,"
            " publication_date, raw_file, merged_raw_files, publication_key"
            " from main.int_publications"
        )
        assert len({row[-1] for row in rows}) == len(rows)
        return [(Record(*row[:5]), [row[5], *(row[6] or [])]) for row in rows]

    def mentions(
        self, drugs: Sequence[str], titles: Sequence[str]
    ) -> list[tuple[int, int]]:
        """Give the places of each drug and title that mentions it."""
        folded = self.apply("fold_text", drugs)
        self.query(
            "create or replace table main.int_drugs as"
            " select unnest($1::bigint[]) as drug_key,"
            " unnest($2::varchar[]) as folded_name,"
            " (hash(folded_name) >> 1)::bigint as name_key",
            [place for place, name in enumerate(folded) if name],
            [name for name in folded if name],
        )
        self.query(
            "create or replace table main.int_drug_names as"
            " select name_key as folded_name_key, name_key, folded_name,"
            " folded_name as written_name, 'listed' as name_kind,"
            " 1::bigint as names_version"
            " from main.int_drugs group by name_key, folded_name"
        )
        self.query(
            "create or replace table main.stg_raw_files as"
            " select 'raw/one.csv' as raw_file, 1::bigint as raw_file_version"
        )
        self.query(
            "create or replace table main.stg_pubmed_articles as select *,"
            " (hash(title) >> 1)::bigint as title_hash from ("
            "select true as is_usable, 1::bigint as raw_file_version,"
            " unnest($1::varchar[]) as title,"
            " generate_subscripts($1::varchar[], 1) - 1 as publication_key)",
            list(titles),
        )
        self.query(
            "create or replace table main.stg_clinical_trials as"
            " from main.stg_pubmed_articles where false"
        )
        self.query(
            "create or replace table main.int_publications as"
            " from main.stg_pubmed_articles"
        )
        self.build(["int_title_mentions", "int_drug_mentions"])
        return self.query(
            "select drug_key, publication_key from main.int_drug_mentions"
        )


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> Project:
    """Compile what is tested here, once."""
    root = DataRoot(tmp_path_factory.mktemp("properties"), dbt_in_process)
    (root.path / "raw").mkdir()
    return Project(
        root, "int_publications", "int_drug_mentions", skip_contexts=False
    )


def differences(
    inputs: Sequence[Any], got: Sequence[Any], expected: Sequence[Any]
) -> list[tuple[Any, Any, Any]]:
    """Give (input, got, expected) where the project differs, shortest first."""
    return sorted(
        (
            triple
            for triple in zip(inputs, got, expected, strict=True)
            if triple[1] != triple[2]
        ),
        key=lambda triple: (len(repr(triple[0])), repr(triple[0])),
    )[:20]


def each_character_in_a_word() -> list[str]:
    """Give every character of the alphabets alone, inside and around a word."""
    return [
        text
        for letter in EVERY_CHARACTER
        for text in (letter, f"a{letter}b", f" {letter}é{letter} ")
    ]


def test_each_character_is_cleaned_as_promised(
    project: Project,
) -> None:
    values = each_character_in_a_word()
    values += [
        "".join(f"\\x{byte:02x}" for byte in letter.encode())
        for letter in EVERY_CHARACTER
    ]
    expected = [oracle.clean(value) for value in values]
    got = project.apply("clean_text", values)
    assert not differences(values, got, expected)


def test_what_says_that_there_is_nothing_is_nothing(project: Project) -> None:
    values = [
        f"{before}{spelt}{behind}"
        for text in sorted(oracle.PLACEHOLDERS)
        for spelt in (text, text.upper(), text.title())
        for before, behind in (("", ""), (" ", "\u00a0"), ("a", ""), ("", " a"))
    ]
    expected = [oracle.clean(value) for value in values]
    got = project.apply("clean_text", values)
    assert not differences(values, got, expected)


IDS = {
    "920000141": "920000141",
    " 920000141 ": "920000141",
    "920000141.0": "920000141",
    "920000141.00": "920000141",
    "920000141.5": "920000141.5",
    "9.20000141E+08": "920000141",
    # Digits are missing.
    "9,20E+08": None,
    "9E+08": None,
    "9.E+08": None,
    "9.2e+008": None,
    '="9.2E+08"': None,
    "920.0E+6": None,
    "9.20000141e+008": "920000141",
    "920.000141E+06": "920000141",
    "9E08": "9E08",
    "920,000,141": "920000141",
    '="31,234,567"': "31234567",
    "920,141": "920,141",
    '="920000141"': "920000141",
    "'920000141": "920000141",
    '"920000141"': "920000141",
    "PMID: 920000141": "920000141",
    "PMID:920000141": "920000141",
    "pmid 920000141": "920000141",
    "https://pubmed.ncbi.nlm.nih.gov/920000141/": "920000141",
    "https://pubmed.ncbi.nlm.nih.gov/920000141/?from=x": "920000141",
    "https://www.ncbi.nlm.nih.gov/pubmed/920000141": "920000141",
    "pubmed.ncbi.nlm.nih.gov/920000141": "920000141",
    "www.ncbi.nlm.nih.gov/pubmed/920000141": "920000141",
    "clinicaltrials.gov/study/nct04188184": "NCT04188184",
    "nct04188184": "NCT04188184",
    "Nct04188184": "NCT04188184",
    "nct041": "nct041",
    "https://clinicaltrials.gov/study/NCT04188184": "NCT04188184",
    "https://clinicaltrials.gov/ct2/show/NCT04188184": "NCT04188184",
    "NCT04188184": "NCT04188184",
    "0011": "0011",
    "NA": None,
    "": None,
    "-": None,
    "nan": None,
    "10.1000/x": "10.1000/x",
}


def test_an_id_is_what_its_registry_calls_it(project: Project) -> None:
    got = project.apply("clean_id", project.apply("clean_text", IDS))
    assert not differences(list(IDS), got, list(IDS.values()))
    kept = [text for text in IDS.values() if text]
    assert project.apply("clean_id", kept) == kept


@examples(100)
@given(values=st.lists(texts, min_size=20, max_size=40))
def test_texts_are_cleaned_as_promised(
    project: Project, values: list[str]
) -> None:
    got = project.apply("clean_text", values)
    expected = [oracle.clean(value) for value in values]
    assert not differences(values, got, expected)
    kept = [text for text in got if text is not None]
    assert "" not in kept
    assert not {text.lower() for text in kept} & oracle.PLACEHOLDERS
    assert not [text for text in kept if "  " in text or text != text.strip()]
    settled = [text for text in kept if "\\x" not in text]
    again = project.apply("clean_text", settled)
    assert not differences(settled, again, settled)


def test_every_day_is_read_day_first(project: Project) -> None:
    days = [date(2019, 1, 1) + timedelta(days=count) for count in range(1461)]
    written = [
        (text, day)
        for day in days
        for text in (
            f"{day:%Y-%m-%d}",
            f"{day:%d/%m/%Y}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day:%d-%m-%Y}",
            f"{day:%d.%m.%Y}",
            f"{day.day}.{day.month}.{day.year}",
            f"{day:%d/%m/%Y} 10:30",
            f"{day.day} {oracle.MONTHS[day.month - 1].title()} {day.year}",
            f"{day:%d} {oracle.MONTHS[day.month - 1].upper()} {day.year}",
        )
    ]
    values, expected = zip(*written, strict=True)
    assert not differences(values, project.dates(values), expected)


def test_no_other_day_is_read(project: Project) -> None:
    """What no calendar has, day and month swapped, years too short or long."""
    years = ["2019", "2020", "20", "020", "999", "0999", "1000", "20200"]
    values = [
        text
        for day, month, year in itertools.product(range(34), range(34), years)
        for text in (
            f"{year}-{month}-{day:02}",
            f"{day:02}/{month}/{year}",
            f"{day:02}-{month}-{year}",
            f"{day:02}.{month}.{year}",
        )
    ]
    values += [
        f"{day} {month} {year}"
        for day, month, year in itertools.product(
            range(34), [*oracle.MONTHS, "MAY"], years
        )
    ]
    values = [value for value in values if oracle.has_plain_date(value)]
    expected = [oracle.parse_date(value) for value in values]
    assert not differences(values, project.dates(values), expected)


numbers = st.one_of(
    st.integers(0, 40).map(str),
    st.integers(0, 13).map("{:02}".format),
    st.sampled_from(["2020", "2019", "1999", "20", "999", "0999", "20200"]),
)
date_texts = st.one_of(
    st.tuples(
        numbers,
        st.sampled_from("--//  .\u2010"),
        st.one_of(
            numbers,
            st.sampled_from([*oracle.MONTHS, "March"]),
        ),
        st.sampled_from("--//  .,"),
        numbers,
        st.sampled_from(["", "", "", "", " ", "T00:00:00", " 10:00", "Z", "-"]),
    ).map("".join),
    st.sampled_from(
        ["infinity", "-infinity", "epoch", "today", "now", "null", "0", "2020"]
    ),
    st.text("0123456789-/ ", max_size=10),
    texts,
)


def is_plain_or_no_date(text: str) -> bool:
    """Tell whether the oracle knows what a build makes of a text as a date."""
    cleaned = oracle.clean(text) or ""
    # One that is month first decides for its file.
    if re.search(r"[/-](1[3-9]|2\d|3[01])[/-]\d{4}", cleaned):
        return False
    return oracle.has_plain_date(cleaned) or not re.search(r"\d{4}", cleaned)


@examples(100)
@given(values=st.lists(date_texts, min_size=20, max_size=40))
def test_dates_are_read_as_promised(
    project: Project, values: list[str]
) -> None:
    # Staging hands over a cleaned text.
    values = [oracle.clean(value) or "" for value in values]
    values = [value for value in values if oracle.has_plain_date(value)]
    expected = [oracle.parse_date(value) for value in values]
    assert not differences(values, project.dates(values), expected)


def test_every_mixture_of_ids_and_journals_is_merged_as_promised(
    project: Project,
) -> None:
    """All 4,095 sets of records with three ids and two journals or none."""
    kinds = list(itertools.product((None, "1", "2", "3"), (None, "A", "B")))
    day = date(2020, 1, 2)
    groups = {
        f"title {number}": {
            Record("pubmed", publication_id, f"title {number}", journal, day)
            for place, (publication_id, journal) in enumerate(kinds)
            if number >> place & 1
        }
        for number in range(1, 1 << len(kinds))
    }
    records = [record for group in groups.values() for record in group]
    merged = project.merge(records, ["raw/pubmed.csv"] * len(records))
    publications: dict[str, set[Record]] = {title: set() for title in groups}
    counts: Counter[str] = Counter()
    for publication, files in merged:
        publications[publication.title].add(publication)
        counts[publication.title] += len(files)
    assert counts == {title: len(group) for title, group in groups.items()}
    assert not differences(
        [
            [(record.publication_id, record.journal) for record in group]
            for group in groups.values()
        ],
        list(publications.values()),
        [oracle.merge(group) for group in groups.values()],
    )
    once = [publication for publication, _ in merged]
    twice = project.merge(once, ["raw/pubmed.csv"] * len(once))
    assert {publication for publication, _ in twice} == set(once)


records = st.builds(
    Record,
    article_type=st.sampled_from(["pubmed", "pubmed", "clinical_trials"]),
    publication_id=st.sampled_from([None, None, "1", "2", "10"]),
    title=st.sampled_from(["Iron", "Iron", "iron", "Iron?"]),
    journal=st.sampled_from([None, None, "Nature", "Science", "nature"]),
    publication_date=st.sampled_from([None, date(2020, 1, 2)]),
)
filed_records = st.lists(
    st.tuples(records, st.sampled_from(["a.csv", "b.csv", "c.json"])),
    max_size=25,
)


@examples(100)
@given(filed=filed_records, random=st.randoms())
def test_merging_does_not_depend_on_order_or_file(
    project: Project,
    filed: list[tuple[Record, str]],
    random: Random,
) -> None:
    given_records = [record for record, _ in filed]
    files = [file for _, file in filed]
    merged = project.merge(given_records, files)
    publications = [publication for publication, _ in merged]
    assert len(set(publications)) == len(publications)
    assert set(publications) == oracle.merge(given_records)

    random.shuffle(given_records)
    other = project.merge(given_records, random.sample(files, len(files)))
    assert {publication for publication, _ in other} == set(publications)

    # Nothing is lost, and nothing is made up.
    assert Counter(files) == Counter(
        file for _, its_files in merged for file in its_files
    )
    for part in (
        lambda record: (record.article_type, record.title),
        lambda record: (record.publication_date, record.title),
        lambda record: (record.publication_id, record.title),
        lambda record: (record.journal, record.title),
    ):
        lost = set(map(part, given_records)) - set(map(part, publications))
        assert not [value for value in lost if value[0] is not None]
        assert set(map(part, publications)) <= set(map(part, given_records))


@st.composite
def drugs_and_titles(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Give names, and titles of which many hold one of them."""
    drugs = draw(st.lists(names, min_size=1, max_size=8, unique=True))
    titles = draw(
        st.lists(titles_about(drugs), min_size=1, max_size=12, unique=True)
    )
    return drugs, titles


@examples(100)
@given(case=drugs_and_titles())
def test_mentions_are_found_as_promised(
    project: Project, case: tuple[list[str], list[str]]
) -> None:
    drugs, titles = case
    found = project.mentions(drugs, titles)
    assert len(set(found)) == len(found)
    pairs = {(drugs[drug], titles[title]) for drug, title in found}
    assert pairs == oracle.mentions(drugs, titles)


@examples(25)
@given(case=drugs_and_titles(), before=texts, after=texts)
def test_more_text_takes_no_mention_away(
    project: Project,
    case: tuple[list[str], list[str]],
    before: str,
    after: str,
) -> None:
    drugs, titles = case
    found = set(project.mentions(drugs, titles))
    longer = [f"{before} {title} {after}" for title in titles]
    assert found <= set(project.mentions(drugs, longer))
    # Whatever is said thrice is said once.
    tripled = [f"{title} {title} {title}" for title in titles]
    thrice = project.mentions(drugs, tripled)
    assert len(set(thrice)) == len(thrice)
    assert found <= set(thrice)


# --- whole builds ----------------------------------------------------------


@dataclass
class RawPublication:
    """A record as it stands in a raw file."""

    kind: str
    id: str
    title: str
    date: str
    journal: str

    def cleaned(self) -> Record | None:
        """Give the record as the oracle cleans it, if it has a title."""
        title = oracle.clean(self.title)
        if title is None:
            return None
        return Record(
            "clinical_trials" if self.kind == "trials" else "pubmed",
            oracle.clean_id(self.id),
            title,
            oracle.clean(self.journal),
            oracle.parse_date(oracle.clean(self.date)),
        )


raw_names = names
raw_drugs = st.lists(
    st.tuples(st.sampled_from(["A01", "B02", " A01", ""]), raw_names),
    min_size=5,
    max_size=20,
)


@st.composite
def raw_publications(
    draw: st.DrawFn, about: Sequence[str]
) -> list[RawPublication]:
    """Give records of few titles and dates, so that some are to be merged."""
    some_titles = draw(
        st.lists(
            st.one_of(titles_about(about), texts),
            min_size=2,
            max_size=12,
        )
    )
    return draw(
        st.lists(
            st.builds(
                RawPublication,
                kind=st.sampled_from(["csv", "json", "trials"]),
                id=st.sampled_from(
                    [
                        *("", " ", "1", "2", "10.0", "NCT1", "é\u200b", "NA"),
                        *("1E+07", "nct00000201", "NCT00000201"),
                    ]
                ),
                title=st.sampled_from(some_titles),
                date=st.one_of(
                    st.sampled_from(
                        ["01/02/2020", "2020-02-01", "\u00a01 February 2020\t"]
                    ),
                    date_texts.filter(is_plain_or_no_date),
                ),
                journal=st.sampled_from(
                    ["", "Nature", " Nature\t", r"R\xc3\xa9vue\xc3\x28", "B"]
                ),
            ),
            min_size=20,
            max_size=60,
        )
    )


def csv_text(
    columns: Sequence[str], rows: Iterable[dict[str, str]], random: Random
) -> str:
    """Write a CSV file, its columns in any order, at times with one more."""
    columns = random.sample(columns, len(columns))
    if random.random() < 0.3:
        columns.insert(random.randrange(len(columns)), "surplus")
    # Python leaves a lone \r without quotes when lines end in \n alone.
    line_end, quoting = random.choice(
        [
            ("\r\n", csv.QUOTE_MINIMAL),
            ("\r\n", csv.QUOTE_ALL),
            ("\n", csv.QUOTE_ALL),
        ]
    )
    file = io.StringIO()
    writer = csv.DictWriter(
        file,
        columns,
        restval="-",
        lineterminator=line_end,
        quoting=quoting,
    )
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def json_text(
    columns: Sequence[str], rows: Iterable[dict[str, str]], random: Random
) -> str:
    """Write a JSON array or an object a line, ids as numbers at times."""
    objects = [
        {
            column: int(value)
            if column == "id" and value.isdecimal() and random.random() < 0.5
            else None
            if value == "" and random.random() < 0.5
            else value
            for column, value in row.items()
        }
        for row in rows
    ]
    ascii_only = random.random() < 0.5
    lines = [json.dumps(row, ensure_ascii=ascii_only) for row in objects]
    if random.random() < 0.5 and lines:
        return "\n".join(lines) + "\n"
    comma = random.choice(["", ",", " ,\n"]) if lines else ""
    return "[" + ",\n".join(lines) + comma + "]\n"


def write_raw_files(
    root: DataRoot,
    drugs: Iterable[tuple[str, str]],
    publications: Iterable[RawPublication],
    random: Random,
) -> None:
    """Spread the records over files of their kind, in any order."""
    kinds: list[tuple[str, list[str], list[dict[str, str]]]] = [
        (
            "drugs*.csv",
            ["atccode", "drug"],
            [{"atccode": code, "drug": name} for code, name in drugs],
        )
    ]
    for kind, pattern, title in (
        ("csv", "pubmed*.csv", "title"),
        ("json", "pubmed*.json", "title"),
        ("trials", "clinical_trials*.csv", "scientific_title"),
    ):
        kinds.append(
            (
                pattern,
                ["id", title, "date", "journal"],
                [
                    {
                        "id": publication.id,
                        title: publication.title,
                        "date": publication.date,
                        "journal": publication.journal,
                    }
                    for publication in publications
                    if publication.kind == kind
                ],
            )
        )
    for file in (root.path / "raw").iterdir():
        file.unlink()
    for pattern, columns, rows in kinds:
        write: Callable[..., str] = (
            json_text if pattern.endswith(".json") else csv_text
        )
        random.shuffle(rows)
        cut = random.randrange(len(rows) + 1)
        parts = [rows[:cut], rows[cut:]] if random.random() < 0.5 else [rows]
        for number, part in enumerate(parts):
            name = pattern.replace("*", f"_{number}" if number else "")
            content = write(columns, part, random).encode()
            if random.random() < 0.3:
                name, content = f"{name}.gz", gzip.compress(content)
            root.write(name, content)


@examples(1)
@given(data=st.data(), drugs=raw_drugs, random=st.randoms())
def test_whole_builds_merge_what_is_promised(
    tmp_path_factory: pytest.TempPathFactory,
    dbt_in_process: DbtInProcess,
    data: st.DataObject,
    drugs: list[tuple[str, str]],
    random: Random,
) -> None:
    given_publications = data.draw(
        raw_publications([name for _, name in drugs])
    )
    root = DataRoot(tmp_path_factory.mktemp("root"), dbt_in_process)
    (root.path / "raw").mkdir()
    write_raw_files(root, drugs, given_publications, random)
    allowed = ("--vars", "{allow_unusable_files: true}")
    built = root.dbt("run", *allowed)
    assert built.success, built.messages

    publications = oracle.merge(
        record
        for publication in given_publications
        if (record := publication.cleaned())
    )
    assert {
        Record(*(row[field] for field in Record._fields))
        for row in root.cleaned("publications")
    } == publications
    read, accounted = root.query(
        "select sum(records_read), sum(records_kept + records_merged "
        "+ records_deleted + records_rejected) from raw_file_reconciliation"
    )[0]
    assert read == accounted == len(drugs) + len(given_publications)

    # The same bytes again, from the same files or the same records in others.
    content = root.published.read_bytes()
    if random.random() < 0.5:
        write_raw_files(root, drugs, given_publications, random)
    assert root.dbt("run", *allowed).success
    assert root.published.read_bytes() == content
