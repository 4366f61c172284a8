"""The bytes of a raw file: unpacked, in UTF-8, with one kind of line end."""

from __future__ import annotations

import codecs
import os
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from .refusals import (
    damaged_gzip,
    damaged_utf16,
    leads_nowhere,
    unknown_encoding,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .listing import RawFile

CHUNK_BYTES = 1 << 19
# A file of up to so many bytes, unpacked, is read at once and parsed here.
SMALL_BYTES = 1_000_000
GZIP_MAGIC = b"\x1f\x8b"
# The longer marks first: that of UTF-32 begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A byte order mark as a character; where files were joined, inside a text.
MARK = "\ufeff"
# If at least this share of a text's even or odd bytes is NUL, it is UTF-16.
UTF16_PART = 0.3
# Bytes that mean nothing in Windows-1252.
NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# What no word in Windows-1252 has, but words in what Excel saves as CSV
# (Macintosh) or CSV (MS-DOS), and in Windows-1250: a mark like \u0192 between
# letters, a capital between small ones, a byte without meaning, a quote that
# opens where a cell ends. Other quotes, dashes, dots, and signs like \xb0 \xb2
# \xb4 \xb5 \xae stand between letters in real titles.
NO_CP1252_WORD = re.compile(
    rb"[A-Z\xc0-\xdf]MARK[A-Za-z\xc0-\xff]|[a-z\xe0-\xff]MARK[a-z\xe0-\xff]"
    rb"|[a-z][\x8a\x8c\x8e\x9f][a-z]"
    rb"|[a-z\xe0-\xff]{2}\xb9[a-z]|[a-z]\xb9[a-z\xe0-\xff]{2}"
    rb"|[a-z][\xb3\xb9\xbf]{2}[a-z]"
    rb"|[A-Za-z][\x81\x8d\x8f\x90\x9d]|[\x81\x8d\x8f\x90\x9d][A-Za-z]"
    rb"|[\x82\x84](?=[,;\t|\"]|$)".replace(
        b"MARK",
        rb"[\x82-\x84\x86-\x89\x8b\xa1-\xa8\xac\xaf\xb6\xbc\xbe\xbf]",
    )
)
# What ends a word, for a message.
WORD_END = re.compile(rb"[\s,;|\"]")
UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}"
    rb"|[\xf0-\xf4][\x80-\xbf]{3}"
)


class Content:
    """What is in a raw file, unpacked when it is gzipped.

    `head` is the first megabyte of it, and all of it where `is_whole`. A file
    is opened anew for each pass over its bytes.
    """

    def __init__(self, file: RawFile, filesystem: Any = None) -> None:  # noqa: ANN401 - fsspec has no types
        """Read the head."""
        self.file = file
        self.filesystem = filesystem
        self.is_gzip = False
        # Whether zeros stand behind a gzipped part, which DuckDB can't read.
        self.is_padded = False
        self.head = b""
        self.is_whole = False
        self.read_head(SMALL_BYTES)

    def read_head(self, size: int) -> None:
        """Read at least so many bytes of the file, if it has them."""
        pieces, length = [], 0
        self.is_whole = True
        for chunk in self.opened():
            pieces.append(chunk)
            length += len(chunk)
            if length > size:
                self.is_whole = False
                break
        self.head = b"".join(pieces)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes of the whole file."""
        if self.is_whole:
            yield self.head
        else:
            yield from self.opened()

    def opened(self) -> Iterator[bytes]:
        """Read and unpack the file."""
        try:
            if self.filesystem is not None:
                opened = self.filesystem.open(self.file.path, "rb")
            else:
                opened = open_unbuffered(self.file.path)
            with opened as stream:
                start = stream.read(CHUNK_BYTES)
                self.is_gzip = start.startswith(GZIP_MAGIC)
                packed = following(start, stream)
                if self.is_gzip:
                    yield from self.unpacked(packed)
                else:
                    yield from packed
        except OSError as error:
            if os.path.islink(self.file.path) and not os.path.exists(
                self.file.path
            ):
                raise leads_nowhere(self.file.raw_file) from error
            raise unreadable(self.file.raw_file) from error

    def unpacked(self, packed: Iterator[bytes]) -> Iterator[bytes]:
        """Unpack gzip: one member or several, zeros behind the last."""
        unpacking = zlib.decompressobj(wbits=31)
        rest = b""
        try:
            for chunk in packed:
                rest += chunk
                while rest:
                    if unpacking.eof:
                        self.is_padded |= rest[:1] == b"\0"
                        rest = rest.lstrip(b"\0")
                        if not rest:
                            break
                        unpacking = zlib.decompressobj(wbits=31)
                    if data := unpacking.decompress(rest, 2 * CHUNK_BYTES):
                        yield data
                    rest = unpacking.unconsumed_tail or unpacking.unused_data
        except zlib.error as error:
            raise damaged_gzip(self.file.raw_file) from error
        if not unpacking.eof:
            raise damaged_gzip(self.file.raw_file)


def open_unbuffered(path: str) -> BinaryIO:
    """Open a file that is read in large pieces only."""
    return Path(path).open("rb", buffering=0)


def following(start: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield what was read, and the rest of a stream."""
    while start:
        yield start
        start = stream.read(CHUNK_BYTES)


