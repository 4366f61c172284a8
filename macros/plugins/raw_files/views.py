"""DuckDB views `raw.<kind>` over the files and copies of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .inspection import Inspected, PlainLines, PlainTable
from .kinds import letters_of
from .readable import RECORD_COLUMNS, Copies, RecordCopy
from .records import NOT_A_TEXT, NOT_AN_OBJECT, UNPARSEABLE
from .sql_text import glob_escaped, literal, quoted

if TYPE_CHECKING:
    import duckdb

    from .kinds import Kind
    from .listing import RawFile

# DuckDB's defaults: the longest line, and the bytes that are read at once.
LINE_BYTES = 2_000_000
BUFFER_BYTES = 32_000_000
# Longer is no name of a column, as it stands in a header.
HEADER_BYTES = 40
# What a character takes in UTF-8 at most.
CHARACTER_BYTES = 4


def create_views(  # noqa: PLR0913, PLR0917 - all that is known of a folder
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    root: str,
    kinds: list[Kind],
    inspected: list[Inspected],
    copies: Copies,
) -> None:
    """Create a view for each kind over the files that were inspected.

    `root` is the data root as it stands in front of their paths.
    """
    for kind in kinds:
        files = [one for one in inspected if one.kind == kind.name]
        selects = [
            record_copy_sql(copy, copies.longest[copy.path])
            for copy in copies.record_copies
            if copy.kind.name == kind.name
        ]
        selects.extend(plain_sql(kind, root, files))
        create_view(connection, schema, kind, selects)


def create_empty_views(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    kinds: list[Kind],
    *,
    replace: bool,
) -> None:
    """Create a view without rows for each kind, or each that has none yet."""
    there = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables "
            "where table_schema = $1 and table_catalog = current_database()",
            [schema],
        ).fetchall()
    }
    for kind in kinds:
        if replace or kind.name not in there:
            create_view(connection, schema, kind, [])


def create_view(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    kind: Kind,
    selects: list[str],
) -> None:
    """Create or replace the view of a kind."""
    query = "\nunion all\n".join(selects) or empty_sql(kind)
    connection.execute(
        f"create or replace view {quoted(schema)}.{quoted(kind.name)} as\n"
        f"{query}"
    )


def empty_sql(kind: Kind) -> str:
    """Return a query with the columns of a kind and no rows."""
    cells = ["null::varchar"] * len(kind.columns)
    place = ("null::varchar", "null::bigint", *UNKNOWN_PLACE)
    return f"{select_sql(kind, place, cells)}\nwhere false"


# Where DuckDB reads the file itself, nothing is known of a record's place.
UNKNOWN_PLACE = (
    "null::bigint",
    "null::bigint",
    "null::varchar",
    "null::varchar",
)


def select_sql(kind: Kind, place: tuple[str, ...], cells: list[str]) -> str:
    """Return the select list of a view, all that stands in front of `from`."""
    named = [
        f"    {expression} as {column}"
        for expression, column in zip(place, RECORD_COLUMNS, strict=True)
    ]
    named += [
        f"    {expression} as {quoted(column.name)}"
        for expression, column in zip(cells, kind.columns, strict=True)
    ]
    return "select\n" + ",\n".join(named)


def record_copy_sql(copy: RecordCopy, longest: int) -> str:
    """Return a query of a copy that files of a kind share."""
    if copy.keys is None:
        cells = [f"cell_{n}" for n in range(1, len(copy.kind.columns) + 1)]
    else:
        cells = ["json"]
    types = dict.fromkeys((*RECORD_COLUMNS, *cells), "varchar")
    for number in ("raw_file_version", "record_number", "line_number"):
        types[number] = "bigint"
    line_bytes = max(LINE_BYTES, longest * CHARACTER_BYTES + 1000)
    reader = read_csv_sql(
        [str(copy.path)],
        types,
        delimiter=",",
        max_line_size=line_bytes,
        buffer_size=max(BUFFER_BYTES, 2 * line_bytes),
    )
    if copy.keys is None:
        place = with_header_defect(copy.kind, RECORD_COLUMNS, cells)
        return f"{select_sql(copy.kind, place, cells)}\nfrom {reader}"
    return json_sql(copy.kind, copy.keys, RECORD_COLUMNS, "json", reader)


def plain_sql(kind: Kind, root: str, files: list[Inspected]) -> list[str]:
    """Return a query for all files that are read in the same way."""
    groups: dict[PlainTable | PlainLines, list[RawFile]] = {}
    selects = []
    for one in files:
        if one.copy is not None and isinstance(one.plain, PlainTable):
            file = (
                literal(one.file.raw_file),
                f"{one.file.raw_file_version}::bigint",
            )
            selects.append(
                table_sql(kind, one.plain, [str(one.copy)], file, False)
            )
        elif one.plain is not None:
            groups.setdefault(one.plain, []).append(one.file)
    for plain, group in groups.items():
        paths = [file.path for file in group]
        versions = ", ".join(str(file.raw_file_version) for file in group)
        file = (
            f"file_path[{len(root.rstrip('/')) + 2}:]",
            f"([{versions}]::bigint[])[file_index::bigint + 1]",
        )
        if isinstance(plain, PlainTable):
            selects.append(
                table_sql(kind, plain, paths, file, plain.has_header)
            )
        else:
            selects.append(lines_sql(kind, plain, paths, file))
    return selects


def table_sql(
    kind: Kind,
    plain: PlainTable,
    paths: list[str],
    file: tuple[str, str],
    has_header: bool,
) -> str:
    """Return a query of tables that have their columns in the same places.

    `file` are the expressions of a row's file and its version. They come from
    the reader, since a join with a table of files loses the order of rows.
    """
    reader = read_csv_sql(
        paths,
        {f"cell_{place}": "varchar" for place in range(plain.width)},
        delimiter=plain.delimiter,
        has_header=has_header,
        has_quotes=plain.has_quotes,
        is_gzip=plain.is_gzip,
    )
    cells = [
        "null::varchar" if place is None else f"cell_{place}"
        for place in plain.places
    ]
    place = with_header_defect(kind, (*file, *UNKNOWN_PLACE), cells)
    return f"{select_sql(kind, place, cells)}\nfrom {reader}"


def with_header_defect(
    kind: Kind, place: tuple[str, ...], cells: list[str]
) -> tuple[str, ...]:
    """Let rows that name their columns have a defect: tables were joined."""
    if kind.layout != "columns":
        return place
    named = [
        (cell, letters_of((column.name, *column.also_named)))
        for cell, column in zip(cells, kind.columns, strict=True)
        if column.is_required
    ]
    # Most rows are told by the length of their cells, at no cost.
    conditions = [f"strlen({cell}) <= {HEADER_BYTES}" for cell, _ in named]
    conditions += [
        f"regexp_replace(lower({cell}), '[^a-z0-9]', '', 'g') "
        f"in ({', '.join(map(literal, names))})"
        for cell, names in named
    ]
    *numbered, defect, raw_text = place
    defect = (
        f"case when {' and '.join(conditions)} then '{UNPARSEABLE}' "
        f"else {defect} end"
    )
    return (*numbered, defect, raw_text)


def lines_sql(
    kind: Kind, plain: PlainLines, paths: list[str], file: tuple[str, str]
) -> str:
    """Return a query of JSON files that have an object a line.

    `file` is that of `table_sql`.
    """
    reader = read_csv_sql(
        paths,
        {"line": "varchar"},
        delimiter="",
        has_quotes=False,
        is_strict=False,
        is_gzip=plain.is_gzip,
    )
    # To look whether there is anything to remove costs a tenth of removing it.
    bracket = r"\[\]" if plain.is_array else ""
    around = rf"^[ \t,{bracket}]+|[ \t,{bracket}]+$"
    lines = (
        "(\n"
        "    select\n"
        "        file_path,\n"
        "        file_index,\n"
        "        case\n"
        "            when line[1] = '{' and line[-1] = '}' then line\n"
        f"            else regexp_replace(line, {literal(around)}, '', 'g')\n"
        "        end as json\n"
        f"    from {reader}\n"
        "    where line <> ''\n"
        ")"
    )
    place = (*file, *UNKNOWN_PLACE)
    query = json_sql(kind, plain.keys, place, "json", lines)
    return f"{query}\nwhere json <> ''" if plain.is_array else query


def json_sql(
    kind: Kind,
    keys: tuple[str, ...],
    place: tuple[str, ...],
    json: str,
    source: str,
) -> str:
    """Return a query that takes the cells out of JSON values.

    If a value is a list or an object, not a text, the cell is null and the
    record has a defect.
    """
    *numbered, defect, raw_text = place
    raw_text = f"coalesce({raw_text}, {json})"
    if kind.has_key:
        defect = (
            f"case when {defect} is not null then {defect} "
            f"when not json_valid({json}) then '{UNPARSEABLE}' "
            f"when {json}[1] <> '{{' then '{NOT_AN_OBJECT}' end"
        )
        place = (*numbered, defect, raw_text)
        # Models take the value apart, which must be JSON for that.
        cell = f"case when json_valid({json}) then {json} end"
        return f"{select_sql(kind, place, [cell])}\nfrom {source}"
    paths = [
        literal('$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"')
        for key in keys
    ]
    all_paths = f"[{', '.join(paths)}]"
    numbers = range(1, len(keys) + 1)
    may_be_nested = " or ".join(
        f"cells[{n}][1] in ('[', '{{')" for n in numbers
    )
    nested = "['ARRAY', 'OBJECT']"
    parsed = (
        "(\n"
        "    select\n"
        "        *,\n"
        f"        case when {may_be_nested}\n"
        f"            then list_has_any(json_type({json}, {all_paths}), "
        f"{nested})\n"
        "            else false\n"
        "        end as is_nested\n"
        "    from (\n"
        "        select\n"
        "            *,\n"
        f"            try(json_extract_string({json}, {all_paths})) as cells\n"
        f"        from {source}\n"
        "    )\n"
        ")"
    )
    cells = [
        f"case when is_nested and json_type({json}, {path}) in "
        f"('ARRAY', 'OBJECT') then null else {without_nul(json, n)} end"
        for n, path in zip(numbers, paths, strict=True)
    ]
    defect = (
        f"case when {defect} is not null then {defect} "
        f"when cells is null then '{UNPARSEABLE}' "
        f"when {json}[1] <> '{{' then '{NOT_AN_OBJECT}' "
        f"when is_nested then '{NOT_A_TEXT}' end"
    )
    place = (*numbered, defect, raw_text)
    return f"{select_sql(kind, place, cells)}\nfrom {parsed}"


def without_nul(json: str, number: int) -> str:
    """Return a cell without the NULs that JSON can write as an escape."""
    return (
        rf"case when contains({json}, '\u0000') "
        f"then replace(cells[{number}], chr(0), '') else cells[{number}] end"
    )


def read_csv_sql(  # noqa: PLR0913 - each is an option of DuckDB's reader
    paths: list[str],
    types: dict[str, str],
    *,
    delimiter: str,
    has_header: bool = False,
    has_quotes: bool = True,
    is_strict: bool = True,
    is_gzip: bool = False,
    max_line_size: int = LINE_BYTES,
    buffer_size: int = BUFFER_BYTES,
) -> str:
    """Return a call of DuckDB's reader that leaves nothing to its guesses."""
    columns = ", ".join(
        f"'{column}': '{told}'" for column, told in types.items()
    )
    files = ", ".join(literal(glob_escaped(path)) for path in paths)
    quote = "'\"'" if has_quotes else "''"
    return (
        "read_csv(\n"
        f"    [{files}],\n"
        "    auto_detect = false,\n"
        f"    header = {str(has_header).lower()},\n"
        f"    delim = {literal(delimiter)},\n"
        f"    quote = {quote},\n"
        f"    escape = {quote},\n"
        f"    strict_mode = {str(is_strict).lower()},\n"
        f"    columns = {{{columns}}},\n"
        "    filename = 'file_path',\n"
        "    hive_partitioning = false,\n"
        f"    compression = '{'gzip' if is_gzip else 'none'}',\n"
        f"    max_line_size = {max_line_size},\n"
        f"    buffer_size = {buffer_size}\n"
        ")"
    )
