"""JSON of any shape: where its records are, and what they are.

A file is one of these:

- *lines*: an object a line, in an array or not; a broken line is lost alone;
- *values*: an array, or objects one after another, however they are laid out;
- *wrapped*: a list inside one object, below any key.

Records are found without parsing them: DuckDB does that, in the same way for
files that it reads itself and for copies.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from .contents import is_damaged, shown
from .csv_files import NotPlainError, refuse_line_ends
from .kinds import kind_with_columns, named_kind
from .records import KEPT_CHARACTERS, NOT_AN_OBJECT, Record, put_aside
from .refusals import (
    RefusedError,
    invalid_json,
    json_columns,
    json_without_records,
    missing_keys,
    too_large_record,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .kinds import Kind

# So many lines tell whether each is an object.
LINES_COMPARED = 1000
# A record longer than this stops the build.
RECORD_BYTES = 32 << 20
# A line that is longer is not left to DuckDB's reader.
PLAIN_LINE_BYTES = 1_500_000

TOKEN = re.compile(
    rb'"(?:[^"\\]++|\\.)*+"|[{}\[\],]|//[^\n]*\n|/\*.*?\*/|["/]', re.DOTALL
)
# An element of a list that is an object without lists or objects in it, and the
# comma behind it: most records are such, and are found at once.
FLAT_OBJECT = re.compile(
    rb'\s*+(\{[^{}\[\]"/]*+(?:"(?:[^"\\]++|\\.)*+"[^{}\[\]"/]*+)*+\})\s*+,',
    re.DOTALL,
)
STRING_OR_COMMENT = re.compile(
    r'("(?:[^"\\]++|\\.)*+")|//[^\n]*|/\*.*?\*/', re.DOTALL
)
STRING_OR_NUMBER_WORD = re.compile(
    r'("(?:[^"\\]++|\\.)*+")|-?\b(?:NaN|Infinity)\b'
)
COLON = re.compile(rb"\s*:")
# A file that begins as an object of lists or objects.
OBJECT_OF_COLUMNS = re.compile(rb'\s*\{\s*"([^"\\]+)"\s*:\s*[\[{]')
BLANK = b" \t\n\r"


class Element(NamedTuple):
    """A value that may be a record, and where it stands."""

    # Keys of the objects around it; `[]` behind them if it is in an array.
    path: tuple[str, ...]
    # The line in which it begins, from 1.
    line: int
    text: bytes


@dataclass(frozen=True)
class Shape:
    """How the records of a JSON file are found."""

    kind: Kind
    # `lines`, `array lines` or `values`.
    layout: str
    # Where records stand when they are `values`.
    path: tuple[str, ...]
    # For each column of the kind its key as this file writes it.
    keys: tuple[str, ...]


def shape_of(
    raw_file: str, head: bytes, kinds: list[Kind], *, is_whole: bool
) -> Shape | None:
    """Find the records of a JSON file by its first megabyte.

    Returns None where nothing is known of the keys and the file's name says
    nothing either. Raises RefusedError for what can't be read.
    """
    name = raw_file.rpartition("/")[2]
    layout = layout_of(head, is_whole=is_whole)
    if layout != "values":
        by_path = line_values(head, layout, is_whole=is_whole)
        if shape := known_shape(raw_file, layout, by_path, kinds):
            return shape
    try:
        by_path = sample_values(raw_file, head, is_whole=is_whole)
        layout = "values"
    except RefusedError:
        if shape := lines_instead(raw_file, head, kinds, is_whole=is_whole):
            return shape
        raise
    if shape := known_shape(raw_file, layout, by_path, kinds):
        return shape
    first_key = OBJECT_OF_COLUMNS.match(head)
    if first_key and not by_path:
        folded = first_key[1].decode(errors="replace").lower()
        if any(
            column.found_in([folded]) == 0
            for kind in kinds
            for column in kind.required
        ):
            raise json_columns(raw_file)
    named = named_kind(name, kinds)
    return empty_or_refused(raw_file, by_path, named, kinds, is_whole=is_whole)


def lines_instead(
    raw_file: str, head: bytes, kinds: list[Kind], *, is_whole: bool = False
) -> Shape | None:
    """Return the shape of a file whose lines all begin as objects, or most are.

    A file that is laid out in another way has lines that begin with a key.
    """
    lines = islice(head_lines(head, is_whole=is_whole), LINES_COMPARED)
    texts = [text for _, text in object_lines(lines, "lines")]
    if not all(text.startswith("{") for text in texts) and (
        sum(map(is_object, texts)) * 2 <= len(texts)
    ):
        return None
    by_path = line_values(head, "lines", is_whole=is_whole)
    return known_shape(raw_file, "lines", by_path, kinds)


def walk_through(raw_file: str, chunks: Iterable[bytes]) -> None:
    """Raise RefusedError where the values of a file have no end."""
    walker = Walker(raw_file, ("no list", "[]"))
    for chunk in chunks:
        for _ in walker.feed(chunk):
            pass
    for _ in walker.finish():
        pass


def known_shape(
    raw_file: str,
    layout: str,
    by_path: dict[tuple[str, ...], list[Any]],
    kinds: list[Kind],
) -> Shape | None:
    """Return the shape if the values of some list have a kind's keys."""
    name = raw_file.rpartition("/")[2]
    # In front the file itself, then its lists, from the outermost.
    for path in sorted(by_path, key=lambda path: (len(path), path != ("[]",))):
        keys = keys_of(by_path[path])
        kind = kind_with_keys(keys, name, kinds)
        if kind is None:
            continue
        if path == () and holds_columns(by_path[path], kind):
            raise json_columns(raw_file)
        return Shape(kind, layout, path, spelt_keys(keys, kind))
    return None


