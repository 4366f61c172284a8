"""Generates a data root of any size: raw files as people would drop them.

DuckDB does the work, one file at a time, so memory does not grow with the
corpus. All that looks random is a hash of a record's number and the seed: the
same arguments give the same records.

The titles do not depend on the drug list. They mention names of the longest
list, those at its top most often, and a shorter list is the top of a longer
one, so that lists of several lengths can be measured on the same titles.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

VOCABULARY = 200_000
LONGEST_LIST = 100_000
MOST_FRAGMENTS = 1 << 19
SPELLINGS = 1 << 17
JOURNALS = 5_000

# At most 250,000 records a file, about 50 MB as JSON; a small corpus is split
# over as many kinds of files as a large one.
LARGEST_FILE = 250_000
FEWEST_FILES = 20

SYLLABLES = """
create or replace macro syllable(number) as
    substr('bcdfghklmnprstvz', (number & 15)::int + 1, 1)
    || substr('aeiouaeo', ((number >> 4) & 7)::int + 1, 1)
    || case (number >> 7) & 7
        when 0 then 'n' when 1 then 'r' when 2 then 's' when 3 then 'x'
        else ''
    end;

create or replace macro stem(number) as
    syllable(number) || syllable(number >> 10)
    || case when (number >> 40) % 3 > 0 then syllable(number >> 20) else '' end
    || case when (number >> 42) % 4 = 0 then syllable(number >> 30) else '' end;

-- Between 0 and 1, the same for the same number.
create or replace macro chance(number) as
    (hash(number) >> 11)::double / (1::ubigint << 53)::double;

-- Zipf's law: the chance of a rank falls with the rank.
create or replace macro zipf_rank(number, ranks) as
    least(exp(chance(number) * ln(ranks + 1))::bigint, ranks);
"""

# What titles are made of. The most frequent words are English ones that say
# nothing. Fragments of three words carry the punctuation.
WORDS = """
create or replace temp table vocabulary as
select row_number() over (order by number) as word_rank, word
from (
    select number, word
    from (
        select
            unnest(['of', 'the', 'in', 'and', 'a', 'with', 'for', 'on', 'to',
                'by', 'from', 'patients', 'after', 'effects', 'acute', 'study',
                'acid', 'treatment', 'cell', 'human']) as word,
            generate_subscripts(range(20), 1) - 21 as number
        union all
        select stem(hash(range, $seed, 'word')), range
        from range({candidates})
    )
    qualify row_number() over (partition by word order by number) = 1
    order by number
    limit {vocabulary}
);

create or replace temp table fragments as
with drawn as (
    select
        range as number,
        hash(range, $seed, 'fragment') as dice,
        unnest([0, 1, 2]) as place,
        zipf_rank(range * 3 + place + $seed * 1000003, {vocabulary})
            as word_rank
    from range({fragments})
),

written as (
    select
        drawn.number,
        drawn.dice % 1000 as dice,
        max(vocabulary.word) filter (where drawn.place = 0) as one,
        max(vocabulary.word) filter (where drawn.place = 1) as two,
        max(vocabulary.word) filter (where drawn.place = 2) as three
    from drawn
    inner join vocabulary using (word_rank)
    group by drawn.number, drawn.dice
)

select
    number::int as number,
    case
        when dice < 100 then one || ', ' || two || ' ' || three
        when dice < 160 then one || ' ' || two || '-' || three
        when dice < 200 then one || ' (' || two || ') ' || three
        when dice < 230 then one || ' ' || two || ': ' || three
        when dice < 250 then one || ' ' || upper(two) || ' ' || three
        when dice < 270 then one || ' ' || number % 90 || ' ' || three
        when dice < 274
            then one || ' ' || two || ' ' || chr(8211) || ' ' || three
        when dice < 277
            then one || ' ' || replace(two, 'e', 'é') || ' ö' || three
        when dice < 278 then one || ' β-' || two || ' ' || three
        when dice < 280 then one || ' <i>' || two || '</i> ' || three
        else one || ' ' || two || ' ' || three
    end as fragment
from written;

create or replace temp table journals as
select
    range::int as number,
    case range % 4
        when 0 then 'Journal of ' when 1 then 'Annals of '
        when 2 then 'The ' else 'Archives of '
    end || upper(left(stem, 1)) || substr(stem, 2)
    || case when range % 3 = 0 then ' Research, Part B' else '' end
    || case when range % 50 = 0 then ' für Ärzte' else '' end as journal
from (select range, stem(hash(range, $seed, 'journal')) as stem
      from range({journals}));
