"""Names as people write them: synonyms, names too generic, contexts."""

from __future__ import annotations

import csv
import json

import pytest
from builds import (
    DRUGS_HEADER,
    PROJECT,
    PUBMED_HEADER,
    DataRoot,
    DbtInProcess,
    copy_project,
)

SEEDS = PROJECT / "seeds"


def titled(*titles: str) -> str:
    """Write a record for each title."""
    return PUBMED_HEADER + "".join(
        f'{number},"{title}",2020-01-01,J\n'
        for number, title in enumerate(titles, 1)
    )


def build(root: DataRoot, **switches: bool) -> set[tuple[str, str]]:
    """Build with some variables, and give drug and title of each mention."""
    outcome = root.dbt(
        "run",
        "--vars", json.dumps(switches),
        "--select", "+mentions", "+mentioned_drugs",
    )  # fmt: skip
    assert outcome.success, outcome.messages
    return root.pairs()


# Drug in the list, title that mentions it, title that does not.
NAMES = [
    ("PARACETAMOL", "Acetaminophen overdose", "Acetanilide overdose"),
    ("ACETAMINOPHEN", "Paracetamol in dogs", "Para-acetamol"),
    ("ISOPROTERENOL", "Isoprenaline infusion", "Prenaline infusion"),
    ("ALBUTEROL", "Inhaled salbutamol", "Inhaled butamol"),
    ("NORADRENALINE", "Norepinephrine in shock", "Epinephrine in shock"),
    ("ADRENALIN", "Epinephrine", "Norepinephrine"),
    ("SUCCINYLCHOLINE", "After suxamethonium", "After choline"),
    ("VALPROIC ACID", "Sodium valproate in pregnancy", "Proic acid"),
    ("FLUOROURACIL", "5-FU and radiation", "FU and radiation"),
    ("ESTRADIOL", "Of 17β-oestradiol", "Of oestriol"),
    ("SULPHASALAZINE", "Sulfasalazine in colitis", "Sulfapyridine"),
    ("INTERFERON ALFA-2B", "Interferon alpha-2b", "Interferon beta-1a"),
    ("DILTIAZEM HYDROCHLORIDE", "Diltiazem in angina", "Hydrochloride"),
    ("SODIUM CHLORIDE", "A sodium chloride bath", "A sodium bath"),
    ("CORTICOSTEROID", "Inhaled corticosteroids", "Inhaled corticoids"),
    ("HEROIN", "Diamorphine, intranasal", "Morphine, intranasal"),
    ("METHYLPREDNISOLONE", "Methyl-prednisolone", "Methyl and prednisolone"),
]


def test_a_drug_is_found_by_the_shipped_synonyms(root: DataRoot) -> None:
    root.write(
        "drugs.csv",
        DRUGS_HEADER + "".join(f"A01,{drug}\n" for drug, _, _ in NAMES),
    )
    root.write(
        "pubmed.csv",
        titled(*(text for _, *titles in NAMES for text in titles)),
    )
    found = build(root)
    for drug, title, other in NAMES:
        assert (drug, title) in found, drug
        assert (drug, other) not in found, drug
    without = build(root, match_synonyms=False)
    assert without == {
        ("SODIUM CHLORIDE", "A sodium chloride bath"),
        ("PARACETAMOL", "Paracetamol in dogs"),
        ("ACETAMINOPHEN", "Acetaminophen overdose"),
    }


def test_what_is_left_of_a_name_and_what_an_abbreviation_says(
    root: DataRoot,
) -> None:
    root.write("drugs.csv", DRUGS_HEADER + "A01,L-ARGININE\nA02,GTN\n")
    titles = ("Of L-arginine", "GTN patches (GTN)")
    others = (
        "L-dopa and Lactobacillus L. in terns",
        "Gestational trophoblastic neoplasia (GTN)",
    )
    root.write("pubmed.csv", titled(*titles, *others))
    assert build(root) == {("L-ARGININE", titles[0]), ("GTN", titles[1])}


def test_the_mention_says_which_name_was_found(root: DataRoot) -> None:
    root.write("drugs.csv", DRUGS_HEADER + "A01,ADRENALINE\nA01,Epinephrine\n")
    root.write(
        "pubmed.csv",
        titled("Epinephrine, adrenaline", "Epinephrine alone", "Adrenalin"),
    )
    build(root)
    assert root.query(
        "select drug_name, title, matched_name from mentions order by all"
    ) == [
        ("ADRENALINE", "Adrenalin", "adrenalin"),
        ("ADRENALINE", "Epinephrine alone", "epinephrine"),
        ("ADRENALINE", "Epinephrine, adrenaline", "ADRENALINE"),
        ("Epinephrine", "Adrenalin", "adrenalin"),
        ("Epinephrine", "Epinephrine alone", "Epinephrine"),
        ("Epinephrine", "Epinephrine, adrenaline", "Epinephrine"),
    ]


