"""Files of tagged lines: PubMed's format (MEDLINE), the NLM's journal list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .contents import is_damaged, shown
from .records import KEPT_CHARACTERS, UNPARSEABLE, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .kinds import Kind

# `TI  - Aspirin in gulls.`: a tag of up to four characters, a hyphen, a text.
MEDLINE_LINE = re.compile(r"([A-Z0-9]{2,4}) *- ?(.*)")
# The first article; further below only if another line of its own follows.
FIRST_MEDLINE_LINE = re.compile(
    r"\s*PMID ?- *\d|(?s:.*?)^PMID ?- *\d+[ \t]*\n[A-Z0-9]{2,4} *- ",
    re.MULTILINE,
)
JOURNAL_LINE = re.compile(r"([A-Za-z][A-Za-z ()]*): ?(.*)")
FIRST_JOURNAL_LINE = re.compile(r"\s*(?:-{3,}\s+)?JrId: ?\d")


def medline_records(kind: Kind, lines: Iterable[str]) -> Iterator[Record]:
    """Yield a record for each article of a file in PubMed's tagged format.

    An article begins with its id and goes on to the next one. Lines in front of
    the first are put aside as one record.
    """
    yield from tagged_records(kind, lines, "PMID", MEDLINE_LINE)


def journal_records(kind: Kind, lines: Iterable[str]) -> Iterator[Record]:
    """Yield a record for each journal of the NLM's list."""
    yield from tagged_records(
        kind,
        ("" if line.startswith("---") else line for line in lines),
        "JrId",
        JOURNAL_LINE,
    )


def tagged_records(
    kind: Kind, lines: Iterable[str], first_tag: str, pattern: re.Pattern[str]
) -> Iterator[Record]:
    """Yield a record for each block of lines; one begins with `first_tag`."""
    block: list[str] = []
    begin = number = 0
    for place, line in enumerate(lines, 1):
        found = pattern.match(line)
        if found and found[1].strip() == first_tag:
            if any(text.strip() for text in block):
                number += 1
                yield record_of(kind, block, number, begin, first_tag, pattern)
            block, begin = [], place
        elif not block:
            if not line.strip():
                continue
            begin = place
        block.append(line)
    if any(text.strip() for text in block):
        yield record_of(kind, block, number + 1, begin, first_tag, pattern)


def record_of(  # noqa: PLR0913, PLR0917 - a step of the function above
    kind: Kind,
    block: list[str],
    number: int,
    line: int,
    first_tag: str,
    pattern: re.Pattern[str],
) -> Record:
    """Make a record of a block of lines.

    A text goes on in the lines below it that are indented. The first of a tag
    counts. A damaged line of a tag that is not wanted does no harm.
    """
    raw_text = shown("\n".join(block).rstrip())[:KEPT_CHARACTERS]
    texts: dict[str, list[str]] = {}
    text: list[str] | None = None
    for tagged in block:
        if not tagged.strip():
            text = None
            continue
        found = pattern.match(tagged)
        if found:
            tag = found[1].strip()
            text = [found[2]]
            # A tag that comes twice is read, and not kept.
            texts.setdefault(tag, text)
        elif text is not None and tagged.startswith((" ", "\t")):
            text.append(tagged.strip())
    if first_tag not in texts:
        return Record(number, line, UNPARSEABLE, raw_text, ())
    cells = []
    for column in kind.columns:
        pieces = texts.get(column.tag)
        if pieces and any(is_damaged(piece) for piece in pieces):
            return Record(number, line, UNPARSEABLE, raw_text, ())
        joined = " ".join(piece.strip() for piece in pieces or ()).strip()
        cells.append(joined or None)
    return Record(number, line, None, raw_text, tuple(cells))
