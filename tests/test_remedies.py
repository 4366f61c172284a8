"""Does what each message about a raw file advises, and is not refused again."""

from __future__ import annotations

import gzip
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from builds import DRUGS_HEADER, PUBMED_HEADER, TRIALS_HEADER, DataRoot
from inspected import assert_plain_words, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from builds import DbtInProcess

    Files = Mapping[str, str | bytes | None]

H = PUBMED_HEADER
ROW = "1,Aspirin,2020-01-01,J\n"
RECORD = '{"id":"1","title":"Aspirin","date":"2020-01-01","journal":"J"}'
BASE = {
    "drugs.csv": f"{DRUGS_HEADER}A1,ASPIRIN\n",
    "pubmed.csv": H,
    "pubmed.json": "[]",
    "clinical_trials.csv": TRIALS_HEADER,
}
XML = (
    '<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation>'
    "<PMID>1</PMID><Article><ArticleTitle>Aspirin</ArticleTitle></Article>"
    "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
)


@dataclass(frozen=True)
class Remedy:
    """A folder that is refused, what the message advises, and that done.

    None takes a file away.
    """

    name: str
    files: Files
    advice: str
    done: Files


OTHERWISE = {"pubmed_x.csv": H + ROW}
TAKEN_OUT = {"x": None}
REMEDIES = [
    Remedy(
        "another-delimiter-in-the-rows",
        {"pubmed_x.csv": H + ROW.replace(",", ";")},
        "correct the header line",
        {"pubmed_x.csv": H.replace(",", ";") + ROW.replace(",", ";")},
    ),
    Remedy(
        "another-delimiter-in-the-header",
        {"pubmed_x.csv": H.replace(",", "\t") + ROW},
        "export the file again",
        OTHERWISE,
    ),
    Remedy(
        "missing-column",
        {"pubmed_x.csv": "id,title,date\n1,Aspirin,2020-01-01\n"},
        "must name the columns id, title, date, journal, in any order",
        {"pubmed_x.csv": "journal;date;title;id\nJ;2020-01-01;Aspirin;1\n"},
    ),
    Remedy(
        "column-twice",
        {"pubmed_x.csv": f"{H.strip()},title\n{ROW.strip()},x\n"},
        "Rename or delete the one",
        {"pubmed_x.csv": f"{H.strip()},other\n{ROW.strip()},x\n"},
    ),
    Remedy(
        "empty-table",
        {"pubmed_x.csv": ""},
        "let it hold that line and no more",
        {"pubmed_x.csv": H},
    ),
    Remedy(
        "empty-json",
        {"pubmed_x.json": ""},
        "let it hold [] and no more",
        {"pubmed_x.json": "[]"},
    ),
    Remedy(
        "json-without-records",
        {"pubmed_x.json": "null"},
        "must be objects with the keys id, title, date, journal, in an array",
        {"pubmed_x.json": f"[{RECORD}]"},
    ),
    Remedy(
        "json-without-a-key",
        {"pubmed_x.json": '[{"id":1,"title":"Aspirin","date":""}]'},
        "has the key journal",
        {"pubmed_x.json": RECORD},
    ),
    Remedy(
        "json-of-columns",
        {
            "pubmed_x.json": '{"id":{"0":1},"title":{"0":"Aspirin"},'
            '"date":{"0":"2020-01-01"},"journal":{"0":"J"}}'
        },
        "write orient='records'",
        {"pubmed_x.json": f"[{RECORD}]"},
    ),
    Remedy(
        "json-cut-off",
        {"pubmed_x.json": f"[{RECORD},{RECORD[:20]}"},
        "write one object a line",
        {"pubmed_x.json": f"{RECORD}\n{RECORD[:20]}\n"},
    ),
    Remedy(
        "gzip-cut-off",
        {"pubmed_x.csv.gz": gzip.compress((H + ROW).encode())[:-9]},
        "Copy or download it again",
        {"pubmed_x.csv.gz": gzip.compress((H + ROW).encode())},
    ),
    Remedy(
        "damaged-utf-16",
        {"pubmed_x.csv": (H + ROW).encode("utf-16")[:-1]},
        "Save it as UTF-8",
        OTHERWISE,
    ),
    Remedy(
        "saved-as-csv-ms-dos",
        {
            "pubmed_x.csv": (H + "1,Aspirin café,,J\n2,Gärten,,J\n").encode(
                "cp437"
            )
        },
        'Save it as UTF-8; in Excel, as "CSV UTF-8"',
        {"pubmed_x.csv": H + "1,Aspirin café,,J\n2,Gärten,,J\n"},
    ),
    Remedy(
        "json-of-two-kinds",
        {
            "pubmed_x.json": f'{{"a":[{RECORD}],"b":['
            + RECORD.replace("title", "scientific_title")
            + "]}"
        },
        "Write each list into a file of its own",
        {
            "pubmed_x.json": f"[{RECORD}]",
            "trials_x.json": RECORD.replace("title", "scientific_title"),
        },
    ),
    Remedy(
        "xml-cut-off",
        {"x.xml": XML[:-30]},
        "whole, from <PubmedArticleSet> to </PubmedArticleSet>",
        {"x.xml": XML},
    ),
    Remedy(
        "unknown",
        {"x": "Something else\n"},
        "Give it such a first line",
        {"x": H + ROW},
    ),
    Remedy(
        "unknown-to-be-taken-out",
        {"x": "Something else\n"},
        "or take it out of raw/",
        TAKEN_OUT,
    ),
    Remedy(
        "an-older-workbook",
        {"pubmed_x.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)},
        "save it as CSV UTF-8",
        {"pubmed_x.xls": None, "pubmed_x.csv": "\ufeff" + H + ROW},
    ),
    Remedy(
        "an-archive",
        {"x.zip": b"PK\x03\x04" + bytes(60)},
        "Unpack it into raw/",
        {"x.zip": None, **OTHERWISE},
    ),
    Remedy(
        "compressed-otherwise",
        {"pubmed_x.csv.bz2": b"BZh91AY&SY" + bytes(60)},
        "compress it with gzip (.gz)",
        {
            "pubmed_x.csv.bz2": None,
            "pubmed_x.csv.gz": gzip.compress((H + ROW).encode()),
        },
    ),
    Remedy(
        "ris",
        {"x.ris": "TY  - JOUR\nTI  - Aspirin\nER  - \n"},
        'choose Save, Format "CSV" or "PubMed"',
        {"x.ris": None, "x.nbib": "PMID- 1\nTI  - Aspirin\nDP  - 2020\n"},
    ),
    Remedy(
        "summary",
        {
            "x.txt": "1: Gull A, Tern B. Aspirin in gulls. J Emerg Nurs. "
            "2019 Oct 15;45(5):1-2.\ndoi: 10.1000/x. PMID: 31622121.\n"
        },
        'choose Save, Format "CSV" or "PubMed"',
        {
            "x.txt": "PMID,Title,Citation,Journal/Book\n"
            "1,Aspirin,J. 2019 Oct 15;45(5):1-2.,J\n"
        },
    ),
    Remedy(
        "missing-kind",
        {"clinical_trials.csv": None},
        "a file with only the header line (.csv) is enough",
        {"clinical_trials.csv": TRIALS_HEADER},
    ),
    Remedy(
        "missing-json",
        {"pubmed.json": None},
        "with only [] is enough, if it has the name of its kind: pubmed.json.",
        {"pubmed.json": "[]"},
    ),
    Remedy(
        "missing-table",
        {"pubmed.csv": None},
        "a file with only the header line (.csv) is enough",
        {"pubmed.csv": H},
    ),
    Remedy(
        "missing-trials-as-json",
        {"clinical_trials.csv": None},
        "if it has the name of its kind: clinical_trials.json.",
        {"clinical_trials.json": "[]"},
    ),
    Remedy(
        "missing-drugs",
        {"drugs.csv": None},
        "In place of drugs, a public vocabulary is enough: who_atc, ",
        {"who.csv": "ATC code,ATC level name\nB01AC06,aspirin\n"},
    ),
    Remedy(
        "missing-drugs-without-any",
        {"drugs.csv": None},
        "if it has the name of its kind: drugs.json.",
        {"drugs.json": "[]"},
    ),
    Remedy(
        "missing-articles-and-trials",
        {"pubmed.csv": None, "pubmed.json": None, "clinical_trials.csv": None},
        "In place of pubmed and clinical_trials, an export of PubMed or "
        "ClinicalTrials.gov is enough.",
        {"x.xml": XML},
    ),
]


def write(root: Path, files: Files) -> None:
    """Write files below `root`/raw, or take them away."""
    (root / "raw").mkdir(exist_ok=True)
    for name, text in files.items():
        if text is None:
            (root / "raw" / name).unlink(missing_ok=True)
        else:
            (root / "raw" / name).write_bytes(
                text.encode() if isinstance(text, str) else text
            )


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.name)
def test_what_a_message_advises_helps(tmp_path: Path, remedy: Remedy) -> None:
    write(tmp_path, {**BASE, **remedy.files})
    message = refusal(tmp_path)
    assert remedy.advice in message
    assert_plain_words(message)
    write(tmp_path, remedy.done)
    assert refusal(tmp_path) == ""


