"""Tagged text, XML, Excel, vocabularies, and files of other programs."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from both_ways import (
    HEADER,
    KINDS,
    inspect_only,
    read,
    read_both_ways,
)
from raw_files.folder import check_kinds
from raw_files.listing import list_folder
from raw_files.refusals import FOREIGN, RefusedError

if TYPE_CHECKING:
    from pathlib import Path

NBIB = (
    "\nPMID- 1\nOWN - NLM\nDP  - 2019 Oct 15\nTI  - Aspirin in the\n"
    "      emergency room.\nAB  - TI  - Not the title\n      TI  - nor this.\n"
    "TT  - Die Aspirin\nTA  - J Emerg\nJT  - Journal of emergencies\n"
    "JT  - Another\nLR  - 20191101\n\n\nPMID- 2\nBTI - A book\n"
)


def refusal(root: Path, files: dict[str, str | bytes]) -> str:
    """Return why files are refused."""
    with pytest.raises(RefusedError) as refused:
        inspect_only(root, files)
    return str(refused.value)


def test_pubmeds_tagged_format(tmp_path: Path) -> None:
    broken = NBIB.encode().replace(b"nor this", b"nor \xe9")
    title = NBIB.encode().replace(b"Aspirin in", b"\xe9 in")
    found = read_both_ways(
        tmp_path,
        {
            "a.nbib": NBIB,
            "b.txt": gzip.compress(NBIB.replace("\n", "\r\n").encode()),
            "d.nbib": broken,
            "e.nbib": title,
        },
    )
    articles = [
        (
            "1", "Aspirin in the emergency room.", "Die Aspirin", None,
            "Journal of emergencies", "J Emerg", "2019 Oct 15", "20191101",
        ),
        ("2", None, None, "A book", None, None, None, None),
    ]  # fmt: skip
    for name in ("raw/a.nbib", "raw/b.txt", "raw/d.nbib"):
        assert found.cells(name) == articles, name
        assert found.lines(name) == [2, 16], name
    assert found.cells("raw/e.nbib") == articles[1:]
    assert found.defects("raw/e.nbib")[0][0] == "unparseable_row"


def test_text_in_front_of_the_first_article_is_put_aside(
    tmp_path: Path,
) -> None:
    found = read_both_ways(
        tmp_path,
        {
            "a.txt": f"Exported by me\n{NBIB}",
            "pubmed.nbib": f"\n# 2 articles, found\n\non Monday\n{NBIB}",
        },
    )
    assert found.defects("raw/a.txt") == [("unparseable_row", "Exported by me")]
    assert [text for _, text in found.defects("raw/pubmed.nbib")] == [
        "# 2 articles, found\n\non Monday"
    ]
    for name in found.files:
        assert [cells[0] for cells in found.cells(name)] == ["1", "2"]


def test_a_table_that_quotes_an_article_is_a_table(tmp_path: Path) -> None:
    content = HEADER + '1,"A\nPMID- 12\nB",2020-01-02,J\n'
    found = read_both_ways(tmp_path, {"x.txt": content})
    assert found.file.kind == "pubmed"


XML = (
    '<?xml version="1.0" encoding="{encoding}"?>\n'
    "<!DOCTYPE PubmedArticleSet PUBLIC '-//NLM//DTD' 'https://dtd.example/x'>\n"
    "<PubmedArticleSet>\n"
    "<PubmedArticle><MedlineCitation><PMID Version='2'>1</PMID>"
    "<DateRevised><Year>2019</Year><Month>1</Month><Day>2</Day></DateRevised>"
    "<Article><Journal><JournalIssue><PubDate><Year>2019</Year>"
    "<Month>Oct</Month></PubDate></JournalIssue><Title>Journal é</Title>"
    "<ISOAbbreviation>J</ISOAbbreviation></Journal>"
    "<ArticleTitle>[Not <i>Available</i>].</ArticleTitle>"
    "<VernacularTitle>L'aspirine</VernacularTitle></Article>"
    "<CommentsCorrectionsList><PMID>9</PMID></CommentsCorrectionsList>"
    "</MedlineCitation></PubmedArticle>\n"
    "<PubmedBookArticle><BookDocument><PMID Version='1'>2</PMID><Book>"
    "<BookTitle>Book</BookTitle><PubDate><MedlineDate>1998-1999</MedlineDate>"
    "</PubDate></Book></BookDocument></PubmedBookArticle>\n"
    "<DeleteCitation><PMID Version='1'>3</PMID>\n<PMID>4</PMID>"
    "</DeleteCitation>\n</PubmedArticleSet>\n"
)


def xml(encoding: str) -> bytes:
    """Write the XML in an encoding."""
    return XML.format(encoding=encoding).encode(encoding)


def test_pubmed_xml(tmp_path: Path) -> None:
    found = read_both_ways(
        tmp_path,
        {
            "a.xml": xml("utf-8"),
            "b": gzip.compress(xml("iso-8859-1")),
            "c.XML": xml("utf-16"),
            "d.xml": xml("windows-1252"),
        },
    )
    for name in found.files:
        assert found.cells(name) == [
            (
                "1", "[Not Available].", "L'aspirine", "Journal é", "J",
                "2019 Oct", "2", "2019-01-02", None,
            ),
            ("2", "Book", None, None, None, "1998-1999", "1", None, None),
            ("3", None, None, None, None, None, "1", None, "true"),
            ("4", None, None, None, None, None, None, None, "true"),
        ], name  # fmt: skip
    assert found.lines("raw/a.xml") == [4, 5, 6, 7]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (xml("utf-8")[:-30], "the file is cut off there"),
        (xml("utf-8")[:400], "line 4: the file is cut off there"),
        (xml("utf-8").replace(b"</Book>", b"</Bok>"), "a tag is closed"),
        (xml("utf-8").replace("é".encode(), b"\xe9"), "a character is not"),
        (xml("utf-8").replace("é".encode(), b"&x;"), "entity"),
        (xml("utf-8") + b"<x/>", "text stands behind the last tag"),
        (
            b"<!DOCTYPE PubmedArticleSet [<!ENTITY a 'b'>]>\n"
            b"<PubmedArticleSet></PubmedArticleSet>",
            "line 1: it declares an entity",
        ),
        (b"<xml><records/></xml>", "but not PubMed's"),
        (b"<!doctype html><html></html>", "a web page"),
        (b"<clinical_study></clinical_study>", "ClinicalTrials.gov's old XML"),
    ],
)
def test_other_xml_is_refused(
    tmp_path: Path, content: bytes, told: str
) -> None:
    told_all = refusal(tmp_path, {"pubmed.xml": content})
    assert "raw/pubmed.xml" in told_all
    assert told in told_all
    assert "expat" not in told_all


def workbook(*sheets: list[list[Any]]) -> bytes:
    """Write an Excel workbook."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_as_a_person_sees_it(tmp_path: Path) -> None:
    notes = [["Read me"], ["id"]]
    articles = [
        ["Title", "Journal ", "ID", "Date", "x"],
        ["Aspirin", "J", 920000141, date(2020, 1, 2), 1.5],
        [None, None, None, None],
        ["A\r\nB", None, 920000142.0, datetime(2020, 1, 2, 3, 4)],
        [0.1 + 0.2, True, "0011", "2020"],
    ]
    found = read_both_ways(
        tmp_path, {"Articles 2020.XLSX": workbook(notes, articles)}
    )
    assert found.file.kind == "pubmed"
    assert found.file.format == "xlsx"
    assert found.cells() == [
        ("920000141", "Aspirin", "2020-01-02", "J"),
        ("920000142", "A\nB", "2020-01-02 03:04:00", None),
        ("0011", "0.3", "2020", "TRUE"),
    ]
    assert found.lines() == [2, 4, 5]


