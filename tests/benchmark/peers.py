"""Other ways to find names in titles, each in a process of its own.

All get the same folded titles and names, so that words stand between single
blanks, and answer the same question: which names stand in which titles as
whole words. A blank is put at both ends of titles and names, which makes a
search for a text a search for whole words; searches that can report matches
that share a blank are told to.

Two ways cost names x titles. They stop when their time is over, and say how
many names they have done by then.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable

Pairs = tuple[list[int], list[int]]


def _read(folder: Path) -> tuple[pa.Table, pa.Table]:
    return (
        pq.read_table(folder / "titles.parquet"),
        pq.read_table(folder / "names.parquet"),
    )


def _padded(folder: Path) -> tuple[list[int], list[str], list[int], list[str]]:
    titles, names = _read(folder)
    return (
        titles["title_id"].to_pylist(),
        [f" {title} " for title in titles["title"].to_pylist()],
        names["name_id"].to_pylist(),
        [f" {name} " for name in names["name"].to_pylist()],
    )


def _begin() -> float:
    """Say what it cost to get ready, which more names don't make dearer."""
    print(f"ready_cpu={time.process_time()}")
    return time.monotonic()


def pandas_contains(folder: Path, seconds: float) -> Pairs:
    """Search all titles for one name after the other."""
    import pandas as pd

    titles = pd.read_parquet(folder / "titles.parquet")
    names = pd.read_parquet(folder / "names.parquet")
    padded = " " + titles["title"] + " "
    found: Pairs = ([], [])
    done = 0
    begin = _begin()
    for name_id, name in zip(names["name_id"], names["name"], strict=True):
        mentioned = titles["title_id"][
            padded.str.contains(f" {name} ", regex=False)
        ]
        found[0].extend(mentioned)
        found[1].extend([name_id] * len(mentioned))
        done += 1
        if time.monotonic() - begin > seconds:
            break
    print(f"names_done={done}")
    return found


def pandas_sqlite(folder: Path, seconds: float) -> Pairs:
    """Join names and titles with LIKE, ten names at a time."""
    import sqlite3

    import pandas as pd

    names = pd.read_parquet(folder / "names.parquet")
    found: Pairs = ([], [])
    with sqlite3.connect(":memory:") as connection:
        pd.read_parquet(folder / "titles.parquet").to_sql(
            "titles", connection, index=False
        )
        names.to_sql("names", connection, index=False)
        begin = _begin()
        for first in range(0, len(names), 10):
            rows = pd.read_sql(
                "select title_id, name_id from names inner join titles"
                " on ' ' || title || ' ' like '% ' || name || ' %'"
                " where name_id >= ? and name_id < ?",
                connection,
                params=(first, first + 10),
            )
            found[0].extend(rows["title_id"])
            found[1].extend(rows["name_id"])
            if time.monotonic() - begin > seconds:
                break
    print(f"names_done={min(first + 10, len(names))}")
    return found


def polars_extract_many(folder: Path, _seconds: float) -> Pairs:
    """Let polars' own Aho-Corasick find all names at once."""
    import polars as pl

    names = pl.read_parquet(folder / "names.parquet").with_columns(
        padded=pl.lit(" ") + pl.col("name") + " "
    )
    found = (
        pl.read_parquet(folder / "titles.parquet")
        .select(
            "title_id",
            padded=(pl.lit(" ") + pl.col("title") + " ").str.extract_many(
                names["padded"].implode(), overlapping=True
            ),
        )
        .filter(pl.col("padded").list.len() > 0)
        .explode("padded")
        .unique()
        .join(names, on="padded")
    )
    return found["title_id"].to_list(), found["name_id"].to_list()


def pyahocorasick(folder: Path, _seconds: float) -> Pairs:
    """Run an automaton in C over one title after the other."""
    import ahocorasick

    title_ids, titles, name_ids, names = _padded(folder)
    automaton = ahocorasick.Automaton()
    for name_id, name in zip(name_ids, names, strict=True):
        automaton.add_word(name, name_id)
    automaton.make_automaton()
    found: Pairs = ([], [])
    for title_id, title in zip(title_ids, titles, strict=True):
        for name_id in {name_id for _, name_id in automaton.iter(title)}:
            found[0].append(title_id)
            found[1].append(name_id)
    return found


def ahocorasick_rs(folder: Path, _seconds: float) -> Pairs:
    """Run an automaton in Rust over one title after the other."""
    from ahocorasick_rs import AhoCorasick

    title_ids, titles, name_ids, names = _padded(folder)
    automaton = AhoCorasick(names, store_patterns=False)
    found: Pairs = ([], [])
    for title_id, title in zip(title_ids, titles, strict=True):
        matches = automaton.find_matches_as_indexes(title, overlapping=True)
        for place in {match[0] for match in matches}:
            found[0].append(title_id)
            found[1].append(name_ids[place])
    return found


