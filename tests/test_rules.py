"""Each rule of the business is removed once, and the build must notice.

A test that can't fail is worth nothing, so these run the project's own tests on
copies of the project in which one rule is missing.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT, DataRoot, DbtInProcess

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Mutation:
    """A rule, where it stands, and what stands there without it."""

    rule: str
    file: str
    text: str
    without: str
    noticed_by: str


MUTATIONS = [
    Mutation(
        "case is folded",
        "macros/fold_text.sql",
        "lower({{ without_tags }}),",
        "{{ without_tags }},",
        "test_title_match_ignores_case",
    ),
    Mutation(
        "accents are folded",
        "macros/fold_text.sql",
        "strip_accents(lower({{ without_tags }}))",
        "lower({{ without_tags }})",
        "test_accents_hyphens_and_punctuation_are_folded",
    ),
    Mutation(
        "hyphens and punctuation are folded",
        "macros/fold_text.sql",
        "' *[^a-z0-9 ][^a-z0-9]*|  +'",
        "'  +'",
        "test_accents_hyphens_and_punctuation_are_folded",
    ),
    Mutation(
        "Greek letters are spelt out",
        "macros/fold_text.sql",
        "'β': 'beta'",
        "'β': 'b'",
        "test_accents_hyphens_and_punctuation_are_folded",
    ),
    Mutation(
        "a name is matched as whole words",
        "models/intermediate/int_drugs_matched.sql",
        "on phrases.phrase = drugs.folded_name",
        "on starts_with(drugs.folded_name, phrases.phrase)",
        "test_a_name_of_several_words_matches_as_a_phrase",
    ),
    Mutation(
        "a mention is one row",
        "models/intermediate/int_drugs_matched.sql",
        "    group by drugs.drug_key, phrases.publication_key",
        "",
        "test_a_name_repeated_in_a_title_is_one_mention",
    ),
    Mutation(
        "slash dates are day first",
        "macros/parse_date.sql",
        "'%d/%m/%Y'",
        "'%m/%d/%Y'",
        "test_slash_dates_are_day_first",
    ),
    Mutation(
        "years have four digits",
        "macros/parse_date.sql",
        "date '1000-01-01'",
        "date '0001-01-01'",
        "test_unreadable_date_keeps_the_record_and_is_listed",
    ),
    Mutation(
        "valid escape residue is decoded",
        "macros/decode_escapes.sql",
        "try(decode(unhex(replace(part, '\\x', ''))))",
        "''",
        "test_escape_residue_is_decoded_or_removed",
    ),
    Mutation(
        "invalid escape residue is removed",
        "macros/decode_escapes.sql",
        "replace(part, '\\x', '')))), ''",
        "replace(part, '\\x', '')))), part",
        "test_escape_residue_is_decoded_or_removed",
    ),
    Mutation(
        "a blank text is null",
        "macros/clean_text.sql",
        "nullif(",
        "coalesce(",
        "test_text_is_cleaned_and_blank_ids_and_journals_are_null",
    ),
    Mutation(
        "a blank title is rejected",
        "macros/judge_publications.sql",
        "when title is null then 'blank_title'",
        "when false then 'blank_title'",
        "test_blank_title_is_rejected_with_its_text",
    ),
    Mutation(
        "incomplete records are merged",
        "models/intermediate/int_publications_merged.sql",
        "            lone_ids.publication_id,\n            case",
        "            case",
        "test_incomplete_records_of_one_publication_are_merged",
    ),
    Mutation(
        "a record exported twice is one publication",
        "models/intermediate/int_publications_merged.sql",
        "group by article_type, publication_id, title, journal, "
        "publication_date",
        "group by article_type, publication_id, title, journal, "
        "publication_date, table_position",
        "test_a_record_exported_twice_is_one_publication",
    ),
    Mutation(
        "only usable records become publications",
        "models/intermediate/int_publications_united.sql",
        "    where is_usable",
        "",
        "test_only_usable_records_become_publications",
    ),
]


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """Copy the project, to change it, without what builds leave in it."""
    project = tmp_path / "project"
    for name in ("models", "macros", "analyses", "tests"):
        shutil.copytree(
            PROJECT / name,
            project / name,
            ignore=shutil.ignore_patterns("*.py", "__pycache__"),
        )
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, project / name)
    return project


def change(file: Path, text: str, without: str) -> None:
    """Replace `text`, which must stand in the file."""
    before = file.read_text(encoding="utf-8")
    assert text in before, f"{file.name} has changed: {text!r} is gone"
    file.write_text(before.replace(text, without), encoding="utf-8")


@pytest.fixture(scope="module")
def built_root(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> DataRoot:
    """Build once what unit tests need: relations, for their columns."""
    root = DataRoot(tmp_path_factory.mktemp("built"), dbt_in_process)
    shutil.copytree(PROJECT / "data" / "raw", root.path / "raw")
    assert root.dbt("run", "--empty").success
    return root


@pytest.mark.parametrize(
    "mutation", MUTATIONS, ids=lambda mutation: mutation.rule
)
def test_a_removed_rule_is_noticed(
    project_copy: Path,
    built_root: DataRoot,
    tmp_path: Path,
    mutation: Mutation,
) -> None:
    change(project_copy / mutation.file, mutation.text, mutation.without)
    tests = DbtInProcess(project_copy, tmp_path).invoke(
        built_root.path, ("test", "--select", "test_type:unit")
    )
    assert not tests.success
    assert f"Failure in unit_test {mutation.noticed_by}" in tests.messages


FAULTS = [
    Mutation(
        "no record is lost on the way",
        "models/intermediate/int_publications_united.sql",
        "where is_usable",
        "where is_usable and publication_id is not null",
        "assert_every_record_is_accounted_for",
    ),
    Mutation(
        "no mention is doubled",
        "models/intermediate/int_drugs_matched.sql",
        "group by drugs.drug_key, phrases.publication_key",
        "",
        "unique_together_int_drugs_matched_drug_key__publication_key",
    ),
    Mutation(
        "every mention is of a publication",
        "models/intermediate/int_drugs_matched.sql",
        "phrases.publication_key\n    from phrases",
        "phrases.publication_key + 1 as publication_key\n    from phrases",
        "relationships_int_drugs_matched_publication_key",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
def test_a_failing_audit_keeps_what_was_published(
    project_copy: Path, sample_root: DataRoot, tmp_path: Path, fault: Mutation
) -> None:
    sample_root.published.parent.mkdir()
    sample_root.published.write_text("yesterday's")
    change(project_copy / fault.file, fault.text, fault.without)
    sample_root.runner = DbtInProcess(project_copy, tmp_path)
    outcome = sample_root.build()
    assert not outcome.success
    assert f"Failure in test {fault.noticed_by}" in outcome.messages
    assert sample_root.published.read_text() == "yesterday's"