def empty_or_refused(
    raw_file: str,
    by_path: dict[tuple[str, ...], list[Any]],
    named: Kind | None,
    kinds: list[Kind],
    *,
    is_whole: bool,
) -> Shape | None:
    """Say what a JSON file without a known record is."""
    tops = by_path.get((), [])
    for kind in kinds:
        if kind.list_key and any(
            isinstance(top, dict) and top.get(kind.list_key) == []
            for top in tops
        ):
            path = (kind.list_key, "[]")
            return Shape(kind, "values", path, ())
    if any(is_split(top) for top in tops):
        raise json_columns(raw_file)
    values = [value for values in by_path.values() for value in values]
    objects = [value for value in values if isinstance(value, dict)]
    is_empty = (is_whole and values == []) or (
        len(tops) == len(values) == 1
        and isinstance(tops[0], dict)
        and list(tops[0].values()) == [[]]
    )
    if is_empty and named is not None:
        path = ("[]",)
        if tops:
            path = (next(iter(tops[0])), "[]")
        keys = tuple(column.name for column in named.columns)
        return Shape(named, "values", path, keys)
    if named is not None:
        if not objects:
            raise json_without_records(raw_file, named)
        found = max(
            (keys_of(values) for values in by_path.values()),
            key=lambda keys: sum(
                column.found_in(list(keys)) is not None
                for column in named.required
            ),
        )
        missing = [
            column.name
            for column in named.required
            if column.found_in(list(found)) is None
        ]
        raise missing_keys(raw_file, missing, named)
    return None


def keys_of(values: list[Any]) -> dict[str, str]:
    """Return the keys of all objects, in lower case, as they are spelt.

    Of several spellings that in lower case counts, else the first.
    """
    keys: dict[str, str] = {}
    for value in values:
        if isinstance(value, dict):
            for key in value:
                folded = key.lower()
                if folded not in keys or key == folded:
                    keys[folded] = key
    return keys


def kind_with_keys(
    keys: dict[str, str], name: str, kinds: list[Kind]
) -> Kind | None:
    """Return the kind whose records have these keys."""
    for kind in kinds:
        if kind.has_key and keys.get(kind.has_key.lower()) == kind.has_key:
            return kind
    return kind_with_columns(list(keys), name, kinds)


def spelt_keys(keys: dict[str, str], kind: Kind) -> tuple[str, ...]:
    """Return the key of each column as the file spells it."""
    if kind.has_key:
        return ()
    names = list(keys)
    spelt = []
    for column in kind.columns:
        place = column.found_in(names)
        spelt.append(column.name if place is None else keys[names[place]])
    return tuple(spelt)


def holds_columns(tops: list[Any], kind: Kind) -> bool:
    """Whether one object has the kind's columns, not a record's values.

    As pandas writes a table if nobody says otherwise.
    """
    if len(tops) != 1 or not isinstance(tops[0], dict):
        return False
    columns = [
        value
        for key, value in tops[0].items()
        if any(column.found_in([key.lower()]) == 0 for column in kind.required)
    ]
    return len(columns) > 1 and all(
        isinstance(value, (dict, list)) for value in columns
    )


