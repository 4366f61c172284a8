"""JSON of any shape: where its records are, and what they are.

A file is one of these:

- *lines*: an object a line, in an array or not, with few exceptions; a broken
  line is lost alone;
- *values*: an array, or objects one after another, however they are laid out;
- *wrapped*: lists inside objects, below any keys.

Records are found without parsing them: DuckDB does that, in the same way for
files that it reads itself and for copies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from .contents import is_damaged, shown
from .json_lines import (
    AROUND,
    LINES_COMPARED,
    head_lines,
    layout_of,
    line_values,
    object_lines,
)
from .json_text import is_json, is_object, parsed, repaired
from .json_values import Element, Walker, sample_values
from .kinds import kind_with_columns, named_kind
from .records import KEPT_CHARACTERS, NOT_AN_OBJECT, Record, put_aside
from .refusals import (
    RefusedError,
    json_columns,
    json_without_keys,
    json_without_records,
    missing_keys,
    two_kinds_of_records,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .kinds import Kind

# A line that begins an object, below another line.
OBJECT_BELOW = re.compile(r"\n[ \t]*+\{")
# A file that begins as an object of lists or objects.
OBJECT_OF_COLUMNS = re.compile(rb'\s*\{\s*"([^"\\]+)"\s*:\s*[\[{]')


@dataclass(frozen=True)
class Shape:
    """How the records of a JSON file are found."""

    kind: Kind
    # `lines`, `array lines` or `values`.
    layout: str
    # Where the first records stand when they are `values`.
    path: tuple[str, ...]
    # For each column of the kind its key as this file writes it.
    keys: tuple[str, ...]
    # All kinds: no list of another one may be passed over.
    kinds: tuple[Kind, ...]


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
    texts = [text for line in lines if (text := line.strip(AROUND))]
    layout = "array lines" if texts[0].startswith("[") else "lines"
    if not all(text.startswith("{") for text in texts) and (
        sum(map(is_object, texts)) * 2 <= len(texts)
    ):
        return None
    by_path = line_values(head, layout, is_whole=is_whole)
    return known_shape(raw_file, layout, by_path, kinds)


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
        spelt = spelt_keys(keys, kind)
        return Shape(kind, layout, path, spelt, tuple(kinds))
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
            return Shape(kind, "values", path, (), tuple(kinds))
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
        return Shape(named, "values", path, keys, tuple(kinds))
    if named is not None:
        if not objects:
            raise json_without_records(raw_file, named)
        if not any(objects):
            raise json_without_keys(raw_file, named)
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
    keys: dict[str, str], name: str, kinds: Iterable[Kind]
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


def is_split(top: Any) -> bool:  # noqa: ANN401 - any value of JSON
    """Whether an object is a table as pandas writes it with `split`."""
    return (
        isinstance(top, dict)
        and isinstance(top.get("columns"), list)
        and isinstance(top.get("data"), list)
    )


def json_records(
    raw_file: str, shape: Shape, chunks: Iterable[bytes], lines: Iterable[str]
) -> Iterator[Record]:
    """Yield a record for each value of a JSON file.

    Its only cell is the value's text, with `null` for `NaN`. `chunks` and
    `lines` are the same normal bytes, of which one is read.
    """
    if shape.layout != "values":
        for number, (line, text) in enumerate(
            object_lines(lines, shape.layout), 1
        ):
            yield json_record(number, line, text)
        return
    values = (
        value
        for element in wanted_elements(raw_file, shape, chunks)
        for value in values_of(raw_file, shape, element)
    )
    for number, (line, text) in enumerate(values, 1):
        yield json_record(number, line, text)


def values_of(
    raw_file: str, shape: Shape, element: Element
) -> Iterator[tuple[int, str]]:
    """Yield line and text of an element, or of what a broken one has swallowed.

    A quote that is missing may join a record to those in the lines below it.
    """
    text = element.text.decode(errors="surrogateescape")
    if OBJECT_BELOW.search(text) and not is_object(text):
        name = raw_file.rpartition("/")[2]
        lines = list(object_lines(text.split("\n"), "lines"))
        if any(
            is_object(other)
            and kind_with_keys(keys_of([parsed(other)]), name, [shape.kind])
            for _, other in lines
        ):
            for line, other in lines:
                yield element.line + line - 1, other
            return
    yield element.line, text


def wanted_elements(
    raw_file: str, shape: Shape, chunks: Iterable[bytes]
) -> Iterator[Element]:
    """Yield the elements of all lists whose objects are of the file's kind.

    The first elements of each other list tell what its objects are.
    """
    name = raw_file.rpartition("/")[2]
    wanted = {shape.path}
    if shape.path == ():
        wanted.add(("[]",))
    held: list[Element] = []
    for element in all_elements(raw_file, shape, chunks):
        if element.path in wanted:
            yield element
            continue
        if held and held[0].path != element.path:
            held.clear()
        if len(held) == LINES_COMPARED:
            continue
        held.append(element)
        value = parsed(element.text.decode(errors="surrogateescape"))
        keys = keys_of([value])
        if kind_with_keys(keys, name, [shape.kind]):
            wanted.add(element.path)
            yield from held
            held.clear()
        elif other := kind_with_keys(keys, name, shape.kinds):
            raise two_kinds_of_records(
                raw_file,
                element.line,
                shape.kind,
                shape.path,
                other,
                element.path,
            )


def all_elements(
    raw_file: str, shape: Shape, chunks: Iterable[bytes]
) -> Iterator[Element]:
    """Yield the values of a file that may be records."""
    is_top = shape.path == ()
    walker = Walker(raw_file, wants_tops=is_top, wants_lists=not is_top)
    for chunk in chunks:
        yield from walker.feed(chunk)
    yield from walker.finish()


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
