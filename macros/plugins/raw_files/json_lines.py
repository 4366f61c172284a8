"""JSON with an object a line, in an array or not: finds and counts lines."""

from __future__ import annotations

import re
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

from .contents import MARK
from .json_text import is_object, parsed
from .json_values import Walker
from .plain_rows import NotPlainError, check_bytes, check_line_ends
from .refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# So many lines tell whether each is an object.
LINES_COMPARED = 1000
# A line that is longer is not left to DuckDB's reader.
PLAIN_LINE_BYTES = 1_500_000
BETWEEN = re.compile(rb"\}[ \t,]*\r?\n[ \t]*\{")
# What may stand around a value: another file's byte order mark, too.
AROUND = f" \t,{MARK}"
# An object goes on for no more than so many characters, or for a few where so
# many were read in vain.
VALUE_CHARACTERS = 4 << 20
FEW_CHARACTERS = 2_000
IN_VAIN_CHARACTERS = 4 << 20
STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"')
# All that is no bracket, quote or line feed.
NO_STRUCTURE = bytes(byte for byte in range(256) if byte not in b'{}[]"\n')
ESCAPE = re.compile(rb"\\.", re.DOTALL)
SHORT_STRING = re.compile(rb'"[^"\n]*+"')


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


def object_lines(
    lines: Iterable[str], layout: str
) -> Iterator[tuple[int, str]]:
    """Yield line and text of each value, where most have a line of their own.

    Several objects on a line, and one that goes over several, are read too. A
    line that is neither is a value of its own, however broken it is. Blanks
    around values go, and commas between them; of an array its brackets.
    """
    source = unbracketed(lines, is_array=layout == "array lines")
    ahead: deque[tuple[int, str]] = deque()
    in_vain = 0
    while first := (ahead.popleft() if ahead else next(source, None)):
        text = first[1].strip(AROUND)
        if not text:
            continue
        if is_alone(text):
            yield first[0], text
            continue
        limit = VALUE_CHARACTERS
        if in_vain > IN_VAIN_CHARACTERS:
            limit = FEW_CHARACTERS
        values, used, looked_at = values_from(first, ahead, source, limit)
        if values:
            yield from values
            for _ in range(used):
                ahead.popleft()
        else:
            in_vain += looked_at
            yield first[0], text


def unbracketed(
    lines: Iterable[str], *, is_array: bool
) -> Iterator[tuple[int, str]]:
    """Yield number and text of lines, without the brackets of an array."""
    held: tuple[int, str] | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip(AROUND):
            continue
        if not is_array:
            yield number, line
        elif held is None:
            held = number, line.lstrip(AROUND).removeprefix("[")
        else:
            yield held
            held = number, line
    if held is not None:
        yield held[0], held[1].rstrip(AROUND).removesuffix("]")


def is_alone(text: str) -> bool:
    """Whether a line is one object, or begins none."""
    if not text.startswith("{"):
        return True
    return text.endswith("}") and (text.count("}") == 1 or is_object(text))


def values_from(
    first: tuple[int, str],
    ahead: deque[tuple[int, str]],
    source: Iterator[tuple[int, str]],
    limit: int,
) -> tuple[list[tuple[int, str]], int, int]:
    """Read the objects that a line begins, without taking lines of `ahead`.

    Returns them, none if the line is broken, with the number of further lines
    that they take and the number of characters looked at.
    """
    number, line = first
    lines = [first]
    indent = indent_of(line)
    length = depth = 0
    is_open = is_doubtful = False
    while True:
        length += len(line) + 1
        change, is_open = depth_of(line, is_open=is_open)
        depth += change
        if depth <= 0 and not is_open:
            break
        place = len(lines) - 1
        if place == len(ahead) and (following := next(source, None)):
            ahead.append(following)
        if place == len(ahead) or length > limit:
            return [], 0, length
        may_hold_objects = line.rstrip().endswith(("[", ":", ","))
        number, line = ahead[place]
        if line.lstrip().startswith("{") and indent_of(line) <= indent:
            # It is in the object, or it begins the next record.
            is_doubtful = True
            if not may_hold_objects:
                return [], 0, length
        lines.append((number, line))
    values = values_in(lines)
    if is_doubtful and not all(is_object(text) for _, text in values):
        values = []
    return values, len(lines) - 1, length


