"""JSON of any shape, and what is wrong with JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from both_ways import inspect_only, read, read_both_ways
from raw_files.json_lines import object_lines
from raw_files.json_text import FLAT_OBJECT, repaired
from raw_files.json_values import Walker
from raw_files.refusals import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = '{"id":1,"title":"Aspirin","date":"2020-01-02","journal":"J"}'
CELLS = ("1", "Aspirin", "2020-01-02", "J")
STUDY = '{"protocolSection":{"a":1}}'
DEEP = "[" * 5_000 + "]" * 5_000


def good(number: int) -> str:
    """Give a record of its own number."""
    return GOOD.replace('"id":1', f'"id":{number}')


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ("[]", 0),
        (" [ ] ", 0),
        ('{"articles": []}', 0),
        (f"[{GOOD}]", 1),
        (f"[{GOOD},\n ]", 1),
        (GOOD, 1),
        (GOOD.replace(",", ",\n"), 1),
        (f"[\n{GOOD}\n{GOOD}\n]", 2),
        (f"[{GOOD},\n{GOOD},\n]\n", 2),
        (f"{GOOD},\n{GOOD},\n", 2),
        (f"{GOOD}{GOOD} {GOOD}", 3),
        (f'{{"n":{{"x":[1,2]}},"articles":[{GOOD},{GOOD}],"z":[[]]}}', 2),
        (f'{{"a":[{{"x":1}}],"response":{{"docs":[{GOOD}]}}}}', 1),
        (f'{{"articles":[\n{GOOD},\n{GOOD}\n]}}', 2),
        (f'{{"a":[{GOOD}]}}\n{{"a":[{GOOD}]}}\n', 2),
        (f"// made by hand\n[{GOOD}, // first\n/* [ */ {GOOD}]", 2),
        (GOOD.replace('"J"}', '"J",}') + "\n", 1),
        (f'[{{"x":{DEEP},{GOOD[1:]}]', 1),
        (f'{{"articles":[{GOOD},],}}', 1),
    ],
)
def test_records_are_found_in_any_layout(
    tmp_path: Path, content: str, count: int
) -> None:
    found = read_both_ways(tmp_path, {"pubmed.json": content})
    assert found.cells() == [CELLS] * count
    assert found.defects() == []


def test_keys_are_found_whatever_their_case_and_order(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.json": '[{"Journal":"J","TITLE":"A","Id":1,"date":null,"x":[]}]',
        "b.json": '[{"title":"A","Title":"B","id":1,"date":"","journal":"J"}]',
    }
    found = read_both_ways(tmp_path, files)
    assert found.cells("raw/a.json") == [("1", "A", None, "J")]
    # A key that is spelt as the column is counts.
    assert found.cells("raw/b.json") == [("1", "A", "", "J")]


def test_a_broken_line_is_lost_alone(tmp_path: Path) -> None:
    bad = [
        '{"id":2',
        "rubbish",
        "null",
        f"[{GOOD}]",
        '"text"',
        '{"a":"\\ud800"}',
    ]
    content = "\n".join([good(1), *bad, "", f"{good(2)},"])
    found = read_both_ways(tmp_path, {"pubmed.json": content})
    assert [cells[0] for cells in found.cells()] == ["1", "2"]
    assert found.defects() == [
        ("unparseable_row", '{"id":2'),
        ("unparseable_row", "rubbish"),
        ("not_an_object", "null"),
        ("not_an_object", f"[{GOOD}]"),
        ("not_an_object", '"text"'),
        ("unparseable_row", '{"a":"\\ud800"}'),
    ]


def test_a_broken_first_line_is_lost_alone(tmp_path: Path) -> None:
    """However few good lines there are."""
    broken = '{"id":0,"title'
    for ids in ((1, 2, 3), (1,)):
        content = "\n".join([broken, *map(good, ids), broken])
        found = read_both_ways(tmp_path, {"pubmed.json": content})
        assert [cells[0] for cells in found.cells()] == [str(n) for n in ids]
        assert found.defects() == [("unparseable_row", broken)] * 2


def test_a_broken_line_of_an_array_of_lines_is_lost_alone(
    tmp_path: Path,
) -> None:
    broken = GOOD.replace('"Aspirin"', '"Aspirin" x')
    content = f"[\n{good(1)},\n{broken},\n{good(2)}\n]\n"
    found = read_both_ways(tmp_path, {"pubmed.json": content})
    assert [cells[0] for cells in found.cells()] == ["1", "2"]
    assert found.defects() == [("unparseable_row", broken)]


NESTED = GOOD.replace('"J"}', '"J","authors":[{"a":"{"},{"b":"x\\\\\\""}]}')
PRETTY = json.dumps(json.loads(NESTED), indent=1)


@pytest.mark.parametrize(
    "joined",
    [
        f"{GOOD}{GOOD}",
        f"{GOOD}, {GOOD}",
        f"{NESTED} {NESTED}",
        f"{GOOD}\n\ufeff{GOOD}",
        f"\ufeff{GOOD}{PRETTY}",
        f"{PRETTY}\n{GOOD}",
        GOOD.replace(",", ",\n") + f"\n{GOOD}",
        json.dumps([json.loads(NESTED)] * 2, indent=0)[1:-1],
        f"{GOOD[:-1]},\n}}\n{GOOD}",
        f'{GOOD[:-1]},"x":[\n{{"y":1}},\n{{"y":2}},\n]}}\n{GOOD}',
    ],
)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_records_need_no_line_of_their_own(
    tmp_path: Path, joined: str, place: int
) -> None:
    """Wherever they stand among others that have one."""
    texts = [GOOD, NESTED, GOOD, NESTED]
    texts.insert(place, joined)
    comma = [text.replace("}{", "},{").replace("} {", "},{") for text in texts]
    array = ",\n".join(
        text.replace("}\n{", "},{").replace("\n\ufeff", ",\n\ufeff")
        for text in comma
    )
    found = read_both_ways(
        tmp_path,
        {
            "a.ndjson": "\n".join(texts),
            "b.json": f"[\n{array}\n]\n",
            "c.json": f"[{array}]",
        },
    )
    for name in found.files:
        assert found.cells(name) == [CELLS] * 6, name
        assert found.defects(name) == []


def test_records_that_are_joined_are_read_beside_broken_lines(
    tmp_path: Path,
) -> None:
    cut = [GOOD[:20], GOOD[:-1], GOOD[:9], GOOD[:22] + "}", '"journal":"J"}']
    content = [f"{GOOD}{GOOD}", *cut, PRETTY, GOOD, cut[0], f"{GOOD}{GOOD}"]
    content += [GOOD] * 40
    found = read_both_ways(tmp_path, {"pubmed.json": "\n".join(content)})
    assert found.cells() == [CELLS] * 46
    assert found.defects() == [
        ("unparseable_row", text) for text in [*cut, cut[0]]
    ]


def test_a_broken_record_swallows_no_other(tmp_path: Path) -> None:
    """Where a quote is missing, a later one may close it by chance."""
    quoted = GOOD.replace("Aspirin", 'A \\"q')
    cut = GOOD[:22]
    inner = GOOD.replace('"J"}', '"J","x":[\n{"y":1},\n{"y":2}]}')
    broken = inner.replace('"Aspirin"', '"Aspirin" x')
    texts = [PRETTY, cut, quoted, broken, inner, PRETTY]
    found = read_both_ways(
        tmp_path,
        {
            "a.json": f"[{f',{chr(10)}'.join(texts)}]",
            "b.json": '{"a":[\n' + ",\n".join(texts) + "\n]}",
        },
    )
    for name in found.files:
        assert len(found.cells(name)) == 4, name
        assert found.defects(name) == [
            ("unparseable_row", cut),
            ("unparseable_row", broken),
        ]


def test_a_broken_object_of_many_lines_is_one_record(tmp_path: Path) -> None:
    broken = PRETTY.replace('"Aspirin"', '"Aspirin" x')
    split = GOOD.replace("Aspirin", "Aspi\nrin")
    content = "\n".join([GOOD, split, GOOD, broken, GOOD])
    found = read_both_ways(tmp_path, {"pubmed.json": content})
    assert found.cells() == [CELLS] * 3
    assert found.defects() == [
        ("unparseable_row", split),
        ("unparseable_row", broken),
    ]


@pytest.mark.parametrize("joined", [f"{GOOD}, {GOOD}", PRETTY.strip()])
@pytest.mark.parametrize("place", [0, 5_000, 20_000])
def test_large_files_may_have_records_of_another_layout(
    tmp_path: Path, joined: str, place: int
) -> None:
    texts = [GOOD] * 20_000
    texts.insert(place, joined)
    array = ",\n".join(texts)
    count = 20_000 + joined.count('"id"')
    found = read(
        tmp_path,
        {"a.json": f"[\n{array}\n]", "b.json": "\n".join(texts)},
        1_000_000,
    )
    for name in ("raw/a.json", "raw/b.json"):
        assert found.cells(name) == [CELLS] * count


def test_broken_lines_cost_no_more_than_their_text() -> None:
    """What follows a broken line is not looked at again and again."""
    lines = ['{"a":[1,', '{"b":1},'] * 2_000
    texts = [text for _, text in object_lines(["[", *lines], "array lines")]
    assert len(texts) == len(lines)


@pytest.mark.parametrize(
    "content",
    [
        '{"2019":[%s],"2020":[%s]}',
        '{"published":[3,%s],"x":[{"id":1}],"in press":[null,%s]}',
        '{"r":{"2019":{"articles":[%s]},"2020":{"articles":[%s]}}}',
        '{"articles":[%s],"next":{"articles":[%s]}}',
        '{"next":{"articles":[%s]},"articles":[%s]}',
        '{"a":[%s]}\n{"b":[%s]}',
        '{"a":[%s]}\n[%s]',
    ],
)
def test_all_lists_of_records_are_read(tmp_path: Path, content: str) -> None:
    files: dict[str, str | bytes] = {}
    for number, record in enumerate((GOOD, NESTED, STUDY)):
        for padding in (0, 1_100_000):
            second = f"{' ' * padding}{record}"
            files[f"{number}_{padding}.json"] = content % (record, second)
    found = read_both_ways(tmp_path, files)
    for name in found.files:
        assert len(found.cells(name)) == 2, name
        assert len({cells[:3] for cells in found.cells(name)}) == 1, name
        assert {defect for defect, _ in found.defects(name)} <= {
            "not_an_object"
        }


def test_lists_of_two_kinds_are_refused(tmp_path: Path) -> None:
    trial = GOOD.replace("title", "scientific_title")
    content = f'{{"a":[{GOOD}],\n"b":{{"trials":[{trial}]}}}}'
    with pytest.raises(RefusedError) as refusal:
        inspect_only(tmp_path, {"pubmed.json": content})
    assert str(refusal.value) == (
        "raw/pubmed.json, line 2: the list b.trials holds records of "
        "clinical_trials, the list a records of pubmed. Write each list into a "
        "file of its own."
    )


def test_values_that_are_no_objects_are_put_aside(tmp_path: Path) -> None:
    bad = ["3", "true", "[]", "null", '""', '"{}"', f"[{GOOD}]", "rubbish"]
    content = f"[{','.join([GOOD, *bad])}]"
    found = read_both_ways(tmp_path, {"pubmed.json": content})
    assert found.cells() == [CELLS]
    assert found.defects() == [("not_an_object", text) for text in bad[:-1]] + [
        ("unparseable_row", "rubbish")
    ]


@pytest.mark.parametrize("nested", ['["A"]', '{"en":"A"}'])
def test_a_list_or_object_is_no_text(tmp_path: Path, nested: str) -> None:
    record = GOOD.replace('"Aspirin"', nested)
    bracket = GOOD.replace("Aspirin", "[Aspirin in French]")
    found = read_both_ways(
        tmp_path,
        {
            "a.json": f"[{record},{bracket}]",
            "b.jsonl": f"{record}\n{bracket}\n",
        },
    )
    for name in ("raw/a.json", "raw/b.jsonl"):
        assert found.defects(name) == [("not_a_text", record)]
        assert found.rows[name][0][4:] == ("1", None, "2020-01-02", "J")
        assert found.cells(name) == [
            ("1", "[Aspirin in French]", "2020-01-02", "J")
        ]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("NaN", None),
        ("-Infinity", None),
        ("null", None),
        ('"NaN"', "NaN"),
        ("9", "9"),
        ("9007199254740993", "9007199254740993"),
        ("1234567890" * 4, "1234567890" * 4),
        ("true", "true"),
        ('"0011"', "0011"),
        ('"a\\u0000b"', "ab"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"http://x/*"', "http://x/*"),
        ('"a // b"', "a // b"),
    ],
)
def test_values_are_read_as_text(
    tmp_path: Path, value: str, cell: str | None
) -> None:
    record = GOOD.replace('"id":1', f'"id":{value}')
    files: dict[str, str | bytes] = {
        "a.json": f"[{record}]",
        "b.json": f"{record}\n{record}\n",
    }
    found = read_both_ways(tmp_path, files)
    for name in ("raw/a.json", "raw/b.json"):
        assert {cells[0] for cells in found.cells(name)} == {cell}


@pytest.mark.parametrize(
    "study",
    [
        {"protocolSection": {"a": 1}, "hasResults": False},
        {
            "derivedSection": {"b": [{"id": 1, "title": 2}]},
            "protocolSection": {},
        },
    ],
)
def test_studies_are_told_by_their_structure(
    tmp_path: Path, study: dict[str, Any]
) -> None:
    files: dict[str, str | bytes] = {
        "a.json": json.dumps([study, study], indent=1),
        "b.json": json.dumps({"totalCount": 2, "studies": [study, study]}),
        "c.jsonl": f"{json.dumps(study)}\n" * 2,
        "d.json": json.dumps({"studies": []}),
    }
    found = read_both_ways(tmp_path, files)
    assert {row.kind for row in found.files.values()} == {"ctgov_json"}
    for name in ("raw/a.json", "raw/b.json", "raw/c.jsonl"):
        texts = [cells[0] for cells in found.cells(name)]
        assert [json.loads(text or "") for text in texts] == [study, study]
    assert found.cells("raw/d.json") == []


@pytest.mark.parametrize(
    "broken",
    [
        STUDY[:25],
        STUDY.replace("1", '"a\tb"'),
        STUDY.replace("1", '"\\ud800"'),
        STUDY.replace("1", '"\\x41"'),
        STUDY.replace("1", "undefined"),
        STUDY.replace("1", "01"),
        "Done.",
    ],
)
def test_a_broken_study_is_lost_alone(tmp_path: Path, broken: str) -> None:
    """Models take it apart: what they get must be JSON."""
    files: dict[str, str | bytes] = {
        "a.ndjson": f"{STUDY}\n{broken}\n{STUDY}\n",
        "b.json": f"[\n{STUDY},\n{STUDY},\n{broken},\n{STUDY},\n{STUDY}\n]\n",
    }
    if broken != STUDY[:25]:
        files["c.json"] = f'{{"studies":[{STUDY},{broken}, {STUDY}]}}'
    found = read_both_ways(tmp_path, files)
    for name in found.files:
        assert set(found.cells(name)) == {(STUDY,)}
        assert found.defects(name) == [("unparseable_row", broken)]
        assert [row[4] for row in found.rows[name] if row[2]] == [None]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f"[{GOOD},{GOOD[:30]}", "line 1: not valid JSON: it is cut off"),
        (f"[\n{GOOD},\n,{GOOD}]", "line 3: not valid JSON: nothing stands in"),
        (f"[{GOOD}]\n[{GOOD}]", "line 2: not valid JSON: text stands behind"),
        (f"[{GOOD}] x", "text stands behind the array"),
        ("[" * 5_000, "not valid JSON: it is cut off"),
        ("", "let it hold []"),
        (" \r\n\t", "let it hold []"),
        ("null", "The records must be objects"),
        ("[3]", "The records must be objects"),
        (DEEP, "The records must be objects"),
        (f"var found = [{GOOD}];", "it begins with 'var found = [{"),
        (f"\n# mine\n[{GOOD}]", "it begins with '# mine'. The records must"),
        (str([json.loads(GOOD)]), "no record has a key in double quotes"),
        ('[{id: 1, title: "A"}]', "no record has a key in double quotes"),
        ('[{"id":1,"title":"A","date":""}]', "no record has the key journal"),
        ('{"a":[{"id":1,"title":"A"}]}', "no record has the key date, journal"),
        ('{"id":{"0":1},"title":{"0":"A"},"date":{},"journal":{}}', "orient"),
        ('{"id":[1],"title":["A"],"date":[""],"journal":["J"]}', "orient"),
        ('{"columns":["id"],"index":[0],"data":[[1]]}', "orient='records'"),
        ("<html>429</html>", "a web page"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        inspect_only(tmp_path, {"pubmed.json": content})
    assert "raw/pubmed.json" in str(refusal.value)
    assert told in str(refusal.value)


def test_an_element_that_is_not_utf8_is_put_aside(tmp_path: Path) -> None:
    broken = GOOD.encode().replace(b"Aspirin", b"Aspirin \xe9")
    other = good(2).replace("Aspirin", "é").encode()
    content = b"[" + broken + b"," + other + b"]"
    found = read_both_ways(tmp_path, {"pubmed.json": content})
    assert found.cells() == [("2", "é", "2020-01-02", "J")]
    [(defect, raw_text)] = found.defects()
    assert defect == "unparseable_row"
    assert "Aspirin \ufffd" in (raw_text or "")


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    content = f'{{\n"a": [\n\n{good(1)},\n\n\n{good(2)}, {{\n"id":3}}]}}'
    found = read(tmp_path, {"pubmed.json": content})
    assert found.lines() == [4, 7, 7]


def test_a_walker_may_be_fed_byte_by_byte() -> None:
    text = (
        f'// x\n{{"b":[3],"a":[{GOOD}, {{"x":"]\\"}}"}} ,/*,*/ "é"]}}'.encode()
    )
    walker = Walker("f", wants_lists=True)
    found = []
    for place in range(len(text)):
        found.extend(walker.feed(text[place : place + 1]))
    found.extend(walker.finish())
    assert [element.text.decode() for element in found] == [
        "3",
        GOOD,
        '{"x":"]\\"}"}',
        '"é"',
    ]
    assert {element.line for element in found} == {2}


def test_flat_objects_are_objects_without_others() -> None:
    for text, is_flat in {
        f" {GOOD} ,": True,
        '{"a":"{[/"},': True,
        '{"a":[]},': False,
        '{"a":1 /* x */},': False,
        '{"a":1}': False,
    }.items():
        assert (FLAT_OBJECT.match(text.encode()) is not None) is is_flat, text


def test_words_for_numbers_are_null_outside_of_texts() -> None:
    text = '{"NaN": "NaN, \\"Infinity", "b": NaN, "c": [-Infinity]}'
    assert json.loads(repaired(text)) == {
        "NaN": 'NaN, "Infinity',
        "b": None,
        "c": [None],
    }
