"""Every message that a user gets when a raw file can't be read.

Each says which file, which line where there is one, what is wrong and what to
do. A test applies what they advise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .kinds import Kind

AT_MOST = 10
DELIMITER_NAMES = {
    ",": "commas",
    ";": "semicolons",
    "\t": "tabs",
    "|": "pipes (|)",
}
# How a kind of file that must be there may be written.
FORMS = {
    "table": "CSV, TSV or Excel",
    "json": "JSON",
    "any": "CSV, TSV, Excel or JSON",
}
# What to do with files of programs, by what they begin with or are called.
FOREIGN = {
    "xls": (
        "it is a workbook of Excel before 2007. Open it in Excel and save it "
        "as CSV UTF-8, or as .xlsx"
    ),
    "zip": "it is a zip archive. Unpack it into raw/",
    "compressed": (
        "it is compressed in a way that is not read. Unpack it, or compress it "
        "with gzip (.gz)"
    ),
    "pdf": "it is a PDF. Save the table that it was made from as CSV",
    "office": (
        "it is a document of an office program. Save its table as CSV UTF-8"
    ),
    "ods": (
        "it is a LibreOffice workbook. Save it as CSV (UTF-8), or as .xlsx"
    ),
    "parquet": "it is a Parquet file. Save it as CSV (UTF-8)",
    "ris": (
        "it is in RIS format, which is not read. On PubMed choose Save, "
        'Format "CSV" or "PubMed"; elsewhere export CSV with the columns id, '
        "title, date, journal"
    ),
    "endnote": (
        "it is in EndNote's format, which is not read. On PubMed choose Save, "
        'Format "CSV" or "PubMed"; elsewhere export CSV with the columns id, '
        "title, date, journal"
    ),
    "bibtex": (
        "it is in BibTeX format, which is not read. On PubMed choose Save, "
        'Format "CSV" or "PubMed"; elsewhere export CSV with the columns id, '
        "title, date, journal"
    ),
    "summary": (
        "it is PubMed's Summary text, in which no program can tell the title "
        'from the authors. On PubMed choose Save, Format "CSV" or "PubMed"'
    ),
    "abstract": (
        "it is PubMed's Abstract text, in which no program can tell the title "
        'for certain. On PubMed choose Save, Format "CSV" or "PubMed"'
    ),
    "pmids": (
        "it holds PubMed ids and no titles. On PubMed choose Save, Format "
        '"CSV" or "PubMed"'
    ),
    "html": (
        "it is a web page, perhaps an error message of the site, and no data. "
        "Download the data again"
    ),
    "ctgov_xml": (
        "it is ClinicalTrials.gov's old XML, which is not read. Download the "
        "trials as CSV or JSON"
    ),
    "xml": (
        "it is XML, but not PubMed's, which begins with <PubmedArticleSet>. "
        'On PubMed choose Save, Format "PubMed" or "CSV"'
    ),
    "binary": (
        "it is not text, or damaged. Save it as CSV UTF-8, or export it again"
    ),
}


class RefusedError(Exception):
    """A file, or the whole folder, can't be read; says why to the user.

    `line` is the line at fault, 1 where it is the file.
    """

    def __init__(self, text: str, line: int = 1) -> None:
        """Keep the line beside the text, which tells of it too."""
        super().__init__(text)
        self.line = line


class UnknownFileError(RefusedError):
    """Nothing is known of a file."""

    def __init__(self, raw_file: str, kinds: Iterable[Kind]) -> None:
        """Keep its name, to tell of several in one message."""
        super().__init__(str(unknown([raw_file], kinds)))
        self.raw_file = raw_file


def all_refusals(refusals: list[RefusedError]) -> RefusedError:
    """Join the refusals of several files in one."""
    texts = [str(refusal) for refusal in refusals[:AT_MOST]]
    if len(refusals) > AT_MOST:
        texts.append(f"… and {len(refusals) - AT_MOST} files more.")
    return RefusedError("\n".join(texts))


def missing_root(root: str) -> RefusedError:
    """Refuse a data root without raw files."""
    return RefusedError(
        f"There is no folder raw/ in the data root {root}. Make it and put the "
        "files there, or let the environment variable DRUG_MENTIONS_DATA name "
        "the folder that holds raw/."
    )


def unreachable(root: str) -> RefusedError:
    """Refuse a bucket that can't be listed."""
    return RefusedError(
        f"Can't list the objects below {root}/raw. Does the bucket exist, and "
        "are the credentials in the environment allowed to read it?"
    )


def leads_nowhere(raw_file: str) -> RefusedError:
    """Refuse a symbolic link without a file behind it."""
    return RefusedError(
        f"{raw_file}: it is a link to a file that is gone. Put the file back, "
        "or take the link out of raw/."
    )


