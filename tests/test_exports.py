"""Exports of PubMed and ClinicalTrials.gov, as people download them.

Each file has the name that the site gives it. All records are written for these
tests.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from builds import DRUGS_HEADER, PUBMED_HEADER, DataRoot
from inspected import KINDS, assert_plain_words, refusal

if TYPE_CHECKING:
    from pathlib import Path

# A build for every export; raw_files/test_formats.py reads the formats without.
pytestmark = pytest.mark.slow

DRUGS = DRUGS_HEADER + "A01,ASPIRIN\nB02,IRON DEXTRAN\n"

PUBMED_CSV_HEADER = (
    "\ufeffPMID,Title,Authors,Citation,First Author,Journal/Book,"
    "Publication Year,Create Date,PMCID,NIHMS ID,DOI\n"
)
PUBMED_OLD_CSV_HEADER = (
    "Title,URL,Description,Details,ShortDetails,Resource,Type,Identifiers,Db,"
    "EntrezUID,Properties\n"
)
CTGOV_CSV_HEADER = (
    "NCT Number,Study Title,Study URL,Study Status,Sponsor,Start Date,"
    "First Posted\r\n"
)
CTGOV_OLD_CSV_HEADER = (
    "Rank,NCT Number,Title,Acronym,Status,Study Results,Conditions,"
    "Interventions,Outcome Measures,Sponsor/Collaborators,Gender,Age,Phases,"
    "Enrollment,Funded Bys,Study Type,Study Designs,Other IDs,Start Date,"
    "Primary Completion Date,Completion Date,First Posted,"
    "Results First Posted,Last Update Posted,Locations,Study Documents,URL\n"
)


def pubmed_csv(*articles: tuple[str, str, str]) -> str:
    """Write PubMed's CSV of ids, titles and citations."""
    rows = [
        f'{pmid},"{title}","Gull A, Tern B.","{citation}",Gull A,'
        "J Emerg Nurs,2019,2020/01/31,,,10.1000/x\n"
        for pmid, title, citation in articles
    ]
    return PUBMED_CSV_HEADER + "".join(rows)


def pubmed_old_csv(*articles: tuple[str, str, str]) -> str:
    """Write the CSV that PubMed had before 2020, a comma behind each line."""
    rows = [
        f'"{title}","/pubmed/{pmid}","Gull A.","{citation}",'
        f'"J Emerg Nurs.  2019","PubMed","citation","PMID:{pmid}","pubmed",'
        f'"{pmid}","create date:2019/10/18 | first author:Gull A",\n'
        for pmid, title, citation in articles
    ]
    return PUBMED_OLD_CSV_HEADER + "".join(rows)


def nbib(*articles: dict[str, str]) -> str:
    """Write tagged lines, a blank line in front of each article."""
    return "".join(
        "\n" + "".join(f"{tag:4}- {text}\n" for tag, text in article.items())
        for article in articles
    )


def xml(*articles: str) -> str:
    """Write PubMed XML."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<!DOCTYPE PubmedArticleSet PUBLIC "
        '"-//NLM//DTD PubMedArticle, 1st January 2019//EN" '
        '"https://dtd.example/pubmed_190101.dtd">\n'
        "<PubmedArticleSet>\n" + "".join(articles) + "</PubmedArticleSet>\n"
    )


def xml_article(pmid: str, title: str, published: str) -> str:
    """Write an article of PubMed XML."""
    return (
        "<PubmedArticle>\n<MedlineCitation>\n"
        f'<PMID Version="1">{pmid}</PMID>\n'
        "<Article><Journal><JournalIssue>"
        f"<PubDate>{published}</PubDate></JournalIssue>"
        "<Title>Journal of emergency nursing</Title>"
        "<ISOAbbreviation>J Emerg Nurs</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle>"
        "<Abstract><AbstractText>Aspirin</AbstractText></Abstract></Article>"
        "<MedlineJournalInfo><MedlineTA>J Emerg Nurs</MedlineTA>"
        "</MedlineJournalInfo><CommentsCorrectionsList>"
        "<CommentsCorrections><PMID>99</PMID></CommentsCorrections>"
        "</CommentsCorrectionsList></MedlineCitation>"
        "<PubmedData><ArticleIdList><ArticleId>7</ArticleId></ArticleIdList>"
        "</PubmedData></PubmedArticle>\n"
    )


def study(number: str, title: str, **others: Any) -> dict[str, Any]:  # noqa: ANN401
    """Make a study of ClinicalTrials.gov's API."""
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": number,
                "briefTitle": "A trial",
                "officialTitle": title,
            }
            | others,
            "statusModule": {
                "startDateStruct": {"date": "2014-09"},
                "studyFirstPostDateStruct": {"date": "2014-10-16"},
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Harbour"}},
        },
        "hasResults": False,
    }