def test_blank_rows_in_front_of_a_header_are_passed_over(
    tmp_path: Path,
) -> None:
    header = ["id", "title", "date", "journal"]
    later = [header, [2, "Later", "2020", "J"]]
    first = [[], [None, " "], header, [], [1, "Aspirin", "2020", "J"]]
    found = read(tmp_path, {"x.xlsx": workbook([], first, later)})
    assert found.cells() == [("1", "Aspirin", "2020", "J")]
    assert found.lines() == [5]
    twice = [[], [*header, "Title"]]
    assert "x.xlsx, line 2: column title" in refusal(
        tmp_path / "other", {"x.xlsx": workbook(twice)}
    )


def test_a_workbook_without_the_columns_is_refused(tmp_path: Path) -> None:
    content = workbook([["code", "drug"]])
    assert "raw/drugs.xlsx: column atccode is missing" in refusal(
        tmp_path, {"drugs.xlsx": content}
    )
    assert "no sheet (Sheet 0) has the columns" in refusal(
        tmp_path / "other", {"list.xlsx": content}
    )
    assert "damaged or protected" in refusal(
        tmp_path / "damaged", {"list.xlsx": content[:2000]}
    )


def test_without_the_package_a_workbook_is_refused(tmp_path: Path) -> None:
    with mock.patch.dict(sys.modules, {"openpyxl": None}):
        told = refusal(tmp_path, {"drugs.xlsx": b"PK\x03\x04"})
    assert "raw/drugs.xlsx" in told
    assert "pip install -r requirements-excel.txt" in told


