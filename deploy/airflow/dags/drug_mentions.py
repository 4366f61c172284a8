"""Builds the drug mentions every day: one task per layer, its tests in it.

dbt stands in an environment of its own and is started as a process: here, or
in a pod per task when DRUG_MENTIONS_IMAGE names the image.
"""

import os
import pkgutil
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, BaseOperator, chain

PROJECT = Path(__file__).resolve().parents[3]
CRONJOB = PROJECT / "deploy/kubernetes/cronjob.yaml"
LAYERS = ["staging", "intermediate", "marts"]

DATA = os.environ.get("DRUG_MENTIONS_DATA", "data")
IMAGE = os.environ.get("DRUG_MENTIONS_IMAGE")
ON_FAILURE = os.environ.get("DRUG_MENTIONS_ON_FAILURE")
POOL = os.environ.get("DRUG_MENTIONS_POOL") or "default_pool"
TARGET = os.environ.get("DRUG_MENTIONS_TARGET") or "duckdb"


def arguments_of_dbt(layer: str) -> list[str]:
    """Build a layer; a test of several models runs with the last of them."""
    return [
        *("build", "--select", f"path:models/{layer}"),
        *("--indirect-selection", "buildable"),
        # CI runs the unit tests: they don't depend on the data.
        *("--exclude-resource-type", "unit_test"),
    ]


def task_on_worker(layer: str) -> BashOperator:
    """Run dbt here. Bash reads the settings; none is part of the command."""
    return BashOperator(
        task_id=layer,
        bash_command=" ".join(
            [
                'exec "${DRUG_MENTIONS_DBT:-.venv/bin/dbt}"',
                *arguments_of_dbt(layer),
                '--target "${DRUG_MENTIONS_TARGET:-duckdb}"',
            ]
        ),
        cwd=str(PROJECT),
        do_xcom_push=False,
    )


def task_in_pod(layer: str) -> BaseOperator:
    """Run dbt in a pod: the CronJob's, with other arguments."""
    # The packages of this provider are needed for pods only.
    from airflow.providers.cncf.kubernetes.operators import (  # noqa: PLC0415
        pod,
    )

    cronjob = yaml.safe_load(CRONJOB.read_text(encoding="utf-8"))
    template = cronjob["spec"]["jobTemplate"]["spec"]["template"]
    return pod.KubernetesPodOperator(
        task_id=layer,
        namespace=cronjob["metadata"]["namespace"],
        pod_template_dict={"apiVersion": "v1", "kind": "Pod", **template},
        base_container_name=template["spec"]["containers"][0]["name"],
        image=IMAGE,
        cmds=["dbt"],
        arguments=[*arguments_of_dbt(layer), "--target", TARGET],
    )


with DAG(
    dag_id="drug_mentions",
    schedule="@daily",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={
        "retries": 2,
        "retry_delay": timedelta(seconds=10),
        "execution_timeout": timedelta(hours=2),
        "pool": POOL,
        "on_failure_callback": ON_FAILURE and pkgutil.resolve_name(ON_FAILURE),
    },
):
    tasks = [
        task_in_pod(layer) if IMAGE else task_on_worker(layer)
        for layer in LAYERS
    ]
    chain(*tasks)

    data_root = DATA if ":" in DATA else (PROJECT / DATA).as_uri()
    published = Asset(
        name="mentioned_drugs_json",
        uri=f"{data_root}/aggregated/mentioned_drugs.json",
    )
    tasks[-1].add_outlets([published])