ARTICLE = {
    "publication_id": "31622121",
    "article_type": "pubmed",
    "title": "Aspirin in the emergency room.",
    "journal": "Journal of emergency nursing",
    "publication_date": date(2019, 10, 15),
    "date_precision": "day",
}
TRIAL = {
    "publication_id": "NCT02266797",
    "article_type": "clinical_trials",
    "title": "Aspirin in the emergency room",
    "journal": None,
    "publication_date": date(2014, 10, 16),
    "date_precision": "day",
}
OLD_TRIAL_CELLS = ",".join(["null"] * 15)


@dataclass(frozen=True)
class Export:
    """A file as it was downloaded, and the one publication in it."""

    name: str
    content: str | bytes
    publication: dict[str, Any]


CITATION = "J Emerg Nurs. 2019 Oct 15;45(5):489-493. doi: 10.1000/x."
EXPORTS = [
    Export(
        "csv-aspirin-set.csv",
        pubmed_csv(("31622121", "Aspirin in the emergency room.", CITATION)),
        ARTICLE | {"journal": "J Emerg Nurs"},
    ),
    Export(
        "pubmed_result.csv",
        pubmed_old_csv(
            ("31622121", "Aspirin in the emergency room.", CITATION)
        ),
        ARTICLE | {"journal": "J Emerg Nurs"},
    ),
    Export(
        "pubmed-aspirin-set.nbib",
        nbib(
            {
                "PMID": "31622121",
                "OWN": "NLM",
                "DP": "2019 Oct 15",
                "TI": "Aspirin in the emergency\n      room.",
                "AB": "TI  - Not the title\n      TI  - nor this.",
                "TA": "J Emerg Nurs",
                "JT": "Journal of emergency nursing",
            }
        ),
        ARTICLE,
    ),
    Export(
        "pubmed-aspirin-set.txt",
        nbib(
            {
                "PMID": "31622121",
                "TI": "Aspirin in the emergency room.",
                "TA": "J Emerg Nurs",
                "DP": "2019 Oct 15",
            }
        ),
        ARTICLE | {"journal": "J Emerg Nurs"},
    ),
    Export(
        "pubmed26n0001.xml.gz",
        gzip.compress(
            xml(
                xml_article(
                    "31622121",
                    "<i>Aspirin</i> in the emergency\n room.",
                    "<Year>2019</Year><Month>Oct</Month><Day>15</Day>",
                )
            ).encode()
        ),
        ARTICLE,
    ),
    Export(
        "ctg-studies.csv",
        CTGOV_CSV_HEADER
        + "NCT02266797,Aspirin in the emergency room,https://x.example,"
        "COMPLETED,Harbour,2014-09,2014-10-16\r\n",
        TRIAL,
    ),
    Export(
        "SearchResults.csv",
        CTGOV_OLD_CSV_HEADER
        + "1,NCT02266797,Aspirin in the emergency room,"
        + OLD_TRIAL_CELLS
        + ',"September 2014",null,null,"October 16, 2014",'
        + "null,null,null,null,https://x.example\n",
        TRIAL,
    ),
    Export(
        "ctg-studies.json",
        json.dumps([study("NCT02266797", TRIAL["title"])], indent=2),
        TRIAL,
    ),
    Export(
        "page_1.json",
        json.dumps(
            {"totalCount": 1, "studies": [study("NCT02266797", TRIAL["title"])]}
        ),
        TRIAL,
    ),
    Export(
        "studies.json.gz",
        gzip.compress(
            json.dumps(study("NCT02266797", TRIAL["title"])).encode()
        ),
        TRIAL,
    ),
]


