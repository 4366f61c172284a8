"""What a build is measured against, each step in a process of its own.

`floor` reads the raw files as the build does, folds the titles and splits them
into words: no build can do less. `split` does only the latter, over the titles
that a build has cleaned, and `match` runs the project's matching model over
the same titles. `match_folded` is the latter over titles that are folded
already, as peers get them. `reference` matches as plainly as Python can.

All but the last work in the DuckDB file of a build, which has the project's SQL
functions, and change nothing there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

CSV_DIALECT = (
    "auto_detect = false, header = true, delim = ',', quote = '\"', "
    "escape = '\"', strict_mode = true, store_rejects = true"
)


def _columns(*names: str) -> str:
    fields = ", ".join(f"'{name}': 'varchar'" for name in names)
    return f"columns = {{{fields}}}"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def built(root: Path) -> duckdb.DuckDBPyConnection:
    """Open the DuckDB file of a data root to read."""
    return duckdb.connect(str(root / "drug_mentions.duckdb"), read_only=True)


def floor(root: Path) -> str:
    """Read all publications of a data root, fold and split their titles."""
    files = [
        _quoted(root / "raw" / pattern)
        for pattern in (
            "pubmed*.csv*",
            "clinical_trials*.csv*",
            "pubmed*.json*",
        )
    ]
    pubmed = _columns("id", "title", "date", "journal")
    trials = _columns("id", "scientific_title", "date", "journal")
    query = f"""
        select
            sum(len(string_split(fold_text(title), ' '))),
            count(id), count(date), count(journal)
        from (
            from read_csv({files[0]}, {CSV_DIALECT}, {pubmed})
            union all
            from read_csv({files[1]}, {CSV_DIALECT}, {trials})
            union all
            from read_json({files[2]}, {pubmed})
        ) as records
    """
    with built(root) as connection:
        return str(connection.execute(query).fetchall())


def split(root: Path) -> str:
    """Fold and split the titles that a build has cleaned."""
    query = """
        select sum(len(string_split(fold_text(title), ' ')))
        from (
            select title from stg_pubmed_articles where is_usable
            union all
            select title from stg_clinical_trials where is_usable
        ) as titles
    """
    with built(root) as connection:
        return str(connection.execute(query).fetchall())


def match(root: Path, compiled: str) -> str:
    """Run the compiled matching model over what a build has cleaned."""
    with built(root) as connection:
        connection.execute(f"create temp table matched as {compiled}")
        count = connection.execute("select count(*) from matched").fetchall()
    return str(count)


# What the matching model reads, of the titles and names that peers are given.
FOLDED_INPUTS = {
    "stg_raw_files": "select 1::bigint as raw_file_version",
    "stg_pubmed_articles": """
        select
            1::bigint as raw_file_version,
            title_id as title_hash,
            title,
            true as is_usable
        from read_parquet({titles})""",
    "stg_clinical_trials": "from stg_pubmed_articles limit 0",
    "int_drug_names": """
        select
            name_id as folded_name_key,
            name_id as name_key,
            name as folded_name,
            name as written_name,
            1::bigint as names_version
        from read_parquet({names})""",
}


def match_folded(root: Path, compiled: str, folder: Path) -> None:
    """Run the matching model, without its folding, over what peers get."""
    if "fold_text(title)" not in compiled:
        message = "the matching model does not fold the column `title`"
        raise RuntimeError(message)
    compiled = compiled.replace("fold_text(title)", "title")
    with built(root) as connection:
        for name, query in FOLDED_INPUTS.items():
            select = query.format(
                titles=_quoted(folder / "titles.parquet"),
                names=_quoted(folder / "names.parquet"),
            )
            connection.execute(f"create temp view {name} as {select}")
            relation = f'"drug_mentions"."main"."{name}"'
            compiled = compiled.replace(relation, f"temp.{name}")
        connection.execute(
            f"""copy (
                select title_hash as title_id, name_key as name_id
                from ({compiled})
                where name_key is not null
                group by title_id, name_id
            ) to {_quoted(folder / "pairs_match_folded.parquet")}"""
        )


def reference(folder: Path) -> None:
    """Look for every name in every title, one by one."""
    with duckdb.connect() as connection:
        titles = [
            (title_id, f" {title} ")
            for title_id, title in connection.execute(
                "select title_id, title from read_parquet($1)",
                [str(folder / "titles.parquet")],
            ).fetchall()
        ]
        names = connection.execute(
            "select name_id, name from read_parquet($1)",
            [str(folder / "names.parquet")],
        ).fetchall()
    with (folder / "pairs_reference.csv").open("w", encoding="utf-8") as pairs:
        pairs.write("title_id,name_id\n")
        for name_id, name in names:
            padded = f" {name} "
            pairs.writelines(
                f"{title_id},{name_id}\n"
                for title_id, title in titles
                if padded in title
            )


def main() -> None:
    """Run one step from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "step", choices=["floor", "split", "match", "match_folded", "reference"]
    )
    parser.add_argument("--root", type=Path, help="the data root of a build")
    parser.add_argument("--model", type=Path, help="the matching model")
    parser.add_argument("--pairs", type=Path, help="what peers are given")
    arguments = parser.parse_args()
    root, pairs = arguments.root, arguments.pairs
    if arguments.step == "reference":
        reference(pairs)
    elif arguments.step == "floor":
        print(floor(root))
    elif arguments.step == "split":
        print(split(root))
    else:
        model = arguments.model.read_text(encoding="utf-8")
        if arguments.step == "match":
            print(match(root, model))
        else:
            match_folded(root, model, pairs)


if __name__ == "__main__":
    main()
