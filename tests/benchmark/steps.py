"""What a build is measured against, each step in a process of its own.

`floor` reads the raw files as the build does, folds the titles and splits them
into words: no build can do less. `split` does only the latter, over the titles
that a build has cleaned, and `match` runs the project's matching model over
the same titles. `match_folded` is the latter over titles that are folded
already, as peers get them. `reference` matches as plainly as Python can.
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


def floor(root: Path, folded: str) -> str:
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
            sum(len(string_split({folded}, ' '))),
            count(id), count(date), count(journal)
        from (
            from read_csv({files[0]}, {CSV_DIALECT}, {pubmed})
            union all
            from read_csv({files[1]}, {CSV_DIALECT}, {trials})
            union all
            from read_json({files[2]}, {pubmed})
        ) as records
    """
    with duckdb.connect() as connection:
        return str(connection.execute(query).fetchall())


def split(root: Path, folded: str) -> str:
    """Fold and split the titles that a build has cleaned."""
    database = str(root / "drug_mentions.duckdb")
    query = f"""
        select sum(len(string_split({folded}, ' ')))
        from int_publications_united
    """
    with duckdb.connect(database, read_only=True) as connection:
        return str(connection.execute(query).fetchall())


def match(root: Path, compiled: str) -> str:
    """Run the compiled matching model over what a build has cleaned."""
    database = str(root / "drug_mentions.duckdb")
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute(f"create temp table matched as {compiled}")
        count = connection.execute("select count(*) from matched").fetchall()
    return str(count)


def match_folded(folder: Path, compiled: str) -> None:
    """Run the matching model, without its folding, over what peers get."""
    with duckdb.connect() as connection:
        for statement in (
            "attach ':memory:' as drug_mentions",
            "use drug_mentions",
            f"""create view int_publications_united as
            select title_id as raw_file, title_id as publication_hash, title
            from read_parquet({_quoted(folder / "titles.parquet")})""",
            f"""create view int_names as
            select name_id as spelling_key, name as folded_name
            from read_parquet({_quoted(folder / "names.parquet")})""",
            f"""copy (
                select raw_file as title_id, name_key as name_id
                from ({compiled})
                group by title_id, name_id
            ) to {_quoted(folder / "pairs_match_folded.parquet")}""",
        ):
            connection.execute(statement)


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
    parser.add_argument("folder", type=Path)
    parser.add_argument("sql", type=Path, nargs="?")
    arguments = parser.parse_args()
    if arguments.step == "reference":
        reference(arguments.folder)
        return
    if arguments.step == "match_folded":
        match_folded(
            arguments.folder, arguments.sql.read_text(encoding="utf-8")
        )
        return
    step = {"floor": floor, "split": split, "match": match}[arguments.step]
    print(step(arguments.folder, arguments.sql.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