def is_split(top: Any) -> bool:  # noqa: ANN401
    """Whether an object is a table as pandas writes it with `split`."""
    return (
        isinstance(top, dict)
        and isinstance(top.get("columns"), list)
        and isinstance(top.get("data"), list)
    )


def parsed(text: str) -> Any:  # noqa: ANN401
    """Parse a value as far as it is one; None otherwise."""
    readable = repaired(text)
    try:
        return json.loads(readable, strict=False)
    except (ValueError, RecursionError):
        pass
    # Its keys at least, if what is in it is too deep or broken.
    return dict.fromkeys(top_keys(readable)) if readable[:1] == "{" else None


def top_keys(text: str) -> Iterator[str]:
    """Yield the keys of an object, and none of those in its values."""
    depth = 0
    content = text.encode(errors="replace")
    for token in TOKEN.finditer(content):
        mark = token[0]
        depth += (mark in (b"{", b"[")) - (mark in (b"}", b"]"))
        is_text = depth == 1 and len(mark) > 1 and mark.startswith(b'"')
        if is_text and COLON.match(content, token.end()):
            yield mark[1:-1].decode()


# --- lines ------------------------------------------------------------------


def head_lines(head: bytes, *, is_whole: bool) -> list[str]:
    """Return the lines of a head; the last may be cut off."""
    lines = head.decode(errors="surrogateescape").split("\n")
    return lines if is_whole or len(lines) == 1 else lines[:-1]


def layout_of(head: bytes, *, is_whole: bool) -> str:
    """Tell whether each line is a record: `lines`, `array lines`, `values`."""
    lines = [
        line.strip(" \t")
        for line in islice(head_lines(head, is_whole=is_whole), LINES_COMPARED)
    ]
    lines = [line for line in lines if line]
    if not lines:
        return "values"
    if lines[0].startswith("["):
        lines[0] = lines[0][1:].lstrip(" \t")
        if is_whole and lines[-1].endswith("]"):
            lines[-1] = lines[-1][:-1].rstrip(" \t")
        objects = [line.removesuffix(",") for line in lines if line]
        is_line_array = (
            len(objects) > 1
            and all(line[0] == "{" and line[-1] == "}" for line in objects)
            and sum(map(is_object, objects)) * 2 > len(objects)
        )
        return "array lines" if is_line_array else "values"
    return "lines" if is_object(lines[0].rstrip(" \t,")) else "values"


