"""Each rule of the business is removed once, and the build must notice.

A test that can't fail is worth nothing, so these run the project's own tests
while one rule is missing.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from conftest import PROJECT, DataRoot, DbtInProcess

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


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
        "'lower(' ~ without_tags ~ ')', ' *",
        "without_tags, ' *",
        "test_title_match_ignores_case",
    ),
    Mutation(
        "accents are folded",
        "macros/fold_text.sql",
        "strip_accents('lower(' ~ without_tags ~ ')')",
        "'lower(' ~ without_tags ~ ')'",
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
        "models/intermediate/int_titles_matched.sql",
        "on phrases.phrase = names.folded_name",
        "on starts_with(names.folded_name, phrases.phrase)",
        "test_a_name_of_several_words_matches_as_a_phrase",
    ),
    Mutation(
        "a mention is one row",
        "models/intermediate/int_drugs_matched.sql",
        "group by titles_matched.publication_hash, names.name_key",
        "group by titles_matched.publication_hash, names.name_key,"
        " names.spelling",
        "test_a_mention_is_one_row_per_publication_and_code",
    ),
    Mutation(
        "slash dates are day first",
        "macros/read_dates.sql",
        "'%d/%m/%Y'",
        "'%m/%d/%Y'",
        "test_slash_dates_are_day_first",
    ),
    Mutation(
        "years have four digits",
        "macros/read_dates.sql",
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
        "publication_hash, journal,\n        publication_date",
        "publication_hash, journal,\n        publication_date, table_position",
        "test_a_record_exported_twice_is_one_publication",
    ),
    Mutation(
        "records of one registered id are one publication",
        "models/intermediate/int_publications_merged.sql",
        "having count(*) > 1 and max(publication_id) is not null",
        "having false and max(publication_id) is not null",
        "test_records_of_one_registered_id_are_one_publication",
    ),
    Mutation(
        "the most complete record of an id is kept",
        "models/intermediate/int_publications_merged.sql",
        "date_precision asc nulls last,",
        "date_precision desc nulls last,",
        "test_records_of_one_registered_id_are_one_publication",
    ),
    Mutation(
        "synonyms work in both directions",
        "macros/names_reached.sql",
        "on reached.folded_name = links.from_name",
        "on reached.folded_name = links.from_name and reached.name_key <> 1",
        "test_a_drug_is_found_by_every_name_that_means_the_same",
    ),
    Mutation(
        "names too generic mention nothing",
        "models/intermediate/int_names.sql",
        "kind = 'generic'",
        "kind = 'none'",
        "test_a_drug_is_found_by_every_name_that_means_the_same",
    ),
    Mutation(
        "a receptor is not the drug",
        "models/intermediate/int_titles_matched.sql",
        "kind = 'context'",
        "kind = 'none'",
        "test_a_name_inside_another_thing_is_no_mention",
    ),
    Mutation(
        "an impossible day leaves its month",
        "macros/read_dates.sql",
        "when month between 1 and 12 then 'month'",
        "when false then 'month'",
        "test_every_spelling_of_a_date_is_read",
    ),
    Mutation(
        "a range takes its first day",
        "macros/read_dates.sql",
        "([a-z]+)[ -]?(\\\\d\\\\d?)?' ~ rest",
        "([a-z]+)[^0-9]*(\\\\d\\\\d?)?' ~ rest",
        "test_every_spelling_of_a_date_is_read",
    ),
    Mutation(
        "only usable records become publications",
        "models/intermediate/int_publications_united.sql",
        "    where is_usable",
        "",
        "test_only_usable_records_become_publications",
    ),
]


def removed(dbt: DbtInProcess, mutation: Mutation) -> AbstractContextManager:
    """Take a rule away for a while."""
    return dbt.changed(
        mutation.file,
        lambda text: text.replace(mutation.text, mutation.without),
    )


@pytest.fixture(scope="module")
def relations(
    tmp_path_factory: pytest.TempPathFactory, dbt_in_process: DbtInProcess
) -> DataRoot:
    """Build without rows: unit tests need relations, for their columns."""
    root = DataRoot(tmp_path_factory.mktemp("relations"), dbt_in_process)
    shutil.copytree(PROJECT / "data" / "raw", root.path / "raw")
    assert root.dbt("run", "--empty").success
    return root


@pytest.mark.parametrize(
    "mutation", MUTATIONS, ids=lambda mutation: mutation.rule
)
def test_a_removed_rule_is_noticed(
    relations: DataRoot, mutation: Mutation
) -> None:
    with removed(relations.runner, mutation):
        tests = relations.dbt("test", "--select", mutation.noticed_by)
    assert not tests.success
    assert f"Failure in unit_test {mutation.noticed_by}" in tests.messages


FAULTS = [
    Mutation(
        "every publication has a file",
        "models/intermediate/int_publications_merged.sql",
        "        publications.raw_file,\n",
        "        null::varchar as raw_file,\n",
        "never_null_int_publications_merged_"
        "publication_key__article_type__title__raw_file",
    ),
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
        "        min(names.spelling) as matched_name\n"
        "    from titles_matched\n"
        "    inner join names on titles_matched.name_key = names.spelling_key\n"
        "    group by titles_matched.publication_hash, names.name_key",
        "        names.spelling as matched_name\n"
        "    from titles_matched\n"
        "    inner join names on titles_matched.name_key = names.spelling_key",
        "unique_together_int_drugs_matched_drug_key__publication_key",
    ),
    Mutation(
        "every mention is of a publication",
        "models/intermediate/int_drugs_matched.sql",
        "publications.publication_key,\n",
        "publications.publication_key + 1 as publication_key,\n",
        "relationships_int_drugs_matched_publication_key",
    ),
    Mutation(
        "no match is lost on the way",
        "models/intermediate/int_titles_matched.sql",
        "        raw_file,\n        publication_hash,\n        split(",
        "        raw_file,\n        publication_hash + 1 as publication_hash,\n"
        "        split(",
        "assert_every_match_has_a_publication",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
def test_a_failing_audit_keeps_what_was_published(
    sample_root: DataRoot, fault: Mutation
) -> None:
    sample_root.published.parent.mkdir()
    sample_root.published.write_text("yesterday's")
    with removed(sample_root.runner, fault):
        outcome = sample_root.build()
    assert not outcome.success
    assert f"Failure in test {fault.noticed_by}" in outcome.messages
    assert sample_root.published.read_text() == "yesterday's"