"""

# A tenth has a hyphen, a quarter several words, of which many share a frequent
# first word.
NAMES = """
create or replace temp table names as
with candidates as (
    select
        range as number,
        hash(range, $seed, 'kind') % 1000 as dice,
        stem(hash(range, $seed, 'one')) as one,
        stem(hash(range, $seed, 'two')) as two,
        ['ine', 'ol', 'mab', 'pril', 'statin', 'azole', 'cillin', 'oxacin',
         'idine', 'amide'][(hash(range, $seed, 'ending') % 10)::int + 1]
            as ending,
        ['acid', 'sodium', 'human', 'insulin', 'acute', 'calcium', 'cell',
         'the'][(hash(range, $seed, 'first') % 8)::int + 1] as frequent,
        ['acid', 'acetate', 'hydrochloride', 'sulfate', 'sodium']
            [(hash(range, $seed, 'last') % 5)::int + 1] as salt
    from range({candidates})
),

named as (
    select
        number,
        case
            when dice < 5 then replace(one, 'e', 'é') || 'é' || ending
            when dice < 40 then number % 9 + 1 || '-' || one || ending
            when dice < 100 then one || '-' || two || ending
            when dice < 180 then one || ending || ' ' || salt
            when dice < 270 then frequent || ' ' || one || ending
            when dice < 310 then frequent || ' ' || one || ending || ' ' || salt
            when dice < 330
                then one || ending || ' ' || two || ' ' || salt || ' ' || number
                    % 9
            else one || ending
        end as name
    from candidates
    qualify row_number() over (partition by name order by number) = 1
)

select row_number() over (order by number) as name_rank, name
from named
order by number
limit {longest};

create or replace temp table spellings as
with drawn as (
    select
        range as number,
        hash(range, $seed, 'spelling') % 100 as dice,
        zipf_rank(range + $seed * 7919 + 17, {longest}) as name_rank
    from range({spellings})
)

select
    drawn.number::int as number,
    case
        when dice < 25 then upper(left(name, 1)) || substr(name, 2)
        when dice < 40 then upper(name)
        when dice < 50 then replace(name, '-', ' ')
        when dice < 60 then replace(name, ' ', '-')
        when dice < 70 then '(' || name || ')'
        when dice < 75 then name || ','
        else name
    end as mention,
    case when dice < 50 then 'nor' || name else name || 'ase' end as confusable
from drawn
inner join names using (name_rank);
"""

# Every two hundredth record is its neighbour again: half of them as it is, and
# half with what the neighbour lacks, which then has no journal.
RECORDS = """
select
    {columns}
