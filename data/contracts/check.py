"""Checks files against their contracts, before they are sent.

    python data/contracts/check.py FILE...

Each breach is told with file, line, field and rule; the exit code is 1 when
there is any. Files are recognised and read by the package that the build reads
them with, so the two can't disagree on whether a file can be read. The rules of
a record are those of the JSON Schema generated from its contract.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from jsonschema import Draft7Validator

CONTRACTS = Path(__file__).resolve().parent
PROJECT = CONTRACTS.parents[1]
sys.path.insert(0, str(PROJECT / "macros" / "plugins"))

from raw_files.inspection import read_records  # noqa: E402 - on the path now
from raw_files.kinds import Column, Kind, named_kind, read_kinds  # noqa: E402
from raw_files.listing import RawFile  # noqa: E402
from raw_files.records import UNPARSEABLE  # noqa: E402
from raw_files.refusals import RefusedError  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raw_files.recognise import Recognised

# The published file has a contract, too, and is no raw file.
PUBLISHED = "mentioned_drugs"


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
    contracts = {}
    for path in sorted(CONTRACTS.glob("*.odcs.yaml")):
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
        contracts[contract["id"]] = contract
    return 0 if all([keeps_contract(file, contracts) for file in files]) else 1


def keeps_contract(file: Path, contracts: dict[str, Any]) -> bool:
    """Print what the file breaks, and a summary."""
    kinds = read_kinds(PROJECT / "models" / "staging" / "_sources.yml")
    if file.name.startswith(PUBLISHED):
        kinds = [kind_of(contracts[PUBLISHED])]
    try:
        size = file.stat().st_size
    except OSError:
        print(f"{file}:1: file: there is no such file")
        return False
    raw_file = RawFile(str(file), file.name, size, datetime.now(UTC))
    try:
        found, records = read_records(raw_file, kinds)
    except RefusedError as refusal:
        print(f"{file}:{refusal.line}: file: {refusal}")
        contract = contract_named_like(file, contracts)
        print(summary(file, contract, 0, 1))
        return False
    contract = contract_of(found, contracts)
    if contract is None:
        kind = found.kind.name
        print(f"{file}: name: no contract is for a file of the kind {kind}")
        return False
    record_count = 0
    breach_count = 0
    for one in checked(found, records, contract):
        if isinstance(one, Breach):
            breach_count += 1
            print(f"{file}:{one.line}: {one.rule}: {one.reason}")
        else:
            record_count += 1
    print(summary(file, contract, record_count, breach_count))
    return breach_count == 0


def summary(
    file: Path, contract: dict[str, Any] | None, records: int, breaches: int
) -> str:
    """Say whether a file keeps its contract."""
    verb = "breaks" if breaches else "keeps"
    told = (
        f"{contract['id']} {contract['version']}" if contract else "of its name"
    )
    return (
        f"{file}: {verb} the contract {told} "
        f"(records: {records}, breaches: {breaches})"
    )


def kind_of(contract: dict[str, Any]) -> Kind:
    """Make a kind of file of a contract."""
    [schema] = contract["schema"]
    columns = tuple(Column(field["name"]) for field in schema["properties"])
    return Kind(contract["id"], columns, file_name=contract["id"])


def contract_of(
    found: Recognised, contracts: dict[str, Any]
) -> dict[str, Any] | None:
    """Return the contract of a kind of file, which may be that of a format."""
    name = found.kind.name
    suffix = "json" if found.format == "json" else "csv"
    return contracts.get(name) or contracts.get(f"{name}_{suffix}")


def contract_named_like(
    file: Path, contracts: dict[str, Any]
) -> dict[str, Any] | None:
    """Return the contract of files that are called like one."""
    endings = {
        PurePosixPath(contract["servers"][0]["path"]).suffix
        for contract in contracts.values()
    }
    for ending in sorted(endings):
        kinds = [
            Kind(name, (), file_name=PurePosixPath(path).name.partition("*")[0])
            for name, contract in contracts.items()
            if (path := contract["servers"][0]["path"]).endswith(ending)
        ]
        kind = named_kind(file.name, kinds)
        if kind and ending in file.suffixes:
            return contracts[kind.name]
    return None


def checked(
    found: Recognised, records: Iterator[Any], contract: dict[str, Any]
) -> Iterator[Record | Breach]:
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
    if found.encoding not in ("", "utf-8"):
        yield Breach(1, "utf-8", f"the file is {found.encoding}, not UTF-8")
    line_of_key: dict[tuple[Any, ...], int] = {}
    for record in read(found, records):
        yield record
        if isinstance(record, Breach):
            continue
        breaches = list(breaches_of_record(record, validator))
        yield from breaches
        if key and not breaches:
            values = tuple(record.values[name] for name in key)
            first_line = line_of_key.setdefault(values, record.line)
            if first_line != record.line:
                yield Breach(
                    record.line,
                    f"{', '.join(key)}: primaryKey",
                    f"{shown(values)} stands in line {first_line} too",
                )


def read(
    found: Recognised, records: Iterator[Any]
) -> Iterator[Record | Breach]:
    """Yield the records of a file as the schema wants them."""
    try:
        for record in records:
            line = record.line or 1
            if record.defect == UNPARSEABLE:
                yield Breach(
                    line,
                    found.format,
                    "a quote or the number of cells is wrong, or a byte is not "
                    f"UTF-8: {shown(record.raw_text[:100])}",
                )
            elif found.shape is not None:
                yield json_value(line, record.cells[0])
            else:
                # An empty cell of a table is an empty text.
                names = (column.name for column in found.kind.columns)
                cells = (cell or "" for cell in record.cells)
                yield Record(line, dict(zip(names, cells, strict=True)))
    except RefusedError as refusal:
        yield Breach(refusal.line, "file", str(refusal))


def json_value(line: int, text: str) -> Record | Breach:
    """Parse a value of a JSON file."""
    try:
        return Record(line, json.loads(text))
    except (ValueError, RecursionError):
        reason = f"not a JSON value: {shown(text[:100])}"
        return Breach(line, "json", reason)


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


def shown(value: Any) -> str:  # noqa: ANN401 - a value of a JSON document
    """Return a value as JSON, in one line."""
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.exit(main())