def test_vocabularies_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    rrf = '11|ENG|P|22|PF|33|Y|44|55|66|77|RXNORM|IN|88|Aspirin "x|0|N|4096|'
    medline = (
        "-" * 40 + "\nJrId: 1\nJournalTitle: AADE editors' journal\n"
        "MedAbbr: AADE Ed J\nISSN (Print): 0160-6999\nISSN (Online): \n"
        "IsoAbbr: AADE Ed J\nNlmId: 7708172\n" + "-" * 40 + "\nJrId: 2\n"
    )
    read = read_both_ways(
        tmp_path,
        {
            "who.csv": "ATC code,ATC level name,DDD\nN02BA01,aspirin,3\n",
            "atcd.csv": "atc_code,atc_name\nN02BA01,aspirin\n",
            "drugbank vocabulary.csv": "DrugBank ID,Accession Numbers,"
            "Common name,CAS,UNII,Synonyms,Standard InChI Key\n"
            "DB1,A | B,Aspirin,,,ASA | Acid,\n",
            "RXNCONSO.RRF": f"{rrf}\n{rrf}\n",
            "J_Medline.txt": medline,
        },
    )
    assert {name: row.kind for name, row in read.files.items()} == {
        "raw/who.csv": "who_atc",
        "raw/atcd.csv": "who_atc",
        "raw/drugbank vocabulary.csv": "drugbank_vocabulary",
        "raw/RXNCONSO.RRF": "rxnorm_names",
        "raw/J_Medline.txt": "nlm_journals",
    }


