"""Does what the documentation says, literally."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from builds import DRUGS_HEADER, PROJECT, DataRoot, DbtInProcess, copy_project

if TYPE_CHECKING:
    from pathlib import Path

STAGING = "models/staging"


def fenced(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def test_a_source_is_added_as_the_page_says(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = copy_project(tmp_path_factory.mktemp("project"))
    page = (project / STAGING / "README.md").read_text(encoding="utf-8")
    section = page.partition("\n## Add a source\n")[2].partition("\n## ")[0]
    [header] = re.findall(r"header line\s+`([^`]+)`", section)
    [kind] = fenced(section, "yaml")
    base, union = fenced(section, "sql")
    [base_file] = re.findall(r"Write `(models/[^`]+)`", section)
    [united_file] = re.findall(r"In `(models/[^`]+)`, insert", section)
    [line_above] = re.findall(r"below `(select [^`]+)`", section)

    # 1. Describe the kind.
    sources = project / STAGING / "_sources.yml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(f"{text.rstrip()}\n\n{kind}", encoding="utf-8")
    # 2. Map its columns.
    (project / base_file).write_text(base, encoding="utf-8")
    # 3. Add it to the articles.
    united = project / united_file
    text = united.read_text(encoding="utf-8")
    assert text.count(line_above) == 1
    united.write_text(
        text.replace(line_above, f"{line_above}\n{union.rstrip()}"),
        encoding="utf-8",
    )

    runner = DbtInProcess(project, tmp_path_factory.mktemp("scratch"))
    root = DataRoot(tmp_path / "data", runner)
    (root.path / "raw").mkdir(parents=True)
    root.write("drugs.csv", f"{DRUGS_HEADER}A01,ASPIRIN\n")
    root.write(
        "whatever.csv",
        f"{header}\nL1,Aspirin in gulls,2020-01-31,Gull Letters\n"
        "L2,  ,2020-01-31,Gull Letters\nL3,Too,few\n",
    )
    built = root.dbt("build")
    assert built.success, built.messages
    assert root.mentions() == [
        {
            "atccode": "A01",
            "drug": "ASPIRIN",
            "id": "L1",
            "publication_title": "Aspirin in gulls",
            "article_type": "pubmed",
            "journal": "Gull Letters",
            "date": "2020-01-31",
        }
    ]
    assert [row["reason"] for row in root.rejected()] == [
        "unparseable_row",
        "blank_title",
    ]
    assert '"accession_id":"L2"' in root.rejected()[1]["raw_text"]
    tested = root.dbt("test")
    assert tested.success, tested.messages


README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_the_command_that_ci_runs() -> None:
    ci = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    [command] = re.findall(r"^tests='(.*)'$", ci, re.M)
    assert command in README.splitlines()


@pytest.mark.parametrize(
    "page",
    [
        str(file.relative_to(PROJECT))
        for folder in (".", "models", "tests", "deploy", "data", "macros")
        for file in sorted(
            (PROJECT / folder).glob("*.md" if folder == "." else "**/*.md")
        )
        if not {"node_modules", ".venv"} & set(file.parts)
    ],
)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    file = PROJECT / page
    text = re.sub(
        r"^```.*?^```$", "", file.read_text("utf-8"), flags=re.M | re.S
    )
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (file.parent / path).resolve() if path else file
        assert linked.exists(), target
        if anchor and linked.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", linked.read_text("utf-8"), re.M)
            anchors = {
                re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
                for heading in headings
            }
            assert anchor in anchors, target