def indent_of(line: str) -> int:
    """Return how many blanks stand in front of a line."""
    return len(line) - len(line.lstrip(AROUND))


def depth_of(line: str, *, is_open: bool) -> tuple[int, bool]:
    """Return how many brackets a line opens, and whether a quote is open.

    `is_open` says whether one is in front of it.
    """
    marks = STRING.sub("", f'"{line}' if is_open else line)
    marks, quote, _ = marks.partition('"')
    opened = marks.count("{") + marks.count("[")
    return opened - marks.count("}") - marks.count("]"), bool(quote)


def values_in(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the objects that lines hold; none where there is other text."""
    text = "\n".join(line for _, line in lines).replace(MARK, "")
    walker = Walker("", wants_tops=True)
    try:
        elements = list(walker.feed(text.encode(errors="surrogateescape")))
        elements += walker.finish()
    except RefusedError:
        return []
    if walker.is_done:
        # A list stands among them.
        return []
    return [
        (
            lines[element.line - 1][0],
            element.text.decode(errors="surrogateescape"),
        )
        for element in elements
    ]


def line_values(
    head: bytes, layout: str, *, is_whole: bool
) -> dict[tuple[str, ...], list[Any]]:
    """Return the values of a head that has one a line, below their path."""
    path = ("[]",) if layout == "array lines" else ()
    lines = islice(head_lines(head, is_whole=is_whole), LINES_COMPARED)
    return {path: [parsed(text) for _, text in object_lines(lines, layout)]}


def count_plain_lines(
    chunks: Iterable[bytes], mark: int, layout: str
) -> tuple[int, str | None]:
    """Count the lines that are records of a file that DuckDB can read itself.

    Each line must hold one pair of outer braces; the first and the last of an
    array may hold its brackets. Whether they are objects is for DuckDB to tell.
    Returns their number and `lf` or `crlf`. Raises NotPlainError.
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
        # What stands between the first two objects.
        self.between = b""
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
        check_words(piece)
        if not self.line_end:
            first = piece[: piece.find(b"\n") + 1]
            self.line_end = b"\r\n" if first.endswith(b"\r\n") else b"\n"
            if self.is_array:
                piece = self.without_bracket(piece)
        end = self.line_end
        check_line_ends(piece, end)
        if is_last and self.is_array:
            piece = self.without_last_bracket(piece)
        lines = piece.count(b"\n")
        if not self.between and (found := BETWEEN.search(piece)):
            self.between = found[0]
        # Where each line has one }, at its end, no more needs to be looked at.
        is_flat = (
            lines == piece.count(b"}")
            and lines == piece.count(self.between or b"}\n{") + 1
            and piece.startswith(b"{")
            and piece.rstrip(b",\r\n").endswith(b"}")
        )
        if not is_flat and not are_objects_alone(piece, lines):
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


def are_objects_alone(piece: bytes, lines: int) -> bool:
    """Whether each line has one pair of outer braces, all others inside it."""
    if not piece.isascii() and MARK.encode() in piece:
        return False
    if b"\\" in piece:
        piece = ESCAPE.sub(b"", piece)
    marks = piece.translate(None, NO_STRUCTURE).replace(b'""', b"")
    if b'"' in marks:
        marks = SHORT_STRING.sub(b"", marks)
    # The outer braces of a line become angle brackets, which stay.
    marks = (b"\n" + marks).replace(b"\n{", b"\n<").replace(b"}\n", b">\n")
    length = 0
    while length != len(marks):
        length = len(marks)
        marks = marks.replace(b"{}", b"").replace(b"[]", b"")
    return marks == b"\n" + b"<>\n" * lines


def check_words(piece: bytes) -> None:
    """Raise NotPlainError for text that DuckDB does not read as JSON."""
    check_bytes(piece)
    if b"NaN" in piece or b"Infinity" in piece:
        raise NotPlainError("NaN")
    # To look for one byte costs a twentieth of looking for two.
    if b"*" in piece and b"/*" in piece:
        raise NotPlainError("comments")