def zipped(name: str) -> bytes:
    """Write a zip archive of one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x" * 50)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "xls"),
        ("a.zip", zipped("pubmed.csv"), "zip"),
        ("a.docx", zipped("word/document.xml"), "office"),
        ("a.csv.bz2", b"BZh91AY", "compressed"),
        ("a.pdf", b"%PDF-1.4", "pdf"),
        ("a.parquet", b"PAR1", "parquet"),
        ("a.ris", b"TY  - JOUR\nTI  - Aspirin\n", "ris"),
        ("a.enw", b"%0 Journal Article\n%T Aspirin\n", "endnote"),
        ("a.bib", b"@article{x,\n title={A}}", "bibtex"),
        ("a.txt", b"1: Doe J. Aspirin. J. 2020. PMID: 3.\n", "summary"),
        ("b.txt", b"1. J Med. 2020.\n\nAspirin.\n\nPMID: 3\n", "abstract"),
        ("c.txt", b"31622121\n31622122\n", "pmids"),
        ("pubmed.csv", b"<html></html>", "html"),
    ],
)
def test_files_of_other_programs_are_named_with_what_to_save(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    told = refusal(tmp_path, {name: content})
    assert f"raw/{name}: {FOREIGN[what]}" in told


def test_gzip_is_told_by_its_bytes(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + "1,A,,J\n").encode())
    two = packed + gzip.compress(b"2,B,,J\n") * 50
    found = read_both_ways(
        tmp_path,
        {
            "plain.csv.gz": HEADER + "1,A,,J\n",
            "packed.csv": packed,
            "two.csv.gz": two,
            "two-padded.csv.gz": two + b"\0" * 20,
        },
    )
    assert {name: len(rows) for name, rows in found.rows.items()} == {
        "raw/plain.csv.gz": 1,
        "raw/packed.csv": 1,
        "raw/two.csv.gz": 51,
        "raw/two-padded.csv.gz": 51,
    }
    for number, damaged in enumerate((packed[:-9], packed[:20] + b"xxxx")):
        told = refusal(tmp_path / str(number), {"pubmed.csv.gz": damaged})
        assert "raw/pubmed.csv.gz: the gzipped file is cut off" in told


def test_all_files_at_fault_are_told_at_once(tmp_path: Path) -> None:
    told = refusal(
        tmp_path,
        {
            "notes.txt": "x",
            "scopus.csv": "Authors,Title,Year\n",
            "pubmed.csv": "id\n",
            "drugs.csv": "atccode,drug\n",
        },
    )
    assert "Can't tell what raw/notes.txt, raw/scopus.csv is" in told
    assert "raw/pubmed.csv: columns title, date, journal are missing" in told
    for kind in KINDS:
        assert f"{kind.name}: {kind.known_by}" in told


def test_what_may_lie_there_is_passed_over(tmp_path: Path) -> None:
    names = [
        "README", "readme.txt", "LICENSE.md", "Licence", "notes.md",
        ".DS_Store", ".old/pubmed.csv", "a/.b/c.csv", "~$drugs.xlsx",
        "Thumbs.db", "desktop.ini", "x.csv.tmp", "x.crdownload", "x.part",
    ]  # fmt: skip
    drugs = "atccode,drug\nA,B\n"
    files: dict[str, str | bytes] = dict.fromkeys(names, "x")
    files |= {"a/b/c/Drugs List.CSV": drugs}
    rows = inspect_only(tmp_path, files)
    assert [row.raw_file for row in rows] == ["raw/a/b/c/Drugs List.CSV"]


@pytest.mark.parametrize(
    "name",
    [
        "licensed_drugs.csv",
        "Licensed drugs 2024.csv",
        "licenses.csv",
        "license.csv",
        "README.csv",
        "Readme drugs.txt",
        "md.csv",
        "part.csv",
        "tmp",
        "my thumbs.db.csv",
        "~drugs.csv",
        "drugs~$.csv",
    ],
)
def test_no_data_is_passed_over_for_its_name(tmp_path: Path, name: str) -> None:
    (row,) = inspect_only(tmp_path, {name: "atccode,drug\nA,B\n"})
    assert row.raw_file == f"raw/{name}"


def test_links_to_files_are_read_and_to_folders_are_not(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.csv").write_text(HEADER)
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "link.csv").symlink_to(outside / "x.csv")
    (raw / "loop").symlink_to(raw)
    (raw / ".#x.csv").symlink_to("user@host.1234")
    (file,) = list_folder(str(tmp_path))
    assert file.raw_file == "raw/link.csv"
    version = file.raw_file_version
    assert 0 <= version < 1 << 63
    (outside / "x.csv").write_text(HEADER + "1,A,,J\n")
    assert list_folder(str(tmp_path))[0].raw_file_version != version


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "gone.csv").symlink_to(tmp_path / "gone.csv")
    (raw / "round.csv").symlink_to(raw / "round.csv")
    told = refusal(tmp_path, {"drugs.csv": "atccode,drug\nA,B\n"})
    for name in ("gone.csv", "round.csv"):
        assert f"raw/{name}: it is a link to a file that is gone" in told


def test_a_root_without_raw_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="There is no folder raw/"):
        list_folder(str(tmp_path / "nowhere"))


MADE_BY_HAND: dict[str, str | bytes] = {
    "drugs.csv": "atccode,drug\n",
    "pubmed.csv": HEADER,
    "pubmed.json": "[]",
    "clinical_trials.csv": "id,scientific_title,date,journal\n",
}
EXPORT = "PMID,Title,Citation,Journal/Book\n"


@pytest.mark.parametrize("missing", MADE_BY_HAND)
def test_a_kind_made_by_hand_must_be_there(
    tmp_path: Path, missing: str
) -> None:
    """Following the message helps: a header line, or [], is enough."""
    files = MADE_BY_HAND.copy()
    content = files.pop(missing)
    rows = inspect_only(tmp_path, files)
    kind = missing.partition(".")[0]
    with pytest.raises(RefusedError, match=f"No file in .* is {kind} "):
        check_kinds(str(tmp_path), rows, KINDS)
    rows = inspect_only(tmp_path, {missing: content})
    check_kinds(str(tmp_path), rows, KINDS)


def test_beside_an_export_only_drugs_must_be_there(tmp_path: Path) -> None:
    rows = inspect_only(tmp_path, {"x.csv": EXPORT})
    with pytest.raises(RefusedError, match="drugs") as refused:
        check_kinds(str(tmp_path), rows, KINDS)
    assert "clinical_trials" not in str(refused.value)
    rows = inspect_only(tmp_path, {"d.csv": MADE_BY_HAND["drugs.csv"]})
    check_kinds(str(tmp_path), rows, KINDS)


REMEDIES: dict[str, tuple[str | bytes, str | bytes]] = {
    # A file that is refused, and what its message says to make of it.
    "pubmed_1.csv": (HEADER + "1;A;;J\n", "id;title;date;journal\n1;A;;J\n"),
    "pubmed_2.csv": ("id,title,date,journal,id\n", "id,title,date,journal,x\n"),
    "pubmed_3.csv": ("id,title,date\n1,A,\n", HEADER),
    "pubmed_4.csv": ("", HEADER),
    "pubmed_5.json": ("", "[]"),
    "pubmed_6.json": (
        '{"id":{"0":1},"title":{"0":"A"},"date":{},"journal":{}}',
        '[{"id":1,"title":"A","date":null,"journal":null}]',
    ),
    "pubmed_7.json": (
        '[{"id":1,"title":"A","date":"","journal":"J"},{"id":2,',
        '{"id":1,"title":"A","date":"","journal":"J"}\n{"id":2,\n',
    ),
    "scopus.csv": ("a,b\n1,A\n", HEADER),
    "pubmed_8.csv": (b"\xff\xfe" + HEADER.encode("utf-16-le")[:-1], HEADER),
}  # fmt: skip


@pytest.mark.parametrize("name", REMEDIES)
def test_what_a_message_advises_helps(tmp_path: Path, name: str) -> None:
    refused, remedied = REMEDIES[name]
    assert f"raw/{name}" in refusal(tmp_path, {name: refused})
    found = read(tmp_path, {name: remedied})
    assert found.file.kind == "pubmed"
