r"""Each rule of the business is taken away once, and a test must notice.

`RAW_FILES` has a record for each rule, and `test_the_rules_hold` says what must
become of them. A test that can't fail is worth nothing, so the same comparison
is made with each rule missing, and each audit sees the fault that it is for.
The models are built by their compiled SQL, since a build by dbt for each would
take too long.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from builds import DRUGS_HEADER, PROJECT, PUBMED_HEADER, DataRoot
from compiled import CompiledProject

if TYPE_CHECKING:
    from builds import DbtInProcess

RAW_FILES = {
    "drugs.csv": DRUGS_HEADER
    + "A01,IRON\nA02,IRON DEXTRAN\nA03,ÉTHANOL\nA04,5-FLUOROURACIL\n"
    "A05,BETA-CAROTENE\nA06,INSULIN\nA07,COMBINATIONS\nA08,ACETAMINOPHEN\n"
    "H01,BETAMÉTHASONE\nH02,BETAMÉTHASONE\nH02,betaméthasone\n"
    "A10,DILTIAZEM HYDROCHLORIDE\nA11,GULLAMOL\nA12,--\n,NAMELESS\n",
    "drug_synonyms.csv": "drug,synonym\nTX-1,Gullamol\n",
    "pubmed.csv": PUBMED_HEADER + "1,iron in terns,01/02/2020,Journal A\n"
    "2,Ethanol in gulls,2020-01-02,Journal A\n"
    "3,5 fluorouracil: an audit,2020-01-03,Journal A\n"
    "4,A β-carotene diet,2020-01-04,Journal A\n"
    "5,Irony of gulls,2020-01-05,Journal A\n"
    '6,"Iron dextran, and iron dextran again",2020-01-06,Journal A\n'
    "7,The insulin receptor of gulls,2020-01-07,Journal A\n"
    "8,Combinations of gulls,2020-01-08,Journal A\n"
    "9,Paracetamol for gulls,2020-01-09,Journal A\n"
    r"10,Betam\xc3\xa9thasone \xc3\x28cream,2020-01-10,Journal A"
    "\n11,   ,2020-01-11,Journal A\n"
    "12,Gulls on no day at all,32/13/2020,Journal A\n"
    "13,Gulls of a short year,01/02/0999,Journal A\n"
    "14,Gulls in a range,2020 Jan 3-Feb 2,Journal A\n"
    "15,Gulls on an impossible day,2020 Feb 30,Journal A\n"
    "NA,Gulls of nowhere,2020-01-16,-\n"
    "17.0,Gulls in a spreadsheet,2020-01-17,Journal A\n"
    ",Ethanol is merged,2020-01-18,Journal B\n"
    "18,Ethanol is merged,2020-01-18,\n"
    "19,Gulls twice,2020-01-19,Journal A\n"
    "19,Gulls twice,2020-01-19,Journal A\n"
    "20,Diltiazem in gulls,2020-01-20,Journal A\n"
    "21,TX-1 in terns,2020-01-21,Journal A\n"
    "22,A\t \u00a0tern  ,2020-01-22,Journal A\n"
    "23,too,many,cells,here\n"
    "24,Nor-insulin in gulls,2020-01-24,Journal A\n",
    # A title that another file has, too.
    "pubmed_2.csv": PUBMED_HEADER + "2,Ethanol in gulls,2020-01-02,Journal A\n",
    "export.nbib": "PMID- 31000001\nTI  - Ahead of print\nJT  - Journal C\n"
    "DP  - 2019 Oct\n\n"
    "PMID- 31000001\nTI  - In the issue\nJT  - Journal C\nDP  - 2018 Jan 3\n\n"
    "PMID- 0\nTI  - Zero gulls\nDP  - 2020 Jan 4\n\n"
    "PMID- 0\nTI  - Zero terns\nDP  - 2020 Jan 5\n\n"
    "PMID- 33000001\nTI  - Iron, deleted\nDP  - 2020 Jan 6\n\n"
    "PMID- 34000001\nTI  - [Not Available].\nTT  - Fer chez les mouettes\n"
    "DP  - 2020 Jan 7\n",
    "trials.csv": "NCT Number,Study Title,First Posted,Start Date\n"
    "NCT00000001,Gulls in May,05/25/2020,\n"
    "NCT00000002,Gulls in January,01/02/2020,\n"
    "NCT00000003,Gulls that began,,2020-03\n",
    "update.xml": '<?xml version="1.0"?>\n<PubmedArticleSet>\n'
    + "".join(
        f'<PubmedArticle><MedlineCitation><PMID Version="{version}">32000001'
        "</PMID><Article><Journal><JournalIssue><PubDate>"
        f"<Year>2020</Year>{month}</PubDate></JournalIssue>"
        f"<Title>Journal D</Title></Journal><ArticleTitle>{title}"
        "</ArticleTitle></Article></MedlineCitation></PubmedArticle>\n"
        for version, month, title in (
            (2, "", "The second version"),
            (1, "<Month>Feb</Month><Day>3</Day>", "The first version"),
        )
    )
    + "<DeleteCitation><PMID>33000001</PMID></DeleteCitation>\n"
    "</PubmedArticleSet>\n",
}

MENTIONS = {
    ("A01", "IRON", "iron in terns", "iron"),
    ("A03", "ÉTHANOL", "Ethanol in gulls", "Ethanol"),
    ("A04", "5-FLUOROURACIL", "5 fluorouracil: an audit", "5 fluorouracil"),
    ("A05", "BETA-CAROTENE", "A β-carotene diet", "β-carotene"),
    ("A01", "IRON", "Iron dextran, and iron dextran again", "Iron"),
    (
        "A02",
        "IRON DEXTRAN",
        "Iron dextran, and iron dextran again",
        "Iron dextran",
    ),
    ("A08", "ACETAMINOPHEN", "Paracetamol for gulls", "Paracetamol"),
    ("H01", "BETAMÉTHASONE", "Betaméthasone cream", "Betaméthasone"),
    ("H02", "BETAMÉTHASONE", "Betaméthasone cream", "Betaméthasone"),
    ("A03", "ÉTHANOL", "Ethanol is merged", "Ethanol"),
    ("A10", "DILTIAZEM HYDROCHLORIDE", "Diltiazem in gulls", "Diltiazem"),
    ("A11", "GULLAMOL", "TX-1 in terns", "TX-1"),
}


def january(day: int) -> date:
    """Give a day of January 2020."""
    return date(2020, 1, day)


# Id, title, journal, date and how much of the date is known.
PUBLICATIONS = {
    ("1", "iron in terns", "Journal A", date(2020, 2, 1), "day"),
    ("2", "Ethanol in gulls", "Journal A", january(2), "day"),
    ("3", "5 fluorouracil: an audit", "Journal A", january(3), "day"),
    ("4", "A β-carotene diet", "Journal A", january(4), "day"),
    ("5", "Irony of gulls", "Journal A", january(5), "day"),
    (
        "6",
        "Iron dextran, and iron dextran again",
        "Journal A",
        january(6),
        "day",
    ),
    ("7", "The insulin receptor of gulls", "Journal A", january(7), "day"),
    ("8", "Combinations of gulls", "Journal A", january(8), "day"),
    ("9", "Paracetamol for gulls", "Journal A", january(9), "day"),
    ("10", "Betaméthasone cream", "Journal A", january(10), "day"),
    ("12", "Gulls on no day at all", "Journal A", None, None),
    ("13", "Gulls of a short year", "Journal A", None, None),
    ("14", "Gulls in a range", "Journal A", january(3), "day"),
    (
        "15",
        "Gulls on an impossible day",
        "Journal A",
        date(2020, 2, 1),
        "month",
    ),
    (None, "Gulls of nowhere", None, january(16), "day"),
    ("17", "Gulls in a spreadsheet", "Journal A", january(17), "day"),
    ("18", "Ethanol is merged", "Journal B", january(18), "day"),
    ("19", "Gulls twice", "Journal A", january(19), "day"),
    ("20", "Diltiazem in gulls", "Journal A", january(20), "day"),
    ("21", "TX-1 in terns", "Journal A", january(21), "day"),
    ("22", "A tern", "Journal A", january(22), "day"),
    ("24", "Nor-insulin in gulls", "Journal A", january(24), "day"),
    ("31000001", "In the issue", "Journal C", date(2018, 1, 3), "day"),
    ("0", "Zero gulls", None, january(4), "day"),
    ("0", "Zero terns", None, january(5), "day"),
    ("34000001", "Fer chez les mouettes", None, january(7), "day"),
    ("NCT00000001", "Gulls in May", None, date(2020, 5, 25), "day"),
    ("NCT00000002", "Gulls in January", None, january(2), "day"),
    ("NCT00000003", "Gulls that began", None, date(2020, 3, 1), "month"),
    ("32000001", "The second version", "Journal D", january(1), "year"),
}
REJECTED = {
    ("raw/drugs.csv", None, 14, True, "blank_drug_name"),
    ("raw/drugs.csv", None, 15, True, "blank_atc_code"),
    ("raw/pubmed.csv", None, 11, True, "blank_title"),
    ("raw/pubmed.csv", None, 12, False, "unreadable_date"),
    ("raw/pubmed.csv", None, 13, False, "unreadable_date"),
    ("raw/pubmed.csv", 26, None, True, "unparseable_row"),
}
# Records read, kept, merged, deleted and rejected, and those with a warning.
RECONCILED = {
    ("raw/drug_synonyms.csv", "drug_synonyms", 1, 1, 0, 0, 0, 0),
    ("raw/drugs.csv", "drugs", 15, 12, 1, 0, 2, 0),
    ("raw/export.nbib", "pubmed_nbib", 6, 4, 1, 1, 0, 0),
    ("raw/pubmed.csv", "pubmed", 26, 22, 2, 0, 2, 2),
    ("raw/pubmed_2.csv", "pubmed", 1, 0, 1, 0, 0, 0),
    ("raw/trials.csv", "ctgov_export", 3, 3, 0, 0, 0, 0),
    ("raw/update.xml", "pubmed_xml", 3, 1, 1, 1, 0, 0),
}


def write_rules(root: DataRoot) -> None:
    """Write the raw files with a record for each rule."""
    (root.path / "raw").mkdir(parents=True)
    for name, text in RAW_FILES.items():
        root.write(name, text)


@pytest.fixture(scope="module")
def compiled(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> CompiledProject:
    """Build the models by their compiled SQL."""
    root = DataRoot(tmp_path_factory.mktemp("rules"), dbt_in_process)
    write_rules(root)
    project = CompiledProject(root, "mentioned_drugs", "mentions")
    # To read all synonyms takes more time than everything else.
    project.query(
        "delete from seeds.drug_synonyms "
        "where 'paracetamol' not in (lower(drug), lower(synonym))"
    )
    project.build()
    return project


def results(project: CompiledProject) -> dict[str, set[tuple[Any, ...]]]:
    """Give what the rules are for. Rows that stand twice are all numbered."""
    queries = {
        "mentions": "select atc_code, drug_name, title, matched_text "
        "from mentions",
        "publications": "select publication_id, title, journal, "
        "publication_date, date_precision from int_publications",
        "rejected": "select raw_file, line_number, record_number, is_rejected, "
        "reason from rejected_records",
        "reconciled": "select raw_file, source_name, records_read, "
        "records_kept, records_merged, records_deleted, records_rejected, "
        "records_with_warning from raw_file_reconciliation",
    }
    found = {}
    for name, sql in queries.items():
        rows = project.query(sql)
        found[name] = set(rows)
        if len(found[name]) < len(rows):
            found[name] = set(enumerate(rows))
    return found


EXPECTED = {
    "mentions": MENTIONS,
    "publications": PUBLICATIONS,
    "rejected": REJECTED,
    "reconciled": RECONCILED,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_rules_hold(compiled: CompiledProject, name: str) -> None:
    assert results(compiled)[name] == EXPECTED[name]
    assert compiled.failing_tests() == set()


def test_dbt_builds_what_its_compiled_sql_says(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> None:
    root = DataRoot(tmp_path_factory.mktemp("rules"), dbt_in_process)
    write_rules(root)
    outcome = root.build()
    assert outcome.success, outcome.messages
    assert {
        (row["atc_code"], row["drug_name"], row["title"], row["matched_text"])
        for row in root.cleaned("mentions")
    } == MENTIONS
    assert {
        tuple(list(row.values())[:5]) for row in root.rejected()
    } == REJECTED
    assert len(root.mentions()) == len(MENTIONS)
    assert len(root.cleaned("publications")) == len(PUBLICATIONS)


@dataclass(frozen=True)
class Mutation:
    """A rule, where it stands, and what stands there without it."""

    rule: str
    file: str
    text: str
    without: str


FUNCTIONS = "macros/functions"
STAGING = "models/staging"
INTERMEDIATE = "models/intermediate"
MUTATIONS = [
    # Text.
    Mutation(
        "case is folded",
        f"{FUNCTIONS}/fold_text.sql",
        "            lower(without_markup(text)),",
        "            without_markup(text),",
    ),
    Mutation(
        "accents are folded",
        f"{FUNCTIONS}/fold_text.sql",
        "else strip_accents(text)",
        "else text",
    ),
    Mutation(
        "hyphens and punctuation are folded",
        f"{FUNCTIONS}/fold_text.sql",
        "' *[^a-z0-9 ][^a-z0-9]*|  +'",
        "'  +'",
    ),
    Mutation(
        "Greek letters are spelt out",
        f"{FUNCTIONS}/fold_text.sql",
        "'β', 'beta'",
        "'β', 'b'",
    ),
    Mutation(
        "valid escape residue is decoded",
        f"{FUNCTIONS}/decode_escapes.sql",
        "try(decode(unhex(replace(part, '\\x', ''))))",
        "''",
    ),
    Mutation(
        "invalid escape residue is removed",
        f"{FUNCTIONS}/decode_escapes.sql",
        "replace(part, '\\x', '')))), ''",
        "replace(part, '\\x', '')))), part",
    ),
    Mutation(
        "white space is folded",
        f"{FUNCTIONS}/visible_text.sql",
        r"[\s\p{Z}\p{Cc}]+",
        "[ ]+",
    ),
    Mutation(
        "a placeholder is nothing",
        f"{FUNCTIONS}/clean_text.sql",
        ") then null",
        ") then text",
    ),
    Mutation(
        "an id is what its registry calls it",
        f"{FUNCTIONS}/clean_id.sql",
        r"'^([0-9]+)\.0*$'",
        r"'^([0-9]+)\.9*$'",
    ),
    Mutation(
        "what is no registered id proves nothing",
        f"{FUNCTIONS}/is_registered_id.sql",
        "[1-9][0-9]{0,9}",
        "[0-9]{1,9}",
    ),
    Mutation(
        "an article without an English title has its own",
        f"{FUNCTIONS}/available_title.sql",
        "not available",
        "available",
    ),
    # Staging.
    Mutation(
        "a blank title is put aside",
        f"{STAGING}/stg_pubmed_articles.sql",
        "when title is null then 'blank_title'",
        "when false then 'blank_title'",
    ),
    Mutation(
        "what the reader refuses is put aside",
        f"{STAGING}/stg_pubmed_articles.sql",
        "when reader_defect is not null then reader_defect",
        "when false then reader_defect",
    ),
    Mutation(
        "a drug without a name is put aside",
        f"{STAGING}/stg_drugs.sql",
        "when coalesce(folded_name, '') = '' then 'blank_drug_name'",
        "when false then 'blank_drug_name'",
    ),
    Mutation(
        "a drug without a code is put aside",
        f"{STAGING}/stg_drugs.sql",
        "when atc_code is null then 'blank_atc_code'",
        "when false then 'blank_atc_code'",
    ),
    Mutation(
        "a trial without its day is published when it began",
        f"{STAGING}/base/base_ctgov_export.sql",
        "coalesce(clean_text(first_posted), start_date)",
        "first_posted",
    ),
    # Dates.
    Mutation(
        "slash dates are day first",
        f"{INTERMEDIATE}/int_dates.sql",
        "(?:$| \\d\\d?:\\d\\d)',\n                    ['day', 'month', 'year']",
        "(?:$| \\d\\d?:\\d\\d)',\n                    ['month', 'day', 'year']",
    ),
    Mutation(
        "a file that proves it is month first",
        f"{INTERMEDIATE}/int_month_first_files.sql",
        "        bool_or(regexp_full_match(",
        "        false and bool_or(regexp_full_match(",
    ),
    Mutation(
        "years have four digits",
        f"{INTERMEDIATE}/int_dates.sql",
        "year(publication_date) >= 1000",
        "year(publication_date) >= 1",
    ),
    Mutation(
        "an impossible day leaves its month",
        f"{INTERMEDIATE}/int_dates.sql",
        "coalesce(whole_day, first_day)",
        "whole_day",
    ),
    Mutation(
        "a range takes its first day",
        f"{INTERMEDIATE}/int_dates.sql",
        "[ /-]?(q[1-4]\\b|[a-z]+)[ -]?(\\d\\d?)?'\n"
        "                    || '(?:[^0-9].*)?$'",
        "[ /-]?.*?(q[1-4]\\b|[a-z]+)[ -]?(\\d\\d?)$'",
    ),
    # Publications.
    Mutation(
        "only usable records become publications",
        f"{INTERMEDIATE}/int_publication_records.sql",
        "    where is_usable",
        "    where true",
    ),
    Mutation(
        "incomplete records are merged",
        f"{INTERMEDIATE}/int_publications.sql",
        "            lone_ids.publication_id,\n            case",
        "            case",
    ),
    Mutation(
        "a record exported twice is one publication",
        f"{INTERMEDIATE}/int_publications.sql",
        "        publication_date\n\n),\n\nall_publications",
        "        publication_date, file_position\n\n),\n\nall_publications",
    ),
    Mutation(
        "records of one registered id are one publication",
        f"{INTERMEDIATE}/int_current_records.sql",
        "    where has_registered_id\n    group by",
        "    where false\n    group by",
    ),
    Mutation(
        "the most complete record of an id is kept",
        f"{INTERMEDIATE}/int_current_records.sql",
        "date_precision asc nulls last,",
        "date_precision desc nulls last,",
    ),
    Mutation(
        "a later version replaces an earlier one",
        f"{INTERMEDIATE}/int_current_records.sql",
        "record_version desc nulls last,",
        "record_version asc nulls last,",
    ),
    Mutation(
        "a deleted article is taken out",
        f"{INTERMEDIATE}/int_deleted_records.sql",
        "            records.is_deleted\n"
        "            or parse_filename(records.raw_file) <= notices.file_name\n"
        "            or records.record_version is null\n",
        "            records.is_deleted\n",
    ),
    # Mentions.
    Mutation(
        "a name is matched as whole words",
        f"{INTERMEDIATE}/int_title_mentions.sql",
        "on words.word = first_words.first_word",
        "on starts_with(words.word, first_words.first_word)",
    ),
    Mutation(
        "a name of several words is matched as a phrase",
        f"{INTERMEDIATE}/int_title_mentions.sql",
        "on phrases.phrase = names.folded_name",
        "on phrases.phrase = names.folded_name and false",
    ),
    Mutation(
        "a mention is one row",
        f"{INTERMEDIATE}/int_drug_mentions.sql",
        "    group by title_hash, name_key",
        "    group by title_hash, name_key, raw_file_version",
    ),
    Mutation(
        "a drug that the list repeats is one",
        f"{INTERMEDIATE}/int_drugs.sql",
        "    group by atc_code, folded_name",
        "    group by atc_code, folded_name, drug_name",
    ),
    Mutation(
        "a synonym is its drug, whichever stands first in the pair",
        f"{INTERMEDIATE}/int_drug_names.sql",
        "on reached.folded_name = synonyms.from_name",
        "on reached.folded_name = synonyms.from_name and false",
    ),
    Mutation(
        "a salt's name is found without the salt",
        f"{INTERMEDIATE}/int_name_forms.sql",
        "on suffix(drugs.folded_name, ' ' || salts.salt)",
        "on false and suffix(drugs.folded_name, ' ' || salts.salt)",
    ),
    Mutation(
        "names too generic mention nothing",
        f"{INTERMEDIATE}/int_drug_names.sql",
        "kind = 'generic'",
        "kind = 'none'",
    ),
    Mutation(
        "a receptor is not the drug",
        f"{FUNCTIONS}/means_another_thing.sql",
        "(?:auto|hetero|adreno|chemo)?(?:re)?ceptors?",
        "(?:auto|hetero|adreno|chemo)receptors?",
    ),
    Mutation(
        "a syllable in front makes another substance",
        f"{FUNCTIONS}/means_another_thing.sql",
        "|nor|pseudo|",
        "|pseudo|",
    ),
]


def without(project: CompiledProject, mutation: Mutation) -> Any:  # noqa: ANN401
    """Take a rule away for a while."""
    return project.without(mutation.file, mutation.text, mutation.without)


@pytest.mark.parametrize(
    "mutation", MUTATIONS, ids=lambda mutation: mutation.rule
)
def test_a_removed_rule_is_noticed(
    compiled: CompiledProject, mutation: Mutation
) -> None:
    with without(compiled, mutation):
        assert results(compiled) != EXPECTED


# A fault of a model, and the audit that sees it before anything is published.
FAULTS = {
    "assert_every_record_is_accounted_for": [
        Mutation(
            "staging loses a record",
            f"{STAGING}/stg_pubmed_articles.sql",
            "    from publications\n",
            "    from (from publications where title <> 'Irony of gulls')"
            " as publications\n",
        ),
        Mutation(
            "what was put aside is lost",
            f"{STAGING}/stg_pubmed_articles.sql",
            "    from judged\n",
            "    from judged\n    where defect is null\n",
        ),
        Mutation(
            "a publication is lost on the way",
            f"{INTERMEDIATE}/int_publication_records.sql",
            "where is_usable",
            "where is_usable and publication_id is not null",
        ),
    ],
    "assert_every_match_has_a_publication": [
        Mutation(
            "a match is lost on the way",
            f"{INTERMEDIATE}/int_title_mentions.sql",
            "        named.title_hash,\n        named.name_key",
            "        named.title_hash + 1 as title_hash,\n"
            "        named.name_key",
        ),
    ],
    "never_null_int_publications_publication_key__article_type__title"
    "__raw_file": [
        Mutation(
            "a publication has no file",
            f"{INTERMEDIATE}/int_publications.sql",
            "        records.raw_file,",
            "        null::varchar as raw_file,",
        ),
    ],
    "unique_together_int_drug_mentions_drug_key__publication_key": [
        Mutation(
            "a mention is doubled",
            f"{INTERMEDIATE}/int_drug_mentions.sql",
            "    group by title_hash, name_key\n",
            "    group by title_hash, name_key\n    union all\n"
            "    select title_hash, name_key, null, null\n"
            "    from {table} where name_key is not null\n",
        ),
    ],
    "relationships_int_drug_mentions_publication_key": [
        Mutation(
            "a mention is of no publication",
            f"{INTERMEDIATE}/int_drug_mentions.sql",
            "        publications.publication_key,\n",
            "        publications.publication_key + 1 as publication_key,\n",
        ),
    ],
}


@pytest.mark.parametrize(
    ("audit", "fault"),
    [
        pytest.param(audit, fault, id=fault.rule)
        for audit, faults in FAULTS.items()
        for fault in faults
    ],
)
def test_an_audit_sees_the_fault_that_it_is_for(
    compiled: CompiledProject, audit: str, fault: Mutation
) -> None:
    table = '"drug_mentions"."main"."int_title_mentions"'
    with compiled.without(
        fault.file, fault.text, fault.without.replace("{table}", table)
    ):
        failing = compiled.failing_tests()
    assert any(name.startswith(audit[:60]) for name in failing), failing


def test_a_failing_audit_keeps_what_was_published(
    empty_root: DataRoot,
) -> None:
    """Here by dbt: what is published waits for the audits."""
    shutil.rmtree(empty_root.path / "raw")
    shutil.copytree(PROJECT / "data" / "raw", empty_root.path / "raw")
    files = [
        empty_root.published,
        *(
            empty_root.path / "cleaned" / f"{name}.parquet"
            for name in ("drugs", "publications", "mentions")
        ),
    ]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.write_text("yesterday's")
    with empty_root.runner.changed(
        f"{STAGING}/stg_pubmed_articles.sql",
        lambda text: text.replace(
            "    from judged\n", "    from judged\n    where defect is null\n"
        ),
    ):
        outcome = empty_root.build()
    assert not outcome.success
    assert "assert_every_record_is_accounted_for" in outcome.messages
    assert {file.read_text() for file in files} == {"yesterday's"}
