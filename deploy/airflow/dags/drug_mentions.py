"""Builds the drug mentions every day: one task per model, its tests in it.

dbt stands in an environment of its own and is started as a process: here, or
in a pod per task when DRUG_MENTIONS_IMAGE names the image.
"""

import os
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

import yaml
from airflow.sdk import Asset
from cosmos import (
    DbtDag,
    ExecutionConfig,
    ProfileConfig,
    ProjectConfig,
    RenderConfig,
)
from cosmos.constants import (
    ExecutionMode,
    InvocationMode,
    LoadMode,
    TestBehavior,
    TestIndirectSelection,
)

# Cosmos runs dbt in temporary folders: every path is absolute.
PROJECT = Path(__file__).resolve().parents[3]
DBT = os.environ.get("DRUG_MENTIONS_DBT", str(PROJECT / ".venv/bin/dbt"))
DATA = os.environ.get("DRUG_MENTIONS_DATA", "data")
IMAGE = os.environ.get("DRUG_MENTIONS_IMAGE")
PROJECT_IN_IMAGE = "/opt/drug_mentions"
CRONJOB = PROJECT / "deploy/kubernetes/cronjob.yaml"


def pod_arguments(image: str) -> dict[str, Any]:
    """Describe the pod of a task: the CronJob's, with another command."""
    cronjob = yaml.safe_load(CRONJOB.read_text(encoding="utf-8"))
    template = cronjob["spec"]["jobTemplate"]["spec"]["template"]
    return {
        "namespace": cronjob["metadata"]["namespace"],
        "pod_template_dict": {"apiVersion": "v1", "kind": "Pod", **template},
        "base_container_name": template["spec"]["containers"][0]["name"],
        "image": image,
        "cmds": ["dbt"],
    }


# A test of several models runs with the last of them.
selection = TestIndirectSelection.BUILDABLE
if IMAGE:
    operator_args = pod_arguments(IMAGE)
    execution_config = ExecutionConfig(
        execution_mode=ExecutionMode.KUBERNETES,
        dbt_project_path=PROJECT_IN_IMAGE,
        test_indirect_selection=selection,
    )
else:
    operator_args = {}
    execution_config = ExecutionConfig(
        invocation_mode=InvocationMode.SUBPROCESS,
        dbt_executable_path=DBT,
        dbt_project_path=PROJECT,
        test_indirect_selection=selection,
    )

model_name = attrgetter("name")

drug_mentions = DbtDag(
    dag_id="drug_mentions",
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    # All tasks write one DuckDB file, which one process at a time can open.
    max_active_tasks=1,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
    project_config=ProjectConfig(install_dbt_deps=False),
    profile_config=ProfileConfig(
        profile_name="drug_mentions",
        target_name="duckdb",
        profiles_yml_filepath=PROJECT / "profiles.yml",
    ),
    render_config=RenderConfig(
        load_method=LoadMode.DBT_LS,
        invocation_mode=InvocationMode.SUBPROCESS,
        dbt_executable_path=DBT,
        dbt_project_path=PROJECT,
        test_behavior=TestBehavior.BUILD,
        # Data can't change what unit tests find: CI runs them.
        exclude=["resource_type:unit_test"],
        normalize_task_id=model_name,
        normalize_task_display_name=model_name,
        # The one asset is declared below.
        emit_datasets=False,
    ),
    execution_config=execution_config,
    operator_args=operator_args,
)

data_root = DATA if ":" in DATA else (PROJECT / DATA).as_uri()
published = Asset(
    name="mentioned_drugs_json",
    uri=f"{data_root}/aggregated/mentioned_drugs.json",
)
drug_mentions.get_task("mentioned_drugs").add_outlets([published])