def is_object(line: str) -> bool:
    """Whether a line is one whole JSON object."""
    if not (line.startswith("{") and line.endswith("}")):
        return False
    try:
        json.loads(repaired(line), strict=False)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def object_lines(
    lines: Iterable[str], layout: str
) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that is a record.

    Blanks around it go, and the comma that joins it to the next; of an array
    its brackets.
    """
    held: tuple[int, str] | None = None
    for number, line in enumerate(lines, 1):
        text = line.strip(" \t,")
        if not text:
            continue
        if layout != "array lines":
            yield number, text
            continue
        if held is None:
            text = text.removeprefix("[").lstrip(" \t")
        elif held[1]:
            yield held
        held = number, text
    if held is not None and layout == "array lines":
        text = held[1].removesuffix("]").rstrip(" \t,")
        if text:
            yield held[0], text


# --- values -----------------------------------------------------------------


def line_values(
    head: bytes, layout: str, *, is_whole: bool
) -> dict[tuple[str, ...], list[Any]]:
    """Return the values of a head that has one a line, below their path."""
    path = ("[]",) if layout == "array lines" else ()
    lines = islice(head_lines(head, is_whole=is_whole), LINES_COMPARED)
    return {path: [parsed(text) for _, text in object_lines(lines, layout)]}


def sample_values(
    raw_file: str, head: bytes, *, is_whole: bool
) -> dict[tuple[str, ...], list[Any]]:
    """Return all values of a head that may be records, below their paths."""
    found: dict[tuple[str, ...], list[Any]] = {}
    walker = Walker(raw_file, None)
    elements = list(walker.feed(head))
    if is_whole:
        elements.extend(walker.finish())
    for element in elements:
        text = element.text.decode(errors="surrogateescape")
        found.setdefault(element.path, []).append(parsed(text))
    return found


class Walker:
    """Finds records in JSON of any size, without holding more than one.

    With a path it yields the elements of that list, without one those of all
    lists that stand in no other list, and every object at the top.
    """

    def __init__(self, raw_file: str, path: tuple[str, ...] | None) -> None:
        """Begin in front of the first character."""
        self.raw_file = raw_file
        self.path = path
        self.text = b""
        self.place = 0
        # Where lines were counted last, and the line there, from 1.
        self.counted = 0
        self.line = 1
        # Brackets that are open, and the keys that lead to where we are.
        self.open: list[bytes] = []
        self.keys: list[str] = []
        self.key_may_follow = False
        # How many brackets are open where the elements of the list stand that
        # we are in, and whether they are wanted; None in no list.
        self.list_depth: int | None = None
        self.is_wanted = False
        self.start = 0
        self.top_start: int | None = None
        self.is_done = False

    def feed(self, chunk: bytes) -> Iterator[Element]:
        """Yield the values that end in a chunk."""
        self.drop_what_is_past()
        if len(self.text) > RECORD_BYTES:
            raise too_large_record(self.raw_file, self.line)
        self.text += chunk
        yield from self.walk(is_last=False)

    def finish(self) -> Iterator[Element]:
        """Yield the last values; the text must be complete."""
        self.drop_what_is_past()
        # A comment may end with the file.
        self.text += b"\n"
        yield from self.walk(is_last=True)
        if self.open:
            raise invalid_json(
                self.raw_file,
                self.line_at(len(self.text.rstrip(BLANK))),
                "it is cut off, or a quote or bracket is missing",
            )
        self.refuse_rest(len(self.text))

    def drop_what_is_past(self) -> None:
        """Forget the text in front of what is still being collected."""
        kept = self.place
        if self.is_wanted:
            kept = min(kept, self.start)
        if self.top_start is not None and self.collects_top():
            kept = min(kept, self.top_start)
        if not self.open:
            kept = min(kept, self.start)
        if kept:
            self.line_at(kept)
            self.text = self.text[kept:]
            self.counted -= kept
            self.place -= kept
            self.start -= kept
            if self.top_start is not None:
                self.top_start -= kept

    def collects_top(self) -> bool:
        """Whether the object at the top is wanted as a whole."""
        if self.path is not None:
            return self.path == ()
        return self.place - (self.top_start or 0) <= RECORD_BYTES

    def line_at(self, place: int) -> int:
        """Return the line of a place in the text."""
        if place < self.counted:
            self.line -= self.text.count(b"\n", place, self.counted)
        else:
            self.line += self.text.count(b"\n", self.counted, place)
        self.counted = place
        return self.line

    def walk(self, *, is_last: bool) -> Iterator[Element]:
        """Go on to the last token of the text."""
        while True:
            if (
                self.is_wanted
                and self.place == self.start
                and self.list_depth == len(self.open)
            ):
                yield from self.flat_objects()
            token = TOKEN.search(self.text, self.place)
            if token is None:
                break
            mark = token[0]
            if mark in (b'"', b"/"):
                # A string or comment that goes on, or no JSON.
                if not is_last:
                    break
                raise invalid_json(
                    self.raw_file,
                    self.line_at(token.start()),
                    "it is cut off, or a quote is not closed"
                    if mark == b'"'
                    else "a / stands outside of quotes",
                )
            if mark.startswith(b'"'):
                self.string(mark)
            elif mark in b"{[":
                self.opened(mark, token)
            elif mark in b"}]":
                yield from self.closed(mark, token)
            elif mark == b",":
                yield from self.comma(token)
            self.place = token.end()

    def flat_objects(self) -> Iterator[Element]:
        """Yield the flat objects that come next in the list."""
        path = (*self.keys, "[]")
        match, text = FLAT_OBJECT.match, self.text
        while found := match(text, self.place):
            line = self.line_at(found.start(1))
            yield Element(path, line, found[1])
            self.place = self.start = found.end()

    def string(self, text: bytes) -> None:
        """Remember a key of an object outside of all lists."""
        if self.key_may_follow and self.list_depth is None:
            self.keys[-1] = text[1:-1].decode(errors="replace")
            self.key_may_follow = False

    def opened(self, mark: bytes, token: re.Match[bytes]) -> None:
        """Go into an object or array."""
        if not self.open:
            self.refuse_rest(token.start())
            self.top_start = token.start()
        self.open.append(mark)
        if self.list_depth is not None:
            return
        if mark == b"{":
            self.keys.append("")
            self.key_may_follow = True
        else:
            path = (*self.keys, "[]")
            self.list_depth = len(self.open)
            self.is_wanted = self.path is None or self.path == path
            self.start = token.end()

    def closed(self, mark: bytes, token: re.Match[bytes]) -> Iterator[Element]:
        """Go out of an object or array."""
        if not self.open or (self.open[-1] == b"{") != (mark == b"}"):
            raise invalid_json(
                self.raw_file,
                self.line_at(token.start()),
                f"{mark.decode()} closes nothing",
            )
        if self.list_depth == len(self.open):
            if self.is_wanted:
                yield from self.element(token.start(), is_last=True)
            self.list_depth = None
            self.is_wanted = False
        elif self.list_depth is None and mark == b"}":
            self.keys.pop()
            self.key_may_follow = False
        self.open.pop()
        if not self.open:
            if mark == b"}" and self.top_start is not None:
                if self.collects_top():
                    yield Element(
                        (),
                        self.line_at(self.top_start),
                        self.text[self.top_start : token.end()],
                    )
            else:
                self.is_done = True
            self.top_start = None
            self.start = token.end()

    def comma(self, token: re.Match[bytes]) -> Iterator[Element]:
        """Go on to the next value."""
        if self.list_depth is not None:
            if self.is_wanted and self.list_depth == len(self.open):
                yield from self.element(token.start(), is_last=False)
                self.start = token.end()
        elif self.open:
            self.key_may_follow = True

    def element(self, end: int, *, is_last: bool) -> Iterator[Element]:
        """Yield the element of a list that ends here."""
        text = without_comments(self.text[self.start : end]).strip(BLANK)
        if not text:
            if not is_last:
                raise invalid_json(
                    self.raw_file,
                    self.line_at(end),
                    "nothing stands in front of a comma",
                )
            return
        begin = self.text.find(text[:1], self.start)
        yield Element((*self.keys, "[]"), self.line_at(begin), text)

    def refuse_rest(self, end: int) -> None:
        """Refuse what stands between values at the top, if it is text."""
        rest = without_comments(self.text[self.start : end] + b"\n")
        rest = rest.strip(BLANK + b",")
        if rest or (self.is_done and end < len(self.text)):
            first = self.text.find(rest[:1], self.start) if rest else end
            raise invalid_json(
                self.raw_file,
                self.line_at(first),
                "text stands behind the array"
                if self.is_done
                else "text stands outside of objects and arrays",
            )


def without_comments(text: bytes) -> bytes:
    """Return a text without its comments, which are no JSON."""
    if b"//" not in text and b"/*" not in text:
        return text
    readable = text.decode(errors="surrogateescape")
    readable = STRING_OR_COMMENT.sub(lambda found: found[1] or " ", readable)
    return readable.encode(errors="surrogateescape")


def repaired(text: str) -> str:
    """Return a value with null for `NaN` and `Infinity`, which are no JSON.

    A comma behind the last value of an object or array does no harm.
    """
    if "//" in text or "/*" in text:
        text = STRING_OR_COMMENT.sub(lambda found: found[1] or " ", text)
    if "NaN" in text or "Infinity" in text:
        text = STRING_OR_NUMBER_WORD.sub(lambda found: found[1] or "null", text)
    return text


# --- records ----------------------------------------------------------------


def json_records(
    raw_file: str, shape: Shape, chunks: Iterable[bytes], lines: Iterable[str]
) -> Iterator[Record]:
    """Yield a record for each value of a JSON file.

    Its only cell is the value's text, with `null` for `NaN`. `chunks` and
    `lines` are the same normal bytes, of which one is read.
    """
    number = 0
    if shape.layout != "values":
        for line, text in object_lines(lines, shape.layout):
            number += 1
            yield json_record(number, line, text)
        return
    walker = Walker(raw_file, shape.path)
    for chunk in chunks:
        for element in walker.feed(chunk):
            number += 1
            yield element_record(number, element)
    for element in walker.finish():
        number += 1
        yield element_record(number, element)


def element_record(number: int, element: Element) -> Record:
    """Make a record of a value."""
    text = element.text.decode(errors="surrogateescape")
    return json_record(number, element.line, text)


def json_record(number: int, line: int, text: str) -> Record:
    """Make a record of a value's text."""
    if is_damaged(text):
        return put_aside(number, line, shown(text))
    json_text = repaired(text)
    if not json_text.startswith("{") and is_json(json_text):
        return Record(
            number, line, NOT_AN_OBJECT, text[:KEPT_CHARACTERS], (json_text,)
        )
    raw_text = text[:KEPT_CHARACTERS] if json_text != text else None
    return Record(number, line, None, raw_text, (json_text,))