def build(root: DataRoot, *others: str) -> None:
    """Build what is published; audits run where all are built together."""
    outcome = root.dbt(
        "run", "--select", "+mentioned_drugs", "publications", *others
    )
    assert outcome.success, outcome.messages


def publications(root: DataRoot, *columns: str) -> list[tuple[Any, ...]]:
    """Give some columns of the cleaned publications, by id."""
    rows = root.cleaned("publications")
    rows.sort(key=lambda row: row["publication_id"] or "")
    return [tuple(row[column] for column in columns) for row in rows]


def assert_only_publication(root: DataRoot, export: Export) -> None:
    """Find the publication of an export, and its mention."""
    [row] = [
        row
        for row in root.cleaned("publications")
        if row["raw_file"] == f"raw/{export.name}"
    ]
    assert {key: row[key] for key in export.publication} == export.publication
    [mention] = [
        mention
        for mention in root.mentions()
        if mention["id"] == row["publication_id"]
    ]
    assert mention["drug"] == "ASPIRIN"
    assert mention["journal"] == export.publication["journal"]


def numbered(export: Export, number: int) -> Export:
    """Give the publication of an export an id of its own."""
    content = export.content
    old = export.publication["publication_id"]
    new = f"{old[:-1]}{number}"
    if isinstance(content, str):
        content = content.replace(old, new)
    else:
        content = gzip.compress(
            gzip.decompress(content).replace(old.encode(), new.encode())
        )
    return Export(
        export.name, content, export.publication | {"publication_id": new}
    )


def test_every_export_is_read(empty_root: DataRoot) -> None:
    exports = [numbered(export, n) for n, export in enumerate(EXPORTS)]
    empty_root.write("drugs.csv", DRUGS)
    for export in exports:
        empty_root.write(export.name, export.content)
    build(empty_root)
    for export in exports:
        assert_only_publication(empty_root, export)
    assert empty_root.rejected() == []


@pytest.mark.parametrize(
    "export",
    [
        pytest.param(
            export,
            id=export.name,
            marks=[]
            if export.name == "csv-aspirin-set.csv"
            else [pytest.mark.slow],
        )
        for export in EXPORTS
    ],
)
def test_an_export_builds_alone_with_a_drug_list(
    empty_root: DataRoot, export: Export
) -> None:
    empty_root.write("drugs.csv", DRUGS)
    empty_root.write(export.name, export.content)
    build(empty_root)
    assert_only_publication(empty_root, export)
    assert empty_root.rejected() == []


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_an_export_needs_no_file_but_a_drug_list(
    tmp_path: Path, export: Export
) -> None:
    (tmp_path / "raw").mkdir()
    content = export.content
    (tmp_path / "raw" / export.name).write_bytes(
        content.encode() if isinstance(content, str) else content
    )
    message = refusal(tmp_path)
    assert "is drugs (CSV, TSV, Excel or JSON" in message
    (tmp_path / "raw" / "drugs.csv").write_text(DRUGS)
    assert refusal(tmp_path) == ""


