"""JSON values of any layout: walks through a file and finds its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .contents import MARK
from .json_text import BLANK, FLAT_OBJECT, TOKEN, parsed, without_comments
from .refusals import invalid_json, too_large_record

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

# A record longer than this stops the build.
RECORD_BYTES = 32 << 20


class Element(NamedTuple):
    """A value that may be a record, and where it stands."""

    # Keys of the objects around it; `[]` behind them if it is in an array.
    path: tuple[str, ...]
    # The line in which it begins, from 1.
    line: int
    text: bytes


def sample_values(
    raw_file: str, head: bytes, *, is_whole: bool
) -> dict[tuple[str, ...], list[Any]]:
    """Return all values of a head that may be records, below their paths."""
    found: dict[tuple[str, ...], list[Any]] = {}
    walker = Walker(raw_file, wants_tops=True, wants_lists=True)
    elements = list(walker.feed(head))
    if is_whole:
        elements.extend(walker.finish())
    for element in elements:
        text = element.text.decode(errors="surrogateescape")
        found.setdefault(element.path, []).append(parsed(text))
    return found


def walk_through(raw_file: str, chunks: Iterable[bytes]) -> None:
    """Raise RefusedError where the values of a file have no end."""
    walker = Walker(raw_file)
    for chunk in chunks:
        for _ in walker.feed(chunk):
            pass
    for _ in walker.finish():
        pass


class Walker:
    """Finds records in JSON of any size, without holding more than one.

    It yields the objects at the top and the elements of a list at the top if
    `wants_tops`, the elements of all lists that stand in no other list if
    `wants_lists`.
    """

    def __init__(
        self,
        raw_file: str,
        *,
        wants_tops: bool = False,
        wants_lists: bool = False,
    ) -> None:
        """Begin in front of the first character."""
        self.raw_file = raw_file
        self.wants_tops = wants_tops
        self.wants_lists = wants_lists
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
        if self.wants_lists and self.wants_tops:
            return self.place - (self.top_start or 0) <= RECORD_BYTES
        return self.wants_tops

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
            self.list_depth = len(self.open)
            self.is_wanted = self.wants_lists or (
                self.wants_tops and not self.keys
            )
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
        text = without_comments(self.text[self.start : end])
        text = text.strip(BLANK + MARK.encode())
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
        rest = rest.replace(MARK.encode(), b"").strip(BLANK + b",")
        if rest or (self.is_done and end < len(self.text)):
            first = self.text.find(rest[:1], self.start) if rest else end
            raise invalid_json(
                self.raw_file,
                self.line_at(first),
                "text stands behind the array"
                if self.is_done
                else "text stands outside of objects and arrays",
            )
