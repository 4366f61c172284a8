"""Checks files against their contracts, before they are sent.

    python data/contracts/check.py FILE...

Each breach is told with file, line, field and rule; the exit code is 1 when
there is any. Which contract a file must keep follows from its name. The rules
of a record are those of the JSON Schema generated from its contract.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import sys
import zlib
from bisect import bisect
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TextIO

import yaml
from jsonschema import Draft7Validator

CONTRACTS = Path(__file__).resolve().parent
JSON_SPACE = re.compile("[ \\t\\r\\n]*")
REST = "what stands behind it was not checked"


class Record(NamedTuple):
    """A record of a file, and the line where it begins."""

    line: int
    values: Any


class Breach(NamedTuple):
    """What a file breaks of its contract, and where."""

    line: int
    rule: str
    reason: str


def main() -> int:
    """Check every file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    files = parser.parse_args().files
    return 0 if all([keeps_contract(file) for file in files]) else 1


def keeps_contract(file: Path) -> bool:
    """Print what the file breaks, and a summary."""
    contract = contract_of(file)
    if contract is None:
        print(f"{file}: name: no contract is for a file of this name")
        return False
    record_count = 0
    breach_count = 0
    for found in checked(file, contract):
        if isinstance(found, Breach):
            breach_count += 1
            print(f"{file}:{found.line}: {found.rule}: {found.reason}")
        else:
            record_count += 1
    verb = "breaks" if breach_count else "keeps"
    print(
        f"{file}: {verb} the contract {contract['id']} {contract['version']} "
        f"(records: {record_count}, breaches: {breach_count})"
    )
    return breach_count == 0


def contract_of(file: Path) -> dict[str, Any] | None:
    """Find the contract whose files are named like this one."""
    for path in sorted(CONTRACTS.glob("*.odcs.yaml")):
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
        pattern = PurePosixPath(contract["servers"][0]["path"]).name
        if fnmatchcase(file.name.removesuffix(".gz"), pattern):
            return contract
    return None


def checked(file: Path, contract: dict[str, Any]) -> Iterator[Record | Breach]:
    """Yield every record, and whatever breaks the contract."""
    schema_file = CONTRACTS / "generated" / f"{contract['id']}.schema.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    validator = Draft7Validator(
        schema, format_checker=Draft7Validator.FORMAT_CHECKER
    )
    key = [
        name
        for name, rules in schema["properties"].items()
        if rules.get("primaryKey")
    ]
    line_of_key: dict[tuple[Any, ...], int] = {}
    found: Record | Breach
    for found in records(file, contract, schema["required"]):
        yield found
        if isinstance(found, Breach):
            continue
        breaches = list(breaches_of_record(found, validator))
        yield from breaches
        if key and not breaches:
            values = tuple(found.values[name] for name in key)
            first_line = line_of_key.setdefault(values, found.line)
            if first_line != found.line:
                yield Breach(
                    found.line,
                    f"{', '.join(key)}: primaryKey",
                    f"{shown(values)} stands in line {first_line} too",
                )


def breaches_of_record(
    record: Record, validator: Draft7Validator
) -> Iterator[Breach]:
    """Yield what a record breaks of its JSON Schema."""
    try:
        shown(record.values).encode()
    except UnicodeEncodeError:
        yield Breach(record.line, "utf-8", "a character is not UTF-8")
        return
    for error in validator.iter_errors(record.values):
        rule = str(error.validator)
        if error.path:
            rule = f"{error.path[0]}: {rule}"
            wanted = error.schema["description"]
            yield Breach(
                record.line, rule, f"{shown(error.instance)}, wanted: {wanted}"
            )
        else:
            yield Breach(record.line, rule, error.message)


def records(
    file: Path, contract: dict[str, Any], required: list[str]
) -> Iterator[Record | Breach]:
    """Read a file, plain or gzipped."""
    open_file = gzip.open if file.suffix == ".gz" else open
    try:
        # Bytes that are not UTF-8 are kept, to be told with their line.
        with open_file(
            file,
            "rt",
            encoding="utf-8-sig",
            errors="surrogateescape",
            newline="",
        ) as text:
            if contract["servers"][0]["format"] == "csv":
                yield from csv_records(text, required)
            else:
                yield from json_records(text.read())
    except (OSError, EOFError, zlib.error) as error:
        yield Breach(1, "file", str(error))


def csv_records(text: TextIO, required: list[str]) -> Iterator[Record | Breach]:
    """Read the rows of a CSV file, by the names in its first line."""
    rows = csv.reader(text, strict=True)
    header = next(rows, [])
    for name in required:
        if name not in header:
            yield Breach(1, "header", f"column {name} is missing")
    if not set(required) <= set(header):
        return
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Breach(line, "csv", f"{error}; {REST}")
            return
        if len(row) == len(header):
            yield Record(line, dict(zip(header, row, strict=True)))
        else:
            yield Breach(
                line, "csv", f"{len(row)} cells, the header has {len(header)}"
            )


def json_records(text: str) -> Iterator[Record | Breach]:
    """Read the elements of a JSON array, or one JSON value after another."""
    decoder = json.JSONDecoder()
    line_ends = [found.start() for found in re.finditer("\n", text)]
    position = behind_space(text, 0)
    if position == len(text):
        yield Breach(1, "json", "the file is empty")
    is_array = text.startswith("[", position)
    end = "]" if is_array else ""
    if is_array:
        position = behind_space(text, position + 1)
    while text[position : position + 1] != end:
        try:
            value, stop = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            yield Breach(error.lineno, "json", f"{error.msg}; {REST}")
            return
        yield Record(bisect(line_ends, position) + 1, value)
        position = behind_space(text, stop)
        line = bisect(line_ends, position) + 1
        if is_array and text.startswith(",", position):
            position = behind_space(text, position + 1)
            if text.startswith("]", position):
                yield Breach(line, "json", "a comma behind the last element")
        elif is_array and not text.startswith("]", position):
            yield Breach(line, "json", f"neither , nor ] behind it; {REST}")
            return
    position = behind_space(text, position + len(end))
    if position < len(text):
        line = bisect(line_ends, position) + 1
        yield Breach(line, "json", "text behind the array")


def behind_space(text: str, position: int) -> int:
    """Return the place of the next character that is not white space."""
    return JSON_SPACE.match(text, position).end()  # matches nothing, too


def shown(value: Any) -> str:  # noqa: ANN401 - a value of a JSON document
    """Return a value as JSON, in one line."""
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