def test_a_file_is_told_by_what_it_begins_with(root: DataRoot) -> None:
    """Hand-made names say nothing against the header of an export."""
    by_name = {
        "pubmed_export.csv": pubmed_csv(("1", "Aspirin 1", CITATION)),
        "clinical_trials_export.csv": CTGOV_CSV_HEADER
        + "NCT2,Aspirin 2,,,,2014-09,2014-10-16\r\n",
        "pubmed_hand.csv": PUBMED_HEADER + "3,Aspirin 3,2020,J\n",
    }
    for name, text in by_name.items():
        root.write(name, text)
    root.write("README", "Whatever people keep beside their files.")
    build(root)
    assert root.query(
        "select raw_file, kind from stg_raw_files "
        "where contains(raw_file, '_export') or contains(raw_file, 'hand') "
        "order by raw_file"
    ) == [
        ("raw/clinical_trials_export.csv", "ctgov_export"),
        ("raw/pubmed_export.csv", "pubmed_export"),
        ("raw/pubmed_hand.csv", "pubmed"),
    ]
    assert publications(root, "publication_id", "article_type") == [
        ("1", "pubmed"),
        ("3", "pubmed"),
        ("NCT2", "clinical_trials"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scopus.csv", "Authors,Title,Year\n"),
        ("records.json", '[{"pmid": 1}]'),
        ("records.json.gz", gzip.compress(b'[{"pmid": 1}]', mtime=0)),
    ],
)
def test_an_unknown_file_stops_the_build(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_bytes(
        content.encode() if isinstance(content, str) else content
    )
    message = refusal(tmp_path)
    assert f"Can't tell what raw/{name} is" in message
    for kind in KINDS:
        assert kind.known_by in message
    assert_plain_words(message)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("embase.nbib", "TY  - JOUR\nTI  - Aspirin\nER  - \n", "RIS format"),
        ("endnote.xml", "<xml><records></records></xml>", "not PubMed's"),
        ("empty.csv", "", "the file is empty"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ""),
        ("drugs.zip", b"PK\x03\x04" + bytes(60), ""),
        ("table.pdf", b"%PDF-1.7\n", "PDF"),
        ("data.parquet", b"PAR1" + bytes(60) + b"PAR1", "Parquet"),
        ("page.csv", "<!DOCTYPE html><html></html>", "web page"),
        ("refs.bib", "@article{gull, title={Aspirin}}\n", "BibTeX"),
        ("pmid-list.txt", "31000001\n31000002\n31000003\n", "PubMed ids"),
        (
            "pubmed_2.csv",
            "pmid,title\n1,Aspirin\n",
            "columns id, date, journal are missing",
        ),
    ],
)
def test_a_file_of_another_program_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_bytes(
        content.encode() if isinstance(content, str) else content
    )
    message = refusal(tmp_path)
    assert f"raw/{name}" in message
    assert told in message
    assert_plain_words(message)


MONTHS = {
    "English": "January February March April May June July August September "
    "October November December",
    "short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "French": "janvier février mars avril mai juin juillet août septembre "
    "octobre novembre décembre",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre "
    "octubre noviembre diciembre",
    "German": "Januar Februar März April Mai Juni Juli August September "
    "Oktober November Dezember",
}


def test_months_are_read_in_four_languages(root: DataRoot) -> None:
    spelt = [
        (f"{day} {name} 2021" if day else f"2021 {name}", date(2021, month, 1))
        for names in MONTHS.values()
        for month, name in enumerate(names.split(), 1)
        for day in (None, 1)
    ]
    spelt += [
        (text.translate(str.maketrans("éûä", "eua")), day)
        for text, day in spelt
    ]
    rows = [
        f"{number:03},Gulls {number},{text},J\n"
        for number, (text, _) in enumerate(spelt)
    ]
    root.write("pubmed.csv", PUBMED_HEADER + "".join(rows))
    build(root)
    assert publications(root, "publication_date") == [
        (day,) for _, day in spelt
    ]


# --- oddities of each format -----------------------------------------------


def test_the_date_of_a_pubmed_csv_stands_in_the_citation(
    empty_root: DataRoot,
) -> None:
    empty_root.write("drugs.csv", DRUGS)
    citations = {
        "1": ("J Emerg Nurs. 2019 Oct 15;45(5):1. doi: 1.", "2019-10-15 day"),
        "2": ("Cancers (Basel). 2019 Sep 3:2. doi: 10.1.", "2019-09-03 day"),
        "3": ("J. Irreprod. Results. 2001 Jul-Aug;3(4):5.", "2001-07-01 month"),
        "4": ("Lancet. 1986 Summer:12-4.", "1986-07-01 season"),
        "5": (
            "In: StatPearls [Internet]. Treasure Island (FL): StatPearls "
            "Publishing; 2019 Jan-. 2018 Sep 26 [revised 2019 Jan 1].",
            "2018-09-26 day",
        ),
        # Without a date in the citation, the year of publication.
        "6": ("No date at all", "2019-01-01 year"),
        "7": ("", "2019-01-01 year"),
    }
    empty_root.write(
        "csv-x-set.csv",
        pubmed_csv(
            *((pmid, "Gulls", text) for pmid, (text, _) in citations.items())
        ),
    )
    build(empty_root)
    assert {
        pmid: f"{day} {precision}"
        for pmid, day, precision in publications(
            empty_root, "publication_id", "publication_date", "date_precision"
        )
    } == {pmid: expected for pmid, (_, expected) in citations.items()}


