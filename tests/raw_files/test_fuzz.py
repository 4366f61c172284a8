"""Files of random faults: nothing is lost, nothing is invented.

    RAW_FILES_FUZZ=20000 pytest tests/raw_files/test_fuzz.py

reads so many files instead of a few hundred; RAW_FILES_SEED begins elsewhere.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from both_ways import (
    ALL_SMALL,
    HEADER,
    NONE_SMALL,
    Read,
    inspect_folder,
    read_both_ways,
    read_folder,
    write,
)
from raw_files.refusals import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

FILES = int(os.environ.get("RAW_FILES_FUZZ", "300"))
SEED = int(os.environ.get("RAW_FILES_SEED", "1"))

# What nasty lines are made of.
CSV_FRAGMENTS = (
    b"a", "é".encode(), b" ", b'"', b'""', b'"x"', b",", b",", b"\n", b"\0",
    "\ufeff".encode(), b"\xe9", b"\xc3", b"'", b"\\", b"\t", b";", b"|",
    b'"a,b"', b'"a\nb"', b"1,t,,j", b"\n2,u,,k\n", b'"q ""r""",', b"#",
    b"\r", b"\r\n", b"\r\r\n", b'" ', b' "', b',"",', b'"""', b"\x0b",
    "\u2028".encode(), b"\n\n", b"NULL", b'"\n"',
)  # fmt: skip
JSON_FRAGMENTS = (
    b"a", "é".encode(), b" ", b'"', b'\\"', b"\\", b",", b"{", b"}", b"[",
    b"]", b":", b"null", b"NaN", b"1e5", b'"x"', b"\n", b"\xe9", b"\\ud800",
    b"\\u0000", b"//", b"/*", b"*/", b"\t", b"{}", b"[]", b'{"id":1}', b",,",
)  # fmt: skip


def marked(
    chance: random.Random, fragments: tuple[bytes, ...], mark: int
) -> bytes:
    """Make a cell that holds a mark, <1>, and often some nasty fragments."""
    cell = b"<%d>" % mark
    if chance.random() < 0.5:
        for _ in range(chance.randint(1, 6)):
            fragment = chance.choice(fragments)
            cell = fragment + cell if chance.random() < 0.5 else cell + fragment
    return cell


def nasty_csv(chance: random.Random) -> bytes:
    """Make a header and a few rows, good and bad."""
    line_end = chance.choice((b"\n", b"\n", b"\r\n", b"\r"))
    content = HEADER.strip().encode() + line_end
    mark = 0
    for _ in range(chance.randint(1, 8)):
        cells = []
        is_bad = chance.random() < 0.4
        for _ in range(4):
            mark += 1
            if is_bad:
                cells.append(marked(chance, CSV_FRAGMENTS, mark))
            elif chance.random() < 0.5:
                cells.append(b'"<%d>, ""a""%sb"' % (mark, line_end))
            else:
                cells.append(b"<%d>" % mark)
        content += b",".join(cells) + line_end
    return content


def nasty_json(chance: random.Random) -> bytes:
    """Make an array or lines of objects, good and bad."""
    is_array = chance.random() < 0.5
    records = []
    mark = 0
    for _ in range(chance.randint(1, 6)):
        record = b"{"
        for key in (b"id", b"title", b"date", b"journal"):
            mark += 1
            text = b"<%d>" % mark
            if chance.random() < 0.1:
                text = marked(chance, JSON_FRAGMENTS, mark)
            record += b'"%s":"%s",' % (key, text)
        record = record[:-1] + b"}"
        if chance.random() < 0.15:
            place = chance.randrange(len(record))
            record = (
                record[:place] + chance.choice(JSON_FRAGMENTS) + record[place:]
            )
        records.append(record)
    if is_array:
        return b"[" + chance.choice((b",", b",\n")).join(records) + b"]"
    return b"\n".join(records) + b"\n"


def marks_of(text: str) -> set[str]:
    """Find the marks in a text."""
    return set(re.findall(r"<\d+>", text))


def good_rows(content: bytes) -> list[tuple[str, ...]]:
    """Read rows of four cells, as Python's strict reader sees them."""
    try:
        text = content.replace(b"\0", b"").decode()
        text = re.sub("\r+\n|\r", "\n", text)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return []
    return [tuple(row) for row in rows[1:] if len(row) == 4]


def good_objects(content: bytes) -> list[Any]:
    """Read objects as Python does: all of an array, or those of each line."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return []
    try:
        values = json.loads(text)
    except ValueError:
        values = []
        for line in text.split("\n"):
            try:
                values.append(json.loads(line.strip(" \t,")))
            except ValueError:
                continue
    return [value for value in values if isinstance(value, dict)]


def all_text(found: Read, raw_file: str) -> str:
    """Join all that is known of a file's records."""
    return "\n".join(
        str(value)
        for row in found.rows[raw_file]
        for value in row
        if value is not None
    )