def unreadable(raw_file: str) -> RefusedError:
    """Refuse a file that can't be opened or read from its disk."""
    return RefusedError(
        f"{raw_file}: the file can't be opened. Is this user allowed to read "
        "it? Make it readable, or take it out of raw/."
    )


def foreign(raw_file: str, what: str) -> RefusedError:
    """Refuse a format that is not read."""
    return RefusedError(f"{raw_file}: {FOREIGN[what]}, or take it out of raw/.")


def unknown(raw_files: Iterable[str], kinds: Iterable[Kind]) -> RefusedError:
    """Refuse files that nothing is known of."""
    known = "\n".join(f"  {kind.name}: {kind.known_by}" for kind in kinds)
    return RefusedError(
        f"Can't tell what {', '.join(raw_files)} is. A file is recognised by "
        "the columns of its first line, the keys of its records, or by how it "
        f"begins. Known are\n{known}\nGive it such a first line, or take it "
        "out of raw/."
    )


def damaged_gzip(raw_file: str) -> RefusedError:
    """Refuse a gzipped file that ends too early or is damaged."""
    return RefusedError(
        f"{raw_file}: the gzipped file is cut off or damaged. Copy or download "
        "it again."
    )


def damaged_utf16(raw_file: str) -> RefusedError:
    """Refuse a damaged file in UTF-16 or UTF-32."""
    return RefusedError(
        f"{raw_file}: the file is UTF-16 text, and damaged. Save it as UTF-8, "
        "or export it again."
    )


def unknown_encoding(raw_file: str, line: int, word: str) -> RefusedError:
    """Refuse text that is neither UTF-8 nor Windows-1252."""
    return RefusedError(
        f"{raw_file}, line {line}: the text is neither UTF-8 nor Windows-1252, "
        f"which would make a word {word!r}. Save it as UTF-8; in Excel, as "
        '"CSV UTF-8".',
        line,
    )


def empty(raw_file: str, kind: Kind | None, *, is_json: bool) -> RefusedError:
    """Refuse a file with nothing in it."""
    if is_json:
        return RefusedError(
            f"{raw_file}: the file is empty. If there is nothing to read, let "
            "it hold [] and no more."
        )
    columns = kind.known_by if kind else "its columns"
    return RefusedError(
        f"{raw_file}: the file is empty. The first line must name {columns}. "
        "If there is nothing to read, let it hold that line and no more."
    )


def missing_columns(
    raw_file: str, missing: list[str], kind: Kind
) -> RefusedError:
    """Refuse a table that lacks columns of the kind that its name says."""
    some = "columns" if len(missing) > 1 else "column"
    verb = "are" if len(missing) > 1 else "is"
    return RefusedError(
        f"{raw_file}: {some} {', '.join(missing)} {verb} missing. The first "
        f"line must name the columns {kind.known_by}, in any order, separated "
        "by commas, semicolons, tabs or pipes (|)."
    )


def repeated_column(raw_file: str, line: int, column: str) -> RefusedError:
    """Refuse a table with two columns of one name."""
    return RefusedError(
        f"{raw_file}, line {line}: column {column} stands there twice. Rename "
        "or delete the one that is not meant.",
        line,
    )


def two_delimiters(
    raw_file: str, header_line: int, header: str, row_line: int, row: str
) -> RefusedError:
    """Refuse a table whose header is separated otherwise than its rows."""
    return RefusedError(
        f"{raw_file}: line {header_line} (the header) is separated by "
        f"{DELIMITER_NAMES[header]}, line {row_line} by "
        f"{DELIMITER_NAMES[row]}. Separate both by the same: export the file "
        "again, or correct the header line.",
        row_line,
    )


def missing_keys(raw_file: str, missing: list[str], kind: Kind) -> RefusedError:
    """Refuse JSON whose records lack a key."""
    return RefusedError(
        f"{raw_file}: no record has the key {', '.join(missing)}. The records "
        f"must be objects with the keys {kind.known_by}, in an array or one a "
        "line."
    )


def json_without_keys(raw_file: str, kind: Kind) -> RefusedError:
    """Refuse what looks like JSON, but has no key that is one."""
    return RefusedError(
        f"{raw_file}: no record has a key in double quotes. The records must "
        f"be objects with the keys {kind.known_by}, as a program writes them "
        'for JSON: {"key": "text"}, not {\'key\': \'text\'} or {key: "text"}.'
    )


def json_columns(raw_file: str) -> RefusedError:
    """Refuse JSON that pandas wrote column by column."""
    return RefusedError(
        f"{raw_file}: it holds columns, but records must be objects: write "
        "orient='records', as in df.to_json(path, orient='records')."
    )


