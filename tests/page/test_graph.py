"""The graph opens in graph tools, whatever its labels are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from pages import Mention, World, content, rows

if TYPE_CHECKING:
    from pathlib import Path

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Make a place for the graph."""
    return tmp_path / "mention_graph.graphml"


def write(file: Path, world: World) -> str:
    """Write the graph of these mentions, and return it."""
    text = content("mention_graph", world)
    file.write_text(text, encoding="utf-8")
    return text


def nodes(graph: Any) -> dict[str, set[str]]:  # noqa: ANN401 - networkx's
    """Labels by kind."""
    found: dict[str, set[str]] = {}
    for _, node in graph.nodes(data=True):
        found.setdefault(node["kind"], set()).add(node["label"])
    return found


def test_graph_opens_in_networkx(file: Path, some: World) -> None:
    networkx = pytest.importorskip("networkx")
    write(file, some)
    graph = networkx.read_graphml(file)
    found = nodes(graph)
    assert found["drug"] == {
        "BETAMETHASONE",
        "ETHANOL",
        "METHYL PREDNISOLONE",
        "TETRACYCLINE",
    }
    assert found["journal"] == {
        "Alder Journal of Dermatology",
        "Annals of Harbour Medicine",
    }
    assert len(found["publication"]) == 5
    mentioned = [
        (
            graph.nodes[drug]["label"],
            graph.nodes[other]["label"],
            edge.get("date"),
        )
        for drug, other, edge in graph.edges(data=True)
        if edge["relation"] == "mentioned_in"
    ]
    assert len(mentioned) == 6
    assert ("ETHANOL", "Ethanol in mice", "2020-01-01") in mentioned
    assert ("TETRACYCLINE", "Tetracycline, some day", None) in mentioned
    drug = next(
        node
        for node in graph.nodes.values()
        if node["label"] == "BETAMETHASONE"
    )
    assert drug["atc_codes"] == "D07AC H02AB"


def test_graph_opens_in_igraph(file: Path, some: World) -> None:
    igraph = pytest.importorskip("igraph")
    write(file, some)
    graph = igraph.Graph.Read_GraphML(str(file))
    assert graph.is_directed()
    assert graph.vcount() == 4 + 2 + 5
    assert graph.ecount() == 6 + 4
    assert set(graph.vs["kind"]) == {"drug", "journal", "publication"}


def test_form_is_what_gephi_and_cytoscape_read(file: Path, some: World) -> None:
    write(file, some)
    root = ET.parse(file).getroot()  # noqa: S314 - our own file
    keys = {key.attrib["id"]: key.attrib for key in root.iter(f"{GRAPHML}key")}
    identifiers = [node.attrib["id"] for node in root.iter(f"{GRAPHML}node")]
    assert len(set(identifiers)) == len(identifiers)
    for edge in root.iter(f"{GRAPHML}edge"):
        assert {edge.attrib["source"], edge.attrib["target"]} <= set(
            identifiers
        )
    for element in (*root.iter(f"{GRAPHML}node"), *root.iter(f"{GRAPHML}edge")):
        for data in element:
            assert keys[data.attrib["key"]]["for"] == element.tag.removeprefix(
                GRAPHML
            )
    # The schema's NMTOKEN.
    assert all(re.fullmatch(r"[\w.:-]+", name) for name in identifiers)
    assert {key["attr.type"] for key in keys.values()} == {"string", "int"}


def test_any_text_is_a_label(file: Path, hostile: World) -> None:
    text = write(file, hostile)
    root = ET.fromstring(text.encode())  # noqa: S314 - our own file
    labels = {
        data.text
        for data in root.iter(f"{GRAPHML}data")
        if data.attrib["key"] == "label"
    }
    assert "</script><script>alert(1)</script> ethanol" in labels
    # What XML can't say.
    assert any("\ufffd" in label for label in labels)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", text)
    networkx = pytest.importorskip("networkx")
    assert len(nodes(networkx.read_graphml(file))["drug"]) == 11
    igraph = pytest.importorskip("igraph")
    igraph.Graph.Read_GraphML(str(file))


def test_large_graph_is_of_drugs_and_journals(file: Path, some: World) -> None:
    networkx = pytest.importorskip("networkx")
    write(
        file,
        World(some.mentions, some.journals, variables={"graph_mentions": 2}),
    )
    graph = networkx.read_graphml(file)
    assert set(nodes(graph)) == {"drug", "journal"}
    edges = {
        (graph.nodes[drug]["label"], graph.nodes[journal]["label"]): edge
        for drug, journal, edge in graph.edges(data=True)
    }
    edge = edges["TETRACYCLINE", "Annals of Harbour Medicine"]
    assert edge["relation"] == "mentioned_by"
    assert (edge["date"], edge["last_date"], edge["weight"]) == (
        "2018-01-01",
        "2018-01-01",
        1,
    )


def test_graph_is_written_in_pieces(some: World) -> None:
    """As one text, that of a few million mentions would not fit into memory."""
    pieces = [row["content"] for row in rows("mention_graph", some)]
    assert max(piece.count("<node ") for piece in pieces) == 1
    assert max(piece.count("<edge ") for piece in pieces) == 1


def test_graph_of_nothing_and_of_one(file: Path) -> None:
    networkx = pytest.importorskip("networkx")
    write(file, World())
    assert len(networkx.read_graphml(file)) == 0
    write(file, World([Mention(journal=None)]))
    assert len(networkx.read_graphml(file)) == 2