from (
    select
        numbers.number,
        numbers.is_copy,
        numbers.is_split,
        numbers.dice,
        case
            when numbers.dice % 100 = 7 or numbers.is_copy and numbers.is_split
                then ''
            else {prefix} (10000000 + numbers.original)::varchar
        end as id,
        case
            when numbers.dice % 1000 = 9 then '  '
            else upper(left(one.fragment, 1)) || substr(one.fragment, 2) || ' '
                || two.fragment || ' '
                || case
                    when numbers.mention_dice < 200
                        then spellings.mention || ' '
                    when numbers.mention_dice < 230
                        then spellings.confusable || ' '
                    else ''
                end
                || three.fragment || ' ' || four.fragment
                || case
                    when numbers.dice % 3000 = 11 then ' in ni\\xc3\\xb1os'
                    when numbers.dice % 3 = 0 then ''
                    when numbers.dice % 31 = 0 then '?'
                    else '.'
                end
        end as title,
        case
            when numbers.dice % 2000 = 3 then 'in press'
            when numbers.dice % 200 = 5 then ''
            when numbers.dice % 3 = 0 then strftime(numbers.day, '%Y-%m-%d')
            when numbers.dice % 3 = 1 then strftime(numbers.day, '%d/%m/%Y')
            else strftime(numbers.day, '%-d %B %Y')
        end as date,
        case
            when numbers.is_split and not numbers.is_copy then ''
            else journals.journal
        end as journal
    from (
        select
            range as number,
            range % 200 = 199 as is_copy,
            range % 400 in (198, 199) as is_split,
            case when is_copy then range - 1 else range end as original,
            hash(original, $seed) as dice,
            (dice >> 40) % 1000 as mention_dice,
            date '1990-01-01' + (dice >> 20 & 8191)::int as day,
            (hash(original, $seed, 1) & {fragment_mask})::int as first,
            (hash(original, $seed, 2) & {fragment_mask})::int as second,
            (hash(original, $seed, 3) & {fragment_mask})::int as third,
            (hash(original, $seed, 4) & {fragment_mask})::int as fourth,
            (hash(original, $seed, 5) & {spelling_mask})::int as spelling,
            zipf_rank(original + $seed * 31, {journals})::int - 1 as journal
        from range({first_record}, {behind})
    ) as numbers
    left join fragments as one on numbers.first = one.number
    left join fragments as two on numbers.second = two.number
    left join fragments as three on numbers.third = three.number
    left join fragments as four on numbers.fourth = four.number
    left join spellings on numbers.spelling = spellings.number
    left join journals on numbers.journal = journals.number
) as records
"""

CSV = "format csv, header true"
ARRAY = "format json, array true"
LINES = "format json"

# Of twenty files sixteen are PubMed's CSV, three its JSON, one holds trials.
KINDS = {
    14: ("pubmed_{}.csv.gz", f"{CSV}, compression gzip"),
    15: ("pubmed_{}.csv.gz", f"{CSV}, compression gzip"),
    16: ("pubmed_{}.json", ARRAY),
    17: ("pubmed_{}.json", LINES),
    18: ("pubmed_{}.json", ARRAY),
    19: ("clinical_trials_{}.csv", CSV),
}
PUBMED_CSV = ("pubmed_{}.csv", CSV)


def write_drugs(root: Path, names: int, seed: int = 1) -> None:
    """Write the top of the longest drug list; 1 % stands on two ATC codes."""
    if names > LONGEST_LIST:
        message = f"the longest list has {LONGEST_LIST} names"
        raise ValueError(message)
    with duckdb.connect() as connection:
        _make_names(connection, seed)
        raw_file = _raw_file(root, "drugs.csv")
        connection.execute(
            f"""copy (
                select
                    chr((65 + hash(name_rank, copy, 1) % 22)::int)
                    || lpad((hash(name_rank, copy, 2) % 16)::varchar, 2, '0')
                    || chr((65 + hash(name_rank, copy, 3) % 26)::int)
                    || chr((65 + hash(name_rank, copy, 4) % 26)::int)
                    || lpad((hash(name_rank, copy, 5) % 60)::varchar, 2, '0')
                        as atccode,
                    upper(name) as drug
                from names
                cross join range(2) as copies (copy)
                where name_rank <= {names}
                    and (copy = 0 or name_rank % 100 = 50)
                order by name_rank, copy
            ) to '{raw_file}' ({CSV})"""
        )


def write_publications(
    root: Path, titles: int, seed: int = 1, behind: int = 0
) -> None:
    """Write files of all kinds with `titles` records in all.

    They come behind the first `behind` records, which are in other files.
    """
    fragments = 1024
    while fragments < min(behind + titles, MOST_FRAGMENTS):
        fragments *= 2
    vocabulary = min(VOCABULARY, 1_000 + 2 * (behind + titles))
    per_file = min(LARGEST_FILE, -(-titles // FEWEST_FILES)) or 1
    with duckdb.connect() as connection:
        _make_names(connection, seed)
        for statement in WORDS.format(
            candidates=2 * vocabulary,
            vocabulary=vocabulary,
            fragments=fragments,
            journals=JOURNALS,
        ).split(";\n"):
            _execute(connection, statement, seed)
        # The numbers are looked up in the fragments, not the other way round:
        # their order is the order in the file.
        connection.execute(
            "set disabled_optimizers = 'join_order,build_side_probe_side'"
        )
        for file_number in range(-(-titles // per_file)):
            name, options = KINDS.get(file_number % 20, PUBMED_CSV)
            is_trial = name.startswith("clinical_trials")
            identifier = (
                "try_cast(id as bigint) as id" if options == ARRAY else "id"
            )
            title = "title as scientific_title" if is_trial else "title"
            records = RECORDS.format(
                columns=f"{identifier}, {title}, date, journal",
                prefix="'NCT' ||" if is_trial else "",
                fragment_mask=fragments - 1,
                spelling_mask=SPELLINGS - 1,
                journals=JOURNALS,
                first_record=behind + file_number * per_file,
                behind=behind + min((file_number + 1) * per_file, titles),
            )
            label = (
                f"{behind}_{file_number:04}" if behind else f"{file_number:04}"
            )
            raw_file = _raw_file(root, name.format(label))
            _execute(
                connection,
                f"copy ({records}) to '{raw_file}' ({options})",
                seed,
            )


def generate(root: Path, titles: int, names: int, seed: int = 1) -> None:
    """Write a whole data root: a drug list and publications."""
    write_drugs(root, names, seed)
    write_publications(root, titles, seed)
    for name, content in {
        "pubmed_none.csv": "id,title,date,journal\n",
        "pubmed_none.json": "[]\n",
        "clinical_trials_none.csv": "id,scientific_title,date,journal\n",
    }.items():
        (root / "raw" / name).write_text(content, encoding="utf-8")


def _make_names(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    connection.execute(SYLLABLES)
    for statement in NAMES.format(
        candidates=2 * LONGEST_LIST,
        longest=LONGEST_LIST,
        spellings=SPELLINGS,
    ).split(";\n"):
        _execute(connection, statement, seed)


def _execute(
    connection: duckdb.DuckDBPyConnection, statement: str, seed: int
) -> None:
    if statement.strip():
        # COPY takes no parameters.
        connection.execute(statement.replace("$seed", str(seed)))


def _raw_file(root: Path, name: str) -> str:
    folder = root / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / name).replace("'", "''")


def main() -> None:
    """Write a data root from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--titles", type=int, default=1_000_000)
    parser.add_argument("--names", type=int, default=LONGEST_LIST)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generate(arguments.root, arguments.titles, arguments.names, arguments.seed)


if __name__ == "__main__":
    main()
