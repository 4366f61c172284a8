"""JSON with an object a line, in an array or not: finds and counts lines."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from .json_text import is_object, parsed
from .plain_rows import NotPlainError, check_bytes, check_line_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# So many lines tell whether each is an object.
LINES_COMPARED = 1000
# A line that is longer is not left to DuckDB's reader.
PLAIN_LINE_BYTES = 1_500_000
# What stands in front of the objects, once for all lines but the first.
INDENT = re.compile(rb"\n([ \t]*)\{")


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

    Each line must begin with {, all as far indented, and in an array end with
    } or a comma behind it; its first and last line may hold its brackets.
    Whether they are objects is for DuckDB to tell. Returns their number and
    `lf` or `crlf`. Raises NotPlainError.
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
        self.indent: bytes | None = None
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
        if self.indent is None and (found := INDENT.search(piece)):
            self.indent = found[1]
        begun = int(piece.lstrip(b" \t").startswith(b"{"))
        begun += piece.count(b"\n" + (self.indent or b"") + b"{")
        if lines != begun:
            raise NotPlainError("lines that are no objects")
        if self.is_array:
            ended = piece.count(b"}," + end)
            if ended != lines:
                # The last one has no comma behind it.
                ended += piece.count(b"}" + end)
            if ended != lines:
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


def check_words(piece: bytes) -> None:
    """Raise NotPlainError for text that DuckDB does not read as JSON."""
    check_bytes(piece)
    if b"NaN" in piece or b"Infinity" in piece:
        raise NotPlainError("NaN")
    # To look for one byte costs a twentieth of looking for two.
    if b"*" in piece and b"/*" in piece:
        raise NotPlainError("comments")
