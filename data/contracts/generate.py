"""Generates the Avro, Protobuf and JSON Schema of every contract.

python data/contracts/generate.py [--check]

With --check nothing is written, and the exit code is 1 when a contract is
invalid or `generated/` holds anything but what would be generated.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from datacontract.data_contract import DataContract
from datacontract.model.run import ResultEnum

CONTRACTS = Path(__file__).resolve().parent
GENERATED = CONTRACTS / "generated"
SUFFIXES = {"avro": ".avsc", "protobuf": ".proto", "jsonschema": ".schema.json"}


def main() -> int:
    """Write the generated files, or compare them with what is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    wanted = {}
    for contract_file in sorted(CONTRACTS.glob("*.odcs.yaml")):
        contract = DataContract(data_contract_file=str(contract_file))
        run = contract.lint()
        if run.result != ResultEnum.passed:
            reasons = [check.reason for check in run.checks if check.reason]
            print(f"{contract_file.name}: {'; '.join(reasons)}")
            return 1
        name = contract_file.name.removesuffix(".odcs.yaml")
        for export_format, suffix in SUFFIXES.items():
            text = str(contract.export(export_format)).strip() + "\n"
            wanted[GENERATED / f"{name}{suffix}"] = text
    found = {
        file: file.read_text(encoding="utf-8") for file in GENERATED.glob("*")
    }
    stale = sorted(
        file
        for file in wanted.keys() | found.keys()
        if wanted.get(file) != found.get(file)
    )
    for file in stale:
        print(f"{file.name}: not what its contract generates")
        if check:
            continue
        if file in wanted:
            GENERATED.mkdir(exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8")
        else:
            file.unlink()
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())