def marked_encoding(head: bytes) -> tuple[str, int]:
    """Return the encoding that a head tells, and the length of its mark.

    The encoding is empty where nothing tells it: then it is UTF-8 or one of
    those with a byte a character.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    start = head[:4000]
    if len(start) > 1 and b"\0" in start:
        half = len(start) // 2
        if start[1::2].count(0) > UTF16_PART * half > 5 * start[::2].count(0):
            return "utf-16-le", 0
        if start[::2].count(0) > UTF16_PART * half > 5 * start[1::2].count(0):
            return "utf-16-be", 0
    return "", 0


@dataclass
class Survey:
    """What the lines of a file without a mark say about its encoding."""

    raw_file: str
    broken_lines: int = 0
    # Lines that are UTF-8 and not ASCII.
    valid_lines: int = 0
    is_cp1252: bool = True
    # Line and word of the first that is none in Windows-1252.
    foreign_line: int = 0
    foreign_word: bytes = b""
    has_line_feeds: bool = False

    def look_at(self, line: bytes, number: int) -> None:
        """Count a line."""
        if line.isascii():
            return
        try:
            line.decode()
            self.valid_lines += 1
        except UnicodeDecodeError:
            self.broken_lines += 1
            if NOT_CP1252.search(line):
                self.is_cp1252 = False
            if not self.foreign_word and (found := NO_CP1252_WORD.search(line)):
                before = WORD_END.split(line[: found.start()])[-1]
                behind = WORD_END.split(line[found.start() :])[0]
                self.foreign_line = number
                self.foreign_word = before + behind
            if UTF8_SEQUENCE.search(line):
                self.valid_lines += 1

    @property
    def encoding(self) -> str:
        """Windows-1252 where it is certain, or UTF-8 with damaged lines.

        One damaged line may be an accident. Several, and no line that is
        UTF-8 with more than ASCII in it, are another encoding. Raises
        RefusedError where that is neither Windows-1252 nor, in lines that end
        as on old Macintoshes, MacRoman.
        """
        if self.broken_lines <= 1 or self.valid_lines > 0:
            return "utf-8"
        if self.foreign_word:
            if not self.has_line_feeds:
                return "mac_roman"
            raise unknown_encoding(
                self.raw_file,
                self.foreign_line,
                self.foreign_word.decode("cp1252", errors="replace"),
            )
        return "windows-1252" if self.is_cp1252 else "utf-8"


def survey(
    raw_file: str, chunks: Iterable[bytes], ends: bytes = b"\n\r"
) -> Survey:
    """Look at all lines of a file; `ends` is what ends a line.

    Of JSON, which may be one line, brackets are taken for ends too.
    """
    surveyed = Survey(raw_file)
    unlike = bytes.maketrans(ends, b"\n" * len(ends))
    rest = b""
    number = 1
    for chunk in chunks:
        text = rest + chunk
        cut = max(text.rfind(bytes([end])) for end in ends) + 1
        whole, rest = text[:cut], text[cut:]
        if not whole.isascii():
            look_at_lines(surveyed, whole, unlike, number)
        line_feeds = whole.count(b"\n")
        number += line_feeds
        surveyed.has_line_feeds |= line_feeds > 0
    look_at_lines(surveyed, rest, unlike, number)
    return surveyed


def look_at_lines(
    surveyed: Survey, text: bytes, unlike: bytes, number: int
) -> None:
    """Look at each line of a text; the first has this number."""
    for lines in text.split(b"\n"):
        for line in lines.translate(unlike).split(b"\n"):
            surveyed.look_at(line, number)
        number += 1


@dataclass
class Ends:
    """The kinds of line ends in a file."""

    kinds: set[str] = field(default_factory=set)

    @property
    def told(self) -> str | None:
        """`lf`, `crlf`, `cr`, `mixed`, or None for a file of one line."""
        if len(self.kinds) > 1:
            return "mixed"
        return min(self.kinds, default=None)


def normal_bytes(
    content: Content, encoding: str, mark: int, ends: Ends
) -> Iterator[bytes]:
    r"""Yield a file as UTF-8 with LF line ends, without mark and NUL.

    CR LF, CR, and the CR CR LF that Python writes on Windows become LF. Bytes
    that are not UTF-8 stay where the encoding is UTF-8.
    """
    decoder = None
    if encoding not in ("", "utf-8"):
        decoder = codecs.getincrementaldecoder(encoding)()
    rest = b""
    skipped = mark
    for raw in content.chunks():
        chunk = raw
        if skipped:
            chunk, skipped = chunk[skipped:], max(0, skipped - len(chunk))
        if decoder is not None:
            try:
                chunk = decoder.decode(chunk).encode()
            except (UnicodeDecodeError, UnicodeEncodeError) as error:
                raise damaged_utf16(content.file.raw_file) from error
        chunk = rest + chunk
        # A CR at the end may belong to a LF that comes next.
        kept = chunk.rstrip(b"\r")
        chunk, rest = kept, chunk[len(kept) :]
        yield normal(chunk, ends)
    if decoder is not None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise damaged_utf16(content.file.raw_file) from error
    if rest:
        yield normal(rest, ends)


def normal(chunk: bytes, ends: Ends) -> bytes:
    """Make the line ends of a text LF, and take its NULs away."""
    if b"\0" in chunk:
        chunk = chunk.replace(b"\0", b"")
    if b"\r" not in chunk:
        if b"\n" in chunk:
            ends.kinds.add("lf")
        return chunk
    line_feeds = chunk.count(b"\n")
    if b"\r\r\n" in chunk:
        ends.kinds.add("mixed")
        chunk = chunk.replace(b"\r\r\n", b"\r\n")
    both = chunk.count(b"\r\n")
    if both:
        ends.kinds.add("crlf")
        if line_feeds > both:
            ends.kinds.add("lf")
        chunk = chunk.replace(b"\r\n", b"\n")
    elif line_feeds:
        ends.kinds.add("lf")
    if b"\r" in chunk:
        ends.kinds.add("cr")
        chunk = chunk.replace(b"\r", b"\n")
    return chunk


def text_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of normal bytes, without their ends.

    Bytes that are not UTF-8 become surrogates, see `is_damaged`. Only LF ends
    a line: Python knows more line ends, and texts have them inside.
    """
    rest = b""
    for chunk in chunks:
        text = rest + chunk if rest else chunk
        cut = text.rfind(b"\n") + 1
        if not cut:
            rest = text
            continue
        rest = text[cut:]
        lines = text[: cut - 1].decode(errors="surrogateescape").split("\n")
        yield from lines
    if rest:
        yield rest.decode(errors="surrogateescape")


def is_damaged(text: str) -> bool:
    """Whether bytes of a text were not UTF-8."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def shown(text: str) -> str:
    """Return a text with question marks for bytes that are not UTF-8."""
    if not is_damaged(text):
        return text
    return text.encode(errors="surrogateescape").decode(errors="replace")