def is_json(text: str) -> bool:
    """Whether a text is a JSON value."""
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


# --- plain files ------------------------------------------------------------


def count_plain_lines(
    chunks: Iterable[bytes], mark: int, layout: str
) -> tuple[int, str | None]:
    """Count the lines that are records of a file that DuckDB can read itself.

    Each line must begin with {, and in an array end with } or a comma behind
    it; its first and last line may hold its brackets. Whether they are objects
    is for DuckDB to tell. Returns their number and `lf` or `crlf`. Raises
    NotPlainError.
    """
    counter = LineCounter(layout)
    skipped = mark
    for chunk in chunks:
        counter.feed(chunk[skipped:])
        skipped = 0
    return counter.finish()


class LineCounter:
    """Counts the lines of JSON in pieces of bytes, while they are plain."""

    def __init__(self, layout: str) -> None:
        """Begin in front of the first line."""
        self.is_array = layout == "array lines"
        self.lines = 0
        self.brackets = 0
        self.line_end = b""
        self.rest = b""
        # The last piece is kept, since its last line may end an array.
        self.piece = b""

    def feed(self, chunk: bytes) -> None:
        """Count the lines that end in a chunk."""
        text = self.rest + chunk
        cut = text.rfind(b"\n") + 1
        self.rest = text[cut:]
        if len(self.rest) > PLAIN_LINE_BYTES:
            raise NotPlainError("a line is very long")
        if cut:
            if self.piece:
                self.count(self.piece, is_last=False)
            self.piece = text[:cut]

    def finish(self) -> tuple[int, str | None]:
        """Return the number of records, and the kind of line end."""
        piece = self.piece
        if self.rest:
            piece += self.rest + (self.line_end or b"\n")
        end = self.line_end or (b"\r\n" if piece.endswith(b"\r\n") else b"\n")
        while piece.endswith(end + end):
            piece = piece[: -len(end)]
        self.count(piece, is_last=True)
        if not self.piece:
            return self.lines, None
        return self.lines, "crlf" if self.line_end == b"\r\n" else "lf"

    def count(self, piece: bytes, *, is_last: bool) -> None:
        """Count the records of whole lines."""
        refuse_words(piece)
        if not self.line_end:
            first = piece[: piece.find(b"\n") + 1]
            self.line_end = b"\r\n" if first.endswith(b"\r\n") else b"\n"
            if self.is_array:
                piece = self.without_bracket(piece)
        end = self.line_end
        refuse_line_ends(piece, end)
        if is_last and self.is_array:
            piece = self.without_last_bracket(piece)
        lines = piece.count(b"\n")
        begun = piece.startswith(b"{") + piece.count(b"\n{")
        if lines != begun:
            raise NotPlainError("lines that are no objects")
        if self.is_array and lines != (
            piece.count(b"}" + end) + piece.count(b"}," + end)
        ):
            raise NotPlainError("lines that are no objects")
        self.lines += lines

    def without_last_bracket(self, piece: bytes) -> bytes:
        """Take the bracket that closes the array away."""
        bracket = b"]" + self.line_end
        if piece.endswith(b"\n" + bracket) or piece == bracket:
            return piece.removesuffix(bracket)
        if piece.endswith(bracket):
            return piece.removesuffix(bracket) + self.line_end
        raise NotPlainError("an array that is not closed")

    def without_bracket(self, piece: bytes) -> bytes:
        """Take the bracket that opens the array away."""
        if piece.startswith(b"[" + self.line_end):
            return piece[len(b"[" + self.line_end) :]
        return piece.removeprefix(b"[")


def refuse_words(piece: bytes) -> None:
    """Refuse what is no plain JSON, wherever it stands."""
    if not piece.isascii():
        try:
            piece.decode()
        except UnicodeDecodeError:
            raise NotPlainError("bytes that are not UTF-8") from None
    if b"\0" in piece:
        raise NotPlainError("NUL bytes")
    if b"NaN" in piece or b"Infinity" in piece:
        raise NotPlainError("NaN")
    # Looking for one byte costs a twentieth of looking for two.
    if b"*" in piece and b"/*" in piece:
        raise NotPlainError("comments")