def respelt(content: bytes) -> bool:
    """Whether a key has two spellings: which one counts depends on the size."""
    keys = {key for value in good_objects(content) for key in value}
    letters = {re.sub(r"[\W_]", "", key.lower()) for key in keys}
    return len(letters) < len(keys)


def refused(root: Path, name: str, content: bytes) -> list[str]:
    """Try a file as a small and as a large one; a refusal names it."""
    write(root, {name: content})
    told = []
    for small_bytes in (ALL_SMALL, NONE_SMALL):
        try:
            inspect_folder(root, small_bytes)
        except RefusedError as refusal:
            told.append(str(refusal))
    (root / "raw" / name).unlink()
    assert all(f"raw/{name}" in text for text in told)
    return told


@pytest.mark.parametrize("part", range(10))
def test_random_csv_files(tmp_path: Path, part: int) -> None:
    chance = random.Random(SEED * 10 + part)
    files = {}
    for number in range(max(FILES // 10, 1)):
        name, content = f"pubmed_{number:05}.csv", nasty_csv(chance)
        told = refused(tmp_path, name, content)
        # Few rows may look as if another delimiter stood between their cells.
        assert all("is separated by" in text for text in told)
        if not told:
            files[name] = content
    assert len(files) > 0.9 * FILES / 10
    found = read_both_ways(tmp_path, files)
    for name, content in files.items():
        raw_file = f"raw/{name}"
        known = all_text(found, raw_file)
        lost = marks_of(content.decode(errors="replace")) - marks_of(known)
        assert not lost, (content, found.rows[raw_file])
        rows = {
            tuple((cell or "").replace("\ufeff", "") for cell in row)
            for row in found.cells(raw_file)
        }
        for row in good_rows(content):
            cells = tuple(cell.replace("\ufeff", "") for cell in row)
            assert cells in rows, (content, row, found.rows[raw_file])


@pytest.mark.parametrize("part", range(10))
def test_random_json_files(tmp_path: Path, part: int) -> None:
    chance = random.Random(SEED * 10 + part)
    files = {}
    for number in range(max(FILES // 10, 1)):
        name, content = f"pubmed_{number:05}.json", nasty_json(chance)
        if not refused(tmp_path, name, content) and not respelt(content):
            files[name] = content
    assert len(files) > FILES / 25
    found = read_both_ways(tmp_path, files, may_break_apart=True)
    for name, content in files.items():
        raw_file = f"raw/{name}"
        known = all_text(found, raw_file)
        text = content.decode(errors="replace")
        comments = re.findall(r"//[^\n]*|/\*.*?\*/", text, re.DOTALL)
        commented_out = marks_of(" ".join(comments))
        lost = marks_of(text) - marks_of(known) - commented_out
        assert not lost, (content, found.rows[raw_file])
        rows = found.cells(raw_file)
        for value in good_objects(content):
            cells = tuple(
                value.get(key) for key in ("id", "title", "date", "journal")
            )
            # Half a character is no text.
            if all(isinstance(cell, str) for cell in cells) and not any(
                "\ud800" <= character <= "\udfff"
                for character in "".join(cells)
            ):
                whole = tuple(cell.replace("\0", "") or None for cell in cells)
                assert whole in rows, (content, whole, rows)


@pytest.mark.parametrize("part", range(4))
def test_random_bytes_stop_with_the_name_or_are_read(
    tmp_path: Path, part: int
) -> None:
    """A good file of any format, with bytes changed, cut off or put in."""
    chance = random.Random(SEED * 10 + part)
    good = (
        HEADER.encode() + b'1,"Aspirin, a",2020-01-02,J\r\n' * 3,
        b'[{"id":1,"title":"A","date":"","journal":"J"},{"id":2}]',
        b"\nPMID- 1\nTI  - Aspirin\n      in gulls.\nDP  - 2020\n",
        b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID>"
        b"</MedlineCitation></PubmedArticle></PubmedArticleSet>",
        gzip.compress(HEADER.encode() + b"1,Aspirin,,J\n", mtime=0),
        (HEADER + "1,Aspirin é,,J\n").encode("utf-16"),
        b'{"studies":[{"protocolSection":{"a":1}}]}',
    )
    for number in range(max(FILES // 4, 1)):
        content = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(content))
            change = chance.randrange(3)
            if change == 0:
                content[place] = chance.randrange(256)
            elif change == 1:
                del content[place : place + chance.randint(1, 20)]
            else:
                content[place:place] = chance.randbytes(chance.randint(1, 4))
            content = content or bytearray(b"x")
        name = f"pubmed_{number}.csv"
        if not refused(tmp_path, name, bytes(content)):
            read_both_ways(tmp_path, {name: bytes(content)})
            (tmp_path / "raw" / name).unlink()
    assert read_folder(tmp_path).files == {}