def json_without_records(
    raw_file: str, kind: Kind, start: str = ""
) -> RefusedError:
    """Refuse JSON with no object in it, or a text that begins as no JSON."""
    why = f", it begins with {start[:20]!r}" if start else ""
    return RefusedError(
        f"{raw_file}: it holds no records{why}. The records must be objects "
        f"with the keys {kind.known_by}, in an array or one a line. If there "
        "is nothing to read, let it hold [] and no more."
    )


def two_kinds_of_records(  # noqa: PLR0913, PLR0917 - all that is told
    raw_file: str,
    line: int,
    kind: Kind,
    path: tuple[str, ...],
    other: Kind,
    other_path: tuple[str, ...],
) -> RefusedError:
    """Refuse JSON with lists of records of two kinds."""
    lists = [".".join(keys).removesuffix(".[]") for keys in (path, other_path)]
    return RefusedError(
        f"{raw_file}, line {line}: the list {lists[1]} holds records of "
        f"{other.name}, the list {lists[0]} records of {kind.name}. Write each "
        "list into a file of its own.",
        line,
    )


def invalid_json(raw_file: str, line: int, what: str) -> RefusedError:
    """Refuse JSON that can't be taken apart."""
    return RefusedError(
        f"{raw_file}, line {line}: not valid JSON: {what}. Export it again, or "
        "write one object a line: then only a broken line is lost.",
        line,
    )


def too_large_record(raw_file: str, line: int) -> RefusedError:
    """Refuse a single record of many megabytes."""
    return RefusedError(
        f"{raw_file}, line {line}: a record of more than 32 MB begins there. "
        "Is a quote or bracket missing? Export it again.",
        line,
    )


def damaged_xml(raw_file: str, line: int, what: str) -> RefusedError:
    """Refuse XML that is cut off or not as PubMed writes it."""
    return RefusedError(
        f"{raw_file}, line {line}: {what}. It must be PubMed XML, whole, from "
        "<PubmedArticleSet> to </PubmedArticleSet>: download it again.",
        line,
    )


def needs_openpyxl(raw_file: str) -> RefusedError:
    """Refuse a workbook where the package that reads it is missing."""
    return RefusedError(
        f"{raw_file}: reading Excel takes a package that is not installed: "
        "`pip install -r requirements-excel.txt`. Or open it in Excel and save "
        "it as CSV UTF-8."
    )


def damaged_workbook(raw_file: str) -> RefusedError:
    """Refuse a workbook that can't be opened."""
    return RefusedError(
        f"{raw_file}: the workbook is damaged or protected by a password. Open "
        "it in Excel and save it again, or as CSV UTF-8."
    )


def workbook_without_columns(
    raw_file: str, sheets: list[str], kinds: Iterable[Kind]
) -> RefusedError:
    """Refuse a workbook of which no sheet has the columns of a kind."""
    known = "\n".join(
        f"  {kind.name}: {kind.known_by}"
        for kind in kinds
        if kind.layout == "columns"
    )
    return RefusedError(
        f"{raw_file}: no sheet ({', '.join(sheets)}) has the columns of a "
        f"known kind in its first row. Known are\n{known}\n"
        "Correct the first row."
    )


def missing_kinds(root: str, missing: list[tuple[Kind, str]]) -> RefusedError:
    """Refuse a folder without a file of each kind that must be there.

    Each kind comes with its form, a key of `FORMS`.
    """
    lines = [
        f"No file in {root}/raw is {kind.name} ({FORMS[form]}, with the "
        f"columns {kind.known_by})."
        for kind, form in missing
    ]
    lines.append("Put in one for each of these lines.")
    if any(form != "json" for _, form in missing):
        lines.append(
            "If there is nothing to read, a file with only the header line "
            "(.csv) is enough."
        )
    as_json = dict.fromkeys(
        f"{kind.name}.json" for kind, form in missing if form != "table"
    )
    if as_json:
        lines.append(
            "If there is nothing to read, a file with only [] is enough, if it "
            f"has the name of its kind: {', '.join(as_json)}."
        )
    for kind, _ in missing:
        if kind.replaced_by:
            lines.append(
                f"In place of {kind.name}, a public vocabulary is enough: "
                f"{', '.join(kind.replaced_by)}."
            )
    made_by_hand = dict.fromkeys(
        kind.name for kind, _ in missing if not kind.is_always_required
    )
    if made_by_hand:
        lines.append(
            f"In place of {' and '.join(made_by_hand)}, an export of PubMed or "
            "ClinicalTrials.gov is enough."
        )
    lines.append(
        "The environment variable DRUG_MENTIONS_DATA names the data root."
    )
    return RefusedError("\n".join(lines))