def test_a_folder_in_which_everything_was_mended_is_built(
    tmp_path: Path, dbt_in_process: DbtInProcess
) -> None:
    root = DataRoot(tmp_path, dbt_in_process)
    write(root.path, BASE)
    for remedy in REMEDIES:
        for name, text in remedy.done.items():
            if text is not None and name not in BASE:
                folder = root.path / "raw" / remedy.name
                folder.mkdir(exist_ok=True)
                write(folder, {})
                (folder / name).write_bytes(
                    text.encode() if isinstance(text, str) else text
                )
                (folder / "raw").rmdir()
    outcome = root.dbt("run")
    assert outcome.success, outcome.messages
    assert {mention["drug"] for mention in root.mentions()} == {"ASPIRIN"}
    [broken] = root.rejected()
    assert broken["raw_file"] == "raw/json-cut-off/pubmed_x.json"


def test_a_file_without_a_usable_record_stops_the_build_until_allowed(
    built_sample: DataRoot,
) -> None:
    before = built_sample.published.read_bytes()
    built_sample.write("pubmed_new.csv", f"{H}1,,2020-01-01,J\n2, ,,J\n")
    outcome = built_sample.build()
    assert not outcome.success
    message = outcome.messages
    assert "raw/pubmed_new.csv: none of its 2 records can be used" in message
    assert "The first one, in line 2, is put aside as blank_title" in message
    assert "Fill in the titles" in message
    assert built_sample.published.read_bytes() == before
    # The message names the variable that allows it.
    variable = re.search(r"--vars '(\{\w+: true\})'", message)[1]
    assert built_sample.build("--vars", variable).success
    assert len(built_sample.rejected()) == 3 + 2
    # Or the file goes.
    (built_sample.path / "raw" / "pubmed_new.csv").unlink()
    assert built_sample.build().success
    assert built_sample.published.read_bytes() == before


def test_a_missing_folder_of_raw_files_is_named(
    built_sample: DataRoot,
) -> None:
    shutil.rmtree(built_sample.path / "raw")
    outcome = built_sample.build()
    assert not outcome.success
    assert f"no folder raw/ in the data root {built_sample.path}" in (
        outcome.messages
    )
    assert "DRUG_MENTIONS_DATA" in outcome.messages