def ahocorasick_rs_in_duckdb(folder: Path, _seconds: float) -> Pairs:
    """Call the automaton in Rust from SQL, on Arrow batches of titles."""
    import duckdb
    from ahocorasick_rs import AhoCorasick

    names = pq.read_table(folder / "names.parquet")
    name_ids = names["name_id"].to_pylist()
    automaton = AhoCorasick(
        [f" {name} " for name in names["name"].to_pylist()],
        store_patterns=False,
    )

    def find_names(titles: pa.ChunkedArray) -> pa.Array:
        return pa.array(
            [
                list(
                    {
                        name_ids[match[0]]
                        for match in automaton.find_matches_as_indexes(
                            title, overlapping=True
                        )
                    }
                )
                for title in titles.to_pylist()
            ],
            type=pa.list_(pa.int32()),
        )

    with duckdb.connect() as connection:
        connection.create_function(
            "find_names", find_names, ["VARCHAR"], "INTEGER[]", type="arrow"
        )
        found = connection.execute(
            "select title_id,"
            " unnest(find_names(' ' || title || ' ')) as name_id"
            " from read_parquet($1)",
            [str(folder / "titles.parquet")],
        ).to_arrow_table()
    return found["title_id"].to_pylist(), found["name_id"].to_pylist()


def flashtext2(folder: Path, _seconds: float) -> Pairs:
    """Run a trie of words; of names that overlap it reports the longest."""
    from flashtext2 import KeywordProcessor

    titles, names = _read(folder)
    processor = KeywordProcessor(case_sensitive=True)
    processor.add_keywords_from_iter(names["name"].to_pylist())
    name_ids = dict(
        zip(
            names["name"].to_pylist(), names["name_id"].to_pylist(), strict=True
        )
    )
    found: Pairs = ([], [])
    for title_id, title in zip(
        titles["title_id"].to_pylist(), titles["title"].to_pylist(), strict=True
    ):
        for name in set(processor.extract_keywords(title)):
            found[0].append(title_id)
            found[1].append(name_ids[name])
    return found


SPARK_SQL = """
with drugs as (
    select name_id, name, split(name, ' ') as name_words from names
),
name_starts as (
    select distinct
        name_words[0] as first_word,
        get(name_words, 1) as second_word,
        size(name_words) as word_count
    from drugs
),
first_words as (select distinct first_word from name_starts),
words as (
    select title_id, title_words, place, word
    from (select title_id, split(title, ' ') as title_words from titles)
    lateral view posexplode(title_words) as place, word
),
starts as (
    select title_id, title_words, word, place, next_word
    from words
    inner join first_words on word = first_word
    lateral view explode(array(get(title_words, place + 1), '')) as next_word
),
phrases as (
    select
        title_id,
        array_join(slice(title_words, place + 1, word_count), ' ') as phrase
    from starts
    inner join name_starts
        on word = first_word and next_word = coalesce(second_word, '')
)
select distinct title_id, name_id
from phrases inner join drugs on phrase = name
"""


def pyspark(folder: Path, _seconds: float) -> Pairs:
    """Run the project's own shape of SQL on Spark, on two cores."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "4g")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )
    for table in ("titles", "names"):
        path = str(folder / f"{table}.parquet")
        spark.read.parquet(path).createOrReplaceTempView(table)
    found = spark.sql(SPARK_SQL).toArrow()
    # The Java process ends before this one, so that its work is counted.
    gateway = SparkContext._gateway
    spark.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()
    return found["title_id"].to_pylist(), found["name_id"].to_pylist()


PEERS: dict[str, Callable[[Path, float], Pairs]] = {
    "pandas_contains": pandas_contains,
    "pandas_sqlite": pandas_sqlite,
    "polars_extract_many": polars_extract_many,
    "pyahocorasick": pyahocorasick,
    "ahocorasick_rs": ahocorasick_rs,
    "ahocorasick_rs_in_duckdb": ahocorasick_rs_in_duckdb,
    "flashtext2": flashtext2,
    "pyspark": pyspark,
}


def main() -> None:
    """Run one peer and keep the pairs that it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=list(PEERS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, required=True)
    arguments = parser.parse_args()
    title_ids, name_ids = PEERS[arguments.peer](
        arguments.folder, arguments.seconds
    )
    pq.write_table(
        pa.table(
            {
                "title_id": pa.array(title_ids, pa.int64()),
                "name_id": pa.array(name_ids, pa.int64()),
            }
        ),
        arguments.folder / f"pairs_{arguments.peer}.parquet",
    )


if __name__ == "__main__":
    main()