def test_columns_of_trials_are_those_that_were_chosen(
    empty_root: DataRoot,
) -> None:
    empty_root.write("drugs.csv", DRUGS)
    files = {
        "1.csv": "Study Title,NCT Number\r\nAspirin 1,NCT1\r\n",
        "2.csv": '"NCT Number","Start Date","Study Title"\r\n'
        '"NCT2","2014-09","Aspirin, ""2"""\r\n',
        "3.csv": CTGOV_CSV_HEADER + "NCT3,Aspirin 3,,,,2014-09-01,\r\n",
        # Month first is a fact of this source, and of no other.
        "4.csv": CTGOV_CSV_HEADER + "NCT4,Aspirin 4,,,,,10/16/2014\r\n",
    }
    for name, text in files.items():
        empty_root.write(name, text)
    build(empty_root)
    assert publications(
        empty_root, "publication_id", "publication_date", "date_precision"
    ) == [
        ("NCT1", None, None),
        ("NCT2", date(2014, 9, 1), "month"),
        ("NCT3", date(2014, 9, 1), "day"),
        ("NCT4", date(2014, 10, 16), "day"),
    ]
    assert {mention["journal"] for mention in empty_root.mentions()} == {None}


def test_studies_may_lack_what_they_like(empty_root: DataRoot) -> None:
    empty_root.write("drugs.csv", DRUGS)
    bare = {"protocolSection": {"identificationModule": {"nctId": "NCT1"}}}
    brief = study("NCT2", "")
    brief["protocolSection"].pop("statusModule")
    empty_root.write("studies.json", json.dumps({"studies": [bare, brief, 7]}))
    # An answer of the API is one line, and may be longer than any other line.
    long = {"studies": [study("NCT3", "Aspirin " + "x" * 3_000_000)]}
    empty_root.write("long.json", json.dumps(long))
    build(empty_root)
    assert publications(empty_root, "publication_id", "publication_date") == [
        ("NCT2", None),
        ("NCT3", date(2014, 10, 16)),
    ]
    assert sorted(row["reason"] for row in empty_root.rejected()) == [
        "blank_title",
        "not_an_object",
    ]


def test_a_tagged_file_is_read_article_by_article(
    empty_root: DataRoot,
) -> None:
    empty_root.write("drugs.csv", DRUGS)
    text = "\ufeff" + nbib(
        {"PMID": "1", "TI": "Aspirin 1", "DP": "1999 Apr 31"},
        {"PMID": "2", "DP": "2004-2005", "AB": "No title, no journal"},
        {
            "PMID": "3",
            "BTI": "Iron\n      dextran and others",
            "DP": "soon",
            "FAU": "Gull, A\nAU  - Gull A",
        },
        {"PMID": "4", "TI": "", "TT": "Aspirin en français"},
    )
    empty_root.write("a.nbib", text)
    empty_root.write("b.nbib", text.replace("\n", "\r\n").replace("- ", "-  "))
    build(empty_root)
    assert publications(
        empty_root,
        "publication_id",
        "title",
        "journal",
        "publication_date",
        "date_precision",
        "merged_raw_files",
    ) == [
        ("1", "Aspirin 1", None, date(1999, 4, 1), "month", ["raw/b.nbib"]),
        ("3", "Iron dextran and others", None, None, None, ["raw/b.nbib"]),
        ("4", "Aspirin en français", None, None, None, ["raw/b.nbib"]),
    ]
    rejected = empty_root.rejected()
    assert [(row["record_number"], row["reason"]) for row in rejected] == [
        (2, "blank_title"),
        (3, "unreadable_date"),
    ] * 2
    assert "No title, no journal" in rejected[0]["raw_text"]