def test_synonyms_of_ones_own_are_read_and_accounted_for(
    root: DataRoot,
) -> None:
    root.write("drugs.csv", DRUGS_HEADER + "A01,GULLAMOL\n")
    root.write("pubmed.csv", titled("TX-1 in terns", "Ternamol", "Gullamols"))
    synonyms = root.write(
        "drug_synonyms_2020.csv",
        "synonym,drug\nTX-1,tx 1 salt\nGullamol,TX-1 salt\n--,GULLAMOL\n",
    )
    assert build(root) == {("GULLAMOL", "TX-1 in terns")}
    assert root.query(
        "select records_read, records_kept, records_rejected "
        "from raw_file_reconciliation where raw_file like '%synonyms%'"
    ) == [(3, 2, 1)]
    [rejected] = root.rejected()
    assert rejected["reason"] == "blank_drug_name"
    # Titles are matched again, though none of them is new.
    synonyms.write_text("drug,synonym\ngullamol,ternamol\n")
    assert build(root) == {("GULLAMOL", "Ternamol")}
    assert build(root, match_synonyms=False) == set()
    synonyms.unlink()
    assert build(root) == set()


def test_a_synonym_that_is_no_drug_of_the_list_mentions_nothing(
    root: DataRoot,
) -> None:
    root.write("drugs.csv", DRUGS_HEADER + "A01,GULLAMOL\n")
    root.write("pubmed.csv", titled("Paracetamol and acetaminophen"))
    assert build(root) == set()


def test_generic_names_and_contexts_can_be_switched_off(
    root: DataRoot,
) -> None:
    root.write("drugs.csv", DRUGS_HEADER + "A01,COMBINATIONS\nA02,INSULIN\n")
    titles = {
        "generic": "Of combinations",
        "receptor": "The insulin receptor",
        "both": "Insulin at the insulin receptor",
        "resistance": "Insulin-resistance",
    }
    root.write("pubmed.csv", titled(*titles.values()))
    assert build(root) == {("INSULIN", titles["both"])}
    assert build(root, skip_generic_names=False) == {
        ("INSULIN", titles["both"]),
        ("COMBINATIONS", titles["generic"]),
    }
    assert build(root, skip_contexts=False) == {
        ("INSULIN", titles["both"]),
        ("INSULIN", titles["receptor"]),
        ("INSULIN", titles["resistance"]),
    }
    assert build(root) == {("INSULIN", titles["both"])}


def test_every_context_of_the_shipped_list_is_found(root: DataRoot) -> None:
    with (SEEDS / "names_not_meant.csv").open(encoding="utf-8") as file:
        phrases = [
            row["phrase"]
            for row in csv.DictReader(file)
            if row["kind"] == "context"
        ]
    names = {max(phrase.split(), key=len).upper() for phrase in phrases}
    root.write(
        "drugs.csv", DRUGS_HEADER + "".join(f"A01,{name}\n" for name in names)
    )
    titles = [f"Gulls: {phrase}, and terns" for phrase in phrases]
    alone = {(name, f"Of {name.lower()}, gulls") for name in names}
    root.write("pubmed.csv", titled(*titles, *(title for _, title in alone)))
    switches = {"match_synonyms": False, "skip_generic_names": False}
    assert build(root, **switches) == alone


def test_a_change_of_the_shipped_list_matches_again(
    root: DataRoot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = copy_project(tmp_path_factory.mktemp("scratch") / "project")
    root.runner = DbtInProcess(project, tmp_path_factory.mktemp("scratch"))
    root.write("drugs.csv", DRUGS_HEADER + "A01,GULLAMOL\nA02,GOLD\n")
    root.write("pubmed.csv", titled("Tern and gold"))

    def mentioned() -> set[str]:
        assert root.dbt("run", "--select", "+mentioned_drugs").success
        return {mention["drug"] for mention in root.mentions()}

    assert mentioned() == {"GOLD"}
    with (project / "seeds/drug_synonyms.csv").open("a") as file:
        file.write("gullamol,tern,code,\n")
    assert mentioned() == {"GOLD", "GULLAMOL"}
    with (project / "seeds/names_not_meant.csv").open("a") as file:
        file.write("context,and gold,for this test\n")
    assert mentioned() == {"GULLAMOL"}


def test_lists_are_sound() -> None:
    """A pair stands there once, and lists have the columns that are read."""
    for name, columns in {
        "drug_synonyms": ["drug", "synonym", "kind", "ambiguous"],
        "names_not_meant": ["kind", "phrase", "reason"],
        "journal_abbreviations": ["journal", "abbreviation"],
    }.items():
        with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert rows[0] == columns
        pairs = {tuple(sorted(map(str.lower, row[:2]))) for row in rows}
        assert len(pairs) == len(rows)
        assert all(cell.strip() == cell for row in rows for cell in row)
        assert all("" not in row[:2] for row in rows)
    with (SEEDS / "names_not_meant.csv").open(encoding="utf-8") as file:
        assert {row["kind"] for row in csv.DictReader(file)} == {
            "generic",
            "context",
        }
