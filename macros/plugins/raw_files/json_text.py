"""The text of a JSON value: its tokens, its keys, what is no JSON in it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

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
STRING_OR_LAST_COMMA = re.compile(
    r'("(?:[^"\\]++|\\.)*+")|,(?=\s*[}\]])', re.DOTALL
)
COLON = re.compile(rb"\s*:")
BLANK = b" \t\n\r"


def parsed(text: str) -> Any:  # noqa: ANN401 - any value of JSON
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


def is_object(line: str) -> bool:
    """Whether a line is one whole JSON object."""
    if not (line.startswith("{") and line.endswith("}")):
        return False
    text = repaired(line)
    return is_json(text) or is_json(
        STRING_OR_LAST_COMMA.sub(lambda found: found[1] or "", text)
    )


def is_json(text: str) -> bool:
    """Whether a text is a JSON value; its strings may hold line ends."""
    try:
        json.loads(text, strict=False)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True