def test_xml_is_read_article_by_article(empty_root: DataRoot) -> None:
    empty_root.write("drugs.csv", DRUGS)
    empty_root.write(
        "pubmed[26]n*.xml",
        xml(
            xml_article(
                "1",
                "CO<sub>2</sub> &amp; <i>aspirin</i> &lt; 5 &#181;g",
                "<MedlineDate>1992 Jun 25-Jul 8</MedlineDate>",
            ),
            xml_article("2", "", "<Year>2001</Year>"),
            xml_article(
                "3",
                "<![CDATA[Iron <dextran>]]><!-- lead -->",
                "<Year>1986</Year><Season>Summer</Season>",
            ),
            "<PubmedBookArticle><BookDocument><PMID>4</PMID><Book><BookTitle>"
            "Aspirin</BookTitle><PubDate><Year>2011</Year></PubDate></Book>"
            "</BookDocument></PubmedBookArticle>",
            "<DeleteCitation><PMID>5</PMID></DeleteCitation>",
        ),
    )
    build(empty_root)
    assert publications(
        empty_root,
        "publication_id",
        "title",
        "publication_date",
        "date_precision",
    ) == [
        ("1", "CO2 & aspirin < 5 µg", date(1992, 6, 25), "day"),
        ("3", "Iron <dextran>", date(1986, 7, 1), "season"),
        ("4", "Aspirin", date(2011, 1, 1), "year"),
    ]
    [rejected] = empty_root.rejected()
    assert rejected["record_number"] == 2
    assert rejected["reason"] == "blank_title"
    assert not list(empty_root.path.glob("*.readable"))
    [counts] = empty_root.query(
        "select records_read, records_kept, records_deleted, records_rejected "
        "from raw_file_reconciliation where source_name = 'pubmed_xml'"
    )
    assert counts == (5, 3, 1, 1)


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet [\n'
    '<!ENTITY a "aspirin aspirin">\n<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">\n'
    "]>\n<PubmedArticleSet>&b;</PubmedArticleSet>"
)
FILE_READER = (
    '<!DOCTYPE PubmedArticleSet [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n'
    "<PubmedArticleSet>&a;</PubmedArticleSet>"
)
WHOLE = xml(xml_article("1", "Aspirin", "<Year>2001</Year>"))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("bomb.xml", BOMB, "entity"),
        ("reader.xml", FILE_READER, "entity"),
        ("unknown.xml", WHOLE.replace("Aspirin", "&nbsp;"), "entity"),
        ("cut.xml", WHOLE[:-30], "cut off"),
        ("two.xml", WHOLE + WHOLE, "line"),
        ("deep.xml", WHOLE.replace("Aspirin", "<i>" * 5_000), "line"),
        ("cut.xml.gz", gzip.compress(WHOLE.encode(), mtime=0)[:-20], "cut off"),
    ],
)
def test_xml_that_is_not_pubmeds_stops_the_build(
    tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_bytes(
        content.encode() if isinstance(content, str) else content
    )
    message = refusal(tmp_path)
    assert name in message
    assert told in message
    assert_plain_words(message)


# --- one journal, one publication ------------------------------------------


def test_a_journal_is_one_however_it_is_written(root: DataRoot) -> None:
    root.write(
        "drugs.csv",
        DRUGS_HEADER + "A1,ASPIRIN\nA2,IRON\nA3,GOLD\nA4,LEAD\nA5,ZINC\n",
    )
    root.write(
        "pubmed.csv",
        PUBMED_HEADER
        + "1,Aspirin,2020-01-01,J Emerg Nurs\n"
        + "2,Iron,2020-01-01,Journal of emergency nursing\n"
        + "3,Gold,2020-01-01,JOURNAL OF EMERGENCY NURSING\n"
        + "4,Lead,2020-01-01,Journal of emergency nursing : JEN\n"
        + "5,Aspirin again,2020-01-01,Journal of emergency nursing\n"
        + "6,Zinc,2020-01-01,The Lancet\n"
        + "7,Zinc and iron,2020-01-01,Lancet\n"
        + "8,Zinc and gold,2020-01-01,Lancet Oncology\n",
    )
    build(root, "int_journals")
    answer = root.dbt("show", "--select", "journal_mentioning_most_drugs")
    assert answer.rows == [
        {
            "journal": "Journal of emergency nursing",
            "drug_count": 4,
            "drugs": "ASPIRIN, GOLD, IRON, LEAD",
            "journals_tied_with_it": 0,
        }
    ]
    shared = root.dbt(
        "show",
        "--select",
        "drugs_sharing_pubmed_journals",
        "--vars",
        "{drug: aspirin}",
    )
    assert [(row["drug"], row["shared_journals"]) for row in shared.rows] == [
        ("GOLD", 1),
        ("IRON", 1),
        ("LEAD", 1),
    ]
    assert {mention["journal"] for mention in root.mentions()} == {
        "J Emerg Nurs",
        "Journal of emergency nursing",
        "JOURNAL OF EMERGENCY NURSING",
        "Journal of emergency nursing : JEN",
        "The Lancet",
        "Lancet",
        "Lancet Oncology",
    }


def test_one_id_in_several_exports_is_one_publication(
    empty_root: DataRoot,
) -> None:
    empty_root.write("drugs.csv", DRUGS)
    for export in EXPORTS:
        empty_root.write(export.name, export.content)
    outcome = empty_root.build()
    assert outcome.success, outcome.messages
    assert publications(
        empty_root, "publication_id", "journal", "publication_date", "title"
    ) == [
        (
            "31622121",
            "Journal of emergency nursing",
            date(2019, 10, 15),
            "Aspirin in the emergency room.",
        ),
        (
            "NCT02266797",
            None,
            date(2014, 10, 16),
            "Aspirin in the emergency room",
        ),
    ]
    assert len(empty_root.mentions()) == 2


def test_an_id_typed_by_hand_proves_nothing(root: DataRoot) -> None:
    root.write("drugs.csv", DRUGS)
    root.write(
        "pubmed.csv",
        PUBMED_HEADER
        + "1,Aspirin 1,2020-01-01,J\n1,Aspirin 2,2020-01-02,J\n"
        + "2,Aspirin 3,2020-01-03,J\n,Aspirin 4,2019-10-15,J\n",
    )
    root.write(
        "a.nbib",
        nbib(
            {"PMID": "2", "TI": "Aspirin 5", "JT": "J", "DP": "2020"},
            {"PMID": "2", "TI": "Aspirin 6", "JT": "J", "DP": "2020 Jan"},
            {"PMID": "3", "TI": "Aspirin 4", "JT": "J", "DP": "2019 Oct 15"},
        ),
    )
    build(root)
    assert sorted(publications(root, "publication_id", "title")) == [
        ("1", "Aspirin 1"),
        ("1", "Aspirin 2"),
        ("2", "Aspirin 3"),
        ("2", "Aspirin 6"),
        ("3", "Aspirin 4"),
    ]


def test_what_an_id_has_merged_is_split_when_a_file_goes(
    empty_root: DataRoot,
) -> None:
    empty_root.write("drugs.csv", DRUGS)
    ahead = {"PMID": "1", "TI": "Aspirin ahead", "JT": "J", "DP": "2019 Oct"}
    issue = {"PMID": "1", "TI": "Aspirin", "JT": "J", "DP": "2020 Jan 3"}
    empty_root.write("a.nbib", nbib(ahead))
    build(empty_root)
    issued = empty_root.write("b.nbib", nbib(issue))
    build(empty_root)
    assert publications(empty_root, "title", "merged_raw_files") == [
        ("Aspirin", ["raw/a.nbib"])
    ]
    issued.unlink()
    build(empty_root)
    assert publications(empty_root, "title", "merged_raw_files") == [
        ("Aspirin ahead", None)
    ]
