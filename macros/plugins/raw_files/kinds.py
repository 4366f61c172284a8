"""The kinds of raw files, as `models/staging/_sources.yml` declares them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader  # ten times as fast
except ImportError:
    from yaml import SafeLoader

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SOURCE = "raw"
FILES_TABLE = "files"


@dataclass(frozen=True)
class Column:
    """A column of a kind, and where its text stands in a file."""

    name: str
    # Without it in the header line, or as a key, a file is not of this kind.
    is_required: bool = True
    # Other names, as `folded_name` gives them.
    also_named: tuple[str, ...] = ()
    # The tag of its line in a tagged file.
    tag: str = ""

    def found_in(self, names: list[str]) -> int | None:
        """Return its place among names in lower case.

        `ATC Code` and `atc_code` are `atccode`, if nothing else is.
        """
        mine = (self.name, *self.also_named)
        for name in mine:
            if name in names:
                return names.index(name)
        letters = letters_of(tuple(names))
        for name in letters_of(mine):
            if name in letters:
                return letters.index(name)
        return None


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    `layout` says how it is recognised and read:

    - `columns`: a table (CSV or Excel) or JSON objects, by names of columns;
    - `objects`: JSON objects that have the key `has_key`, kept as they are;
      `list_key` is the key of their list in a file that has none of them;
    - `medline`, `journal_list`: tagged lines;
    - `pubmed_xml`: XML;
    - `rrf`: rows of a UMLS table, with `|` behind every cell.
    """

    name: str
    columns: tuple[Column, ...]
    layout: str = "columns"
    # How files made by hand are called. The name decides where the content fits
    # several kinds, and which message a file gets that can't be read.
    file_name: str = ""
    # `table`, `json` or `any`: a build without exports must have such a file.
    required_as: tuple[str, ...] = ()
    # Whether one must be there beside exports, too.
    is_always_required: bool = False
    # If a file of one of these kinds is there, none of this kind need be.
    replaced_by: tuple[str, ...] = ()
    is_export: bool = False
    has_key: str = ""
    list_key: str = ""
    # How to tell a person what it is recognised by; the columns when empty.
    told_by: str = ""

    @property
    def required(self) -> tuple[Column, ...]:
        """The columns that a file must have."""
        return tuple(column for column in self.columns if column.is_required)

    @property
    def known_by(self) -> str:
        """What to tell a person about how it is recognised."""
        return self.told_by or ", ".join(
            column.name for column in self.required
        )


# Neither letter nor digit, nor half a character or a byte that is no text.
MARK = r"[^\w\ud800-\udfff]"


def folded_name(name: str) -> str:
    """Return a column's name as kinds write it.

    Lower case, without blanks, quotes and marks around it, `_` for whatever is
    no letter or digit: `"Journal/Book "` is `journal_book`.
    """
    # A name's ends may be any white space or invisible mark, and quotes.
    ends = f"^{MARK}+|{MARK}+$"
    return re.sub(MARK, "_", re.sub(ends, "", name.lower()))


@lru_cache(maxsize=4096)
def letters_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names without blanks and punctuation."""
    return tuple(re.sub(f"{MARK}|_", "", name) for name in names)


def read_kinds(sources: Path) -> list[Kind]:
    """Read the tables of the source `raw` from a dbt YAML file."""
    declared = yaml.load(sources.read_text(encoding="utf-8"), Loader=SafeLoader)
    return [
        declared_kind(table)
        for source in declared["sources"]
        if source["name"] == SOURCE
        for table in source["tables"]
        if table["name"] != FILES_TABLE
    ]


def declared_kind(table: dict[str, Any]) -> Kind:
    """Make a kind of a table of the YAML."""
    meta = meta_of(table)
    columns = []
    for declared in table["columns"]:
        about = meta_of(declared)
        columns.append(
            Column(
                declared["name"],
                is_required=not about.get("optional", False),
                also_named=tuple(about.get("also_named", ())),
                tag=about.get("tag", ""),
            )
        )
    return Kind(
        table["name"],
        tuple(columns),
        layout=meta.get("layout", "columns"),
        file_name=meta.get("file_name", ""),
        required_as=tuple(meta.get("required_as", ())),
        is_always_required=meta.get("is_always_required", False),
        is_export=meta.get("is_export", False),
        replaced_by=tuple(meta.get("replaced_by", ())),
        has_key=meta.get("has_key", ""),
        list_key=meta.get("list_key", ""),
        told_by=meta.get("known_by", ""),
    )


def meta_of(declared: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a table or column."""
    return declared.get("config", {}).get("meta", {})


def named_kind(file_name: str, kinds: Iterable[Kind]) -> Kind | None:
    """Return the kind whose files are called like this one, if any is.

    `Drug-Synonyms 2020.CSV` is called like `drug_synonyms`, not like `drugs`.
    """
    name = re.sub(r"[\W_]+", "", file_name.lower())
    called = [
        kind
        for kind in kinds
        if kind.file_name and name.startswith(kind.file_name.replace("_", ""))
    ]
    return max(called, key=lambda kind: len(kind.file_name), default=None)


def kind_with_columns(
    names: list[str], file_name: str, kinds: Iterable[Kind]
) -> Kind | None:
    """Return the kind that has these columns, or None.

    Where there are several, the file's name decides, then the number of
    columns: a longer list of them is hardly met by chance.
    """
    met = [
        kind
        for kind in kinds
        if kind.layout == "columns"
        and all(column.found_in(names) is not None for column in kind.required)
    ]
    named = named_kind(file_name, met)
    return named or max(met, key=lambda kind: len(kind.required), default=None)
