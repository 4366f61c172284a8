"""Runs the DAG on the sample with a real scheduler, and lets a model fail.

Airflow is started here, on the loopback interface and with all its files in a
temporary folder, and stopped at the end. It lives through these runs:

    daily -> failing, on a broken raw file -> the same, mended
                                           -> a backfill, beside it

Each test looks at what one of them left.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import kubernetes_validate
import pytest
import yaml
from kubernetes.client import ApiClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
DBT = os.environ.get("DRUG_MENTIONS_DBT", str(PROJECT / ".venv/bin/dbt"))
AIRFLOW = str(Path(sys.executable).with_name("airflow"))
IMAGE = "registry.example/drug_mentions:commit"
CRONJOB = PROJECT / "deploy" / "kubernetes" / "cronjob.yaml"
SAMPLE = PROJECT / "tests" / "sample_mentioned_drugs.json"
PATIENCE_SECONDS = 600

API = "/api/v2"
DAG = f"{API}/dags/drug_mentions"

BROKEN = "stg_pubmed_articles"
BELOW_BROKEN = {
    "int_dates",
    "int_title_mentions",
    "int_publications",
    "int_drug_mentions",
    "int_records",
    "rejected_records",
    "raw_file_reconciliation",
    "mentioned_drugs",
}
NEW_TITLE = "Ethanol at sea"
NEW_RECORD = f"900000999,{NEW_TITLE},2020-06-01,Annals of Harbour Medicine\n"


class Sink(socketserver.ThreadingTCPServer):
    """A proxy that lets nothing through and keeps what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of the loopback interface."""
        self.requests: list[str] = []
        requests = self.requests

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                requests.append(self.rfile.readline().decode())

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@dataclass
class Run:
    """A DAG run that has ended, and what stood on disk then."""

    run_id: str
    state: str
    tasks: dict[str, dict[str, Any]]
    published: bytes
    published_at: int
    announcements: int

    def states(self) -> dict[str, str]:
        """State of every task."""
        return {name: task["state"] for name, task in self.tasks.items()}


class Airflow:
    """Scheduler, DAG processor and API server, and what to ask of them."""

    def __init__(self, folder: Path) -> None:
        """Make the data root, from the sample, and Airflow's own folders."""
        self.folder = folder
        self.data = folder / "data"
        shutil.copytree(PROJECT / "data" / "raw", self.data / "raw")
        (folder / "tmp").mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.headers = {"Content-Type": "application/json"}
        self.sink = Sink()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.env = {
            **bare_environment(),
            **settings(),
            "TMPDIR": str(folder / "tmp"),
            "AIRFLOW_HOME": str(folder / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(HERE / "dags"),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{self.port}",
            "DRUG_MENTIONS_DBT": DBT,
            "DRUG_MENTIONS_DATA": str(self.data),
            "http_proxy": self.sink.url,
            "https_proxy": self.sink.url,
            "no_proxy": "127.0.0.1",
        }

    def start(self) -> None:
        """Start all three, and wait until the DAG is known."""
        subprocess.run(
            [AIRFLOW, "db", "migrate"],
            env=self.env,
            check=True,
            capture_output=True,
        )
        for command in (
            ["api-server"],
            # Its server of logs listens on all interfaces.
            ["scheduler", "--skip-serve-logs"],
            ["dag-processor"],
        ):
            with (self.folder / f"{command[0]}.log").open("wb") as log:
                self.processes.append(
                    subprocess.Popen(
                        [AIRFLOW, *command],
                        env=self.env,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                )
        self.wait_for("the API server", self.is_up)
        token = self.get("/auth/token")["access_token"]
        self.headers["Authorization"] = f"Bearer {token}"
        self.wait_for(
            "the DAG", lambda: self.get(f"{API}/dags")["total_entries"]
        )

    def stop(self) -> None:
        """End the three and whatever they started."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.sink.shutdown()

    def is_up(self) -> bool:
        """Whether the API server answers."""
        for process in self.processes:
            assert process.poll() is None, f"ended: {process.args}"
        try:
            self.get(f"{API}/version")
        except OSError:
            return False
        return True

    @staticmethod
    def wait_for(what: str, condition: Callable[[], object]) -> None:
        """Wait until a condition holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"still waiting for {what}"
            time.sleep(1)

    def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Send a request to the API server; return its answer."""
        content = None if body is None else json.dumps(body)
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port)
        ) as connection:
            connection.request(method, path, content, self.headers)
            response = connection.getresponse()
            answer = response.read().decode()
        assert response.status < 300, answer
        return json.loads(answer)

    def get(self, path: str) -> dict[str, Any]:
        """Read from the API server."""
        return self.ask("GET", path)

    def end_of(self, run_id: str) -> Run:
        """Wait until a run has ended."""
        path = f"{DAG}/dagRuns/{quote(run_id)}"
        self.wait_for(
            run_id, lambda: self.get(path)["state"] in {"success", "failed"}
        )
        run = self.get(path)
        published = self.data / "aggregated" / "mentioned_drugs.json"
        return Run(
            run_id=run_id,
            state=run["state"],
            tasks={
                task["task_id"]: task
                for task in self.get(f"{path}/taskInstances")["task_instances"]
            },
            published=published.read_bytes(),
            published_at=published.stat().st_mtime_ns,
            announcements=self.get(
                f"{API}/assets/events?source_run_id={quote(run_id)}"
            )["total_entries"],
        )

    def output_of(self, run: Run) -> str:
        """All that the tasks of a run have logged."""
        folder = self.folder / "airflow/logs/dag_id=drug_mentions"
        return "\n".join(
            log.read_text(encoding="utf-8")
            for log in folder.glob(f"run_id={run.run_id}/*/*.log")
        )


def settings() -> dict[str, str]:
    """Read airflow.env."""
    lines = (HERE / "airflow.env").read_text(encoding="utf-8").splitlines()
    return dict(
        line.split("=", 1) for line in lines if not line.startswith("#")
    )


def bare_environment() -> dict[str, str]:
    """Leave out what somebody has set for Airflow, dbt or this project."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW_", "DBT_", "DRUG_MENTIONS_"))
    }


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Ask dbt what there is: names by resource type."""
    folder = tmp_path_factory.mktemp("ls")
    listed = subprocess.run(
        [
            DBT, "--quiet", "ls",
            "--output", "json", "--output-keys", "resource_type", "name",
            "--project-dir", PROJECT, "--profiles-dir", PROJECT,
            "--target-path", folder, "--log-path", folder,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    names = defaultdict(set)
    for line in listed.stdout.splitlines():
        node = json.loads(line)
        names[node["resource_type"]].add(node["name"])
    return names


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """Airflow, with the DAG still paused."""
    airflow = Airflow(tmp_path_factory.mktemp("dag"))
    try:
        airflow.start()
        yield airflow
    finally:
        airflow.stop()


@pytest.fixture(scope="module")
def daily(airflow: Airflow) -> Run:
    """Let the scheduler start today's run: nobody triggers it."""
    airflow.ask("PATCH", DAG, {"is_paused": False})
    path = f"{DAG}/dagRuns?run_type=scheduled"
    airflow.wait_for("today's run", lambda: airflow.get(path)["total_entries"])
    return airflow.end_of(airflow.get(path)["dag_runs"][0]["dag_run_id"])


@pytest.fixture(scope="module")
def failing(airflow: Airflow, daily: Run) -> Run:
    """Run on a raw file that lacks a column."""
    assert daily.state == "success"
    raw_file = airflow.data / "raw" / "pubmed.csv"
    text = raw_file.read_text(encoding="utf-8")
    raw_file.write_text(text.replace("title", "titel", 1), encoding="utf-8")
    run = airflow.ask("POST", f"{DAG}/dagRuns", {"logical_date": None})
    return airflow.end_of(run["dag_run_id"])


@pytest.fixture(scope="module")
def mended_and_backfilled(airflow: Airflow, failing: Run) -> tuple[Run, Run]:
    """Mend the raw file, clear the failed task, and backfill a day meanwhile.

    Both runs write one DuckDB file. The mended raw file has one record more.
    """
    raw_file = airflow.data / "raw" / "pubmed.csv"
    text = raw_file.read_text(encoding="utf-8").replace("titel", "title", 1)
    raw_file.write_text(text + NEW_RECORD, encoding="utf-8")
    airflow.ask(
        "POST",
        f"{DAG}/clearTaskInstances",
        {
            "dry_run": False,
            "dag_run_id": failing.run_id,
            "task_ids": [BROKEN],
            "include_downstream": True,
        },
    )
    day = "2026-01-01T00:00:00Z"
    airflow.ask(
        "POST",
        f"{API}/backfills",
        {"dag_id": "drug_mentions", "from_date": day, "to_date": day},
    )
    [backfill] = airflow.get(f"{DAG}/dagRuns?run_type=backfill")["dag_runs"]
    return (
        airflow.end_of(failing.run_id),
        airflow.end_of(backfill["dag_run_id"]),
    )


@pytest.fixture(scope="module")
def mended(mended_and_backfilled: tuple[Run, Run]) -> Run:
    """Return the failing run, after the mend."""
    return mended_and_backfilled[0]


@pytest.fixture(scope="module")
def backfilled(mended_and_backfilled: tuple[Run, Run]) -> Run:
    """Return the run for a day in the past."""
    return mended_and_backfilled[1]


@pytest.fixture(scope="module")
def pods(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, dict[str, Any]]]:
    """Parse the DAG of one pod per task; show its pods, in order."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            **settings(),
            "AIRFLOW_HOME": str(tmp_path_factory.mktemp("pods")),
            "AIRFLOW__COSMOS__ENABLE_CACHE": "False",
            "DRUG_MENTIONS_DBT": DBT,
            "DRUG_MENTIONS_IMAGE": IMAGE,
        }.items():
            patch.setenv(name, value)
        patch.syspath_prepend(HERE / "dags")
        from drug_mentions import (  # noqa: PLC0415 - reads the settings above
            drug_mentions,
        )

        pods = {}
        for task in drug_mentions.task_group.topological_sort():
            task.build_kube_args({})
            pods[task.task_id] = ApiClient().sanitize_for_serialization(
                task.build_pod_request_obj(dry_run=True)
            )
        yield pods


def test_every_model_is_a_task(daily: Run, names: dict[str, set[str]]) -> None:
    assert set(daily.tasks) == names["model"]


def test_the_daily_run_publishes_and_announces_the_file(daily: Run) -> None:
    assert daily.state == "success"
    assert set(daily.states().values()) == {"success"}
    assert daily.published == SAMPLE.read_bytes()
    assert daily.announcements == 1


def test_every_data_test_runs_in_one_task(
    airflow: Airflow, daily: Run, names: dict[str, set[str]]
) -> None:
    output = airflow.output_of(daily).split()
    passed = Counter(
        name for word, name in itertools.pairwise(output) if word == "PASS"
    )
    assert passed == Counter(names["test"])


def test_no_task_waits_for_another_to_close_the_duckdb_file(
    airflow: Airflow, daily: Run
) -> None:
    tasks = sorted(daily.tasks.values(), key=lambda task: task["start_date"])
    for earlier, later in itertools.pairwise(tasks):
        assert earlier["end_date"] < later["start_date"]
    assert "Waiting for another use of" not in airflow.output_of(daily)


def test_a_failing_model_leaves_its_descendants_unrun(failing: Run) -> None:
    assert failing.state == "failed"
    states = failing.states()
    assert states.pop(BROKEN) == "failed"
    assert failing.tasks[BROKEN]["try_number"] == 3
    unrun = {
        name for name, state in states.items() if state == "upstream_failed"
    }
    assert unrun == BELOW_BROKEN
    assert {states[name] for name in states.keys() - unrun} == {"success"}


def test_a_failing_run_leaves_yesterdays_file(daily: Run, failing: Run) -> None:
    assert failing.published == daily.published
    assert failing.published_at == daily.published_at
    assert failing.announcements == 0


def test_clearing_the_failed_task_finishes_the_run(
    failing: Run, mended: Run
) -> None:
    assert mended.state == "success"
    mentions = json.loads(mended.published)
    assert len(mentions) == len(json.loads(failing.published)) + 1
    assert NEW_TITLE in {mention["publication_title"] for mention in mentions}
    assert mended.announcements == 1


def test_what_had_succeeded_is_not_run_again(failing: Run, mended: Run) -> None:
    for name, state in failing.states().items():
        is_same = (
            mended.tasks[name]["start_date"]
            == failing.tasks[name]["start_date"]
        )
        assert is_same == (state == "success"), name


def test_a_backfill_publishes_the_same_file(
    mended: Run, backfilled: Run
) -> None:
    assert backfilled.state == "success"
    assert backfilled.announcements == 1
    assert backfilled.published == mended.published


def test_nothing_phones_home(airflow: Airflow, daily: Run) -> None:
    assert daily.state == "success"
    assert airflow.sink.requests == []


def test_a_pod_is_the_cronjobs_with_another_command(
    pods: dict[str, dict[str, Any]], names: dict[str, set[str]]
) -> None:
    assert set(pods) == names["model"]
    cronjob = yaml.safe_load(CRONJOB.read_text(encoding="utf-8"))
    expected = cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    [expected_container] = expected.pop("containers")
    for pod in pods.values():
        kubernetes_validate.validate(pod, "1.37", strict=True)
        assert pod["metadata"]["namespace"] == cronjob["metadata"]["namespace"]
        [container] = pod["spec"]["containers"]
        assert container["image"] == IMAGE
        for name in expected_container.keys() - {"args", "image"}:
            assert container[name] == expected_container[name]
        for name in expected:
            assert pod["spec"][name] == expected[name]


def test_a_pods_command_builds_its_model(
    pods: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    shutil.copytree(PROJECT / "data" / "raw", tmp_path / "raw")
    [container] = pods["stg_raw_files"]["spec"]["containers"]
    command = [*container["command"], *container["args"]]
    assert command[0] == "dbt"
    assert command[-2:] == ["--project-dir", "/opt/drug_mentions"]
    built = subprocess.run(
        [DBT, *command[1:-1], PROJECT],
        # In the image, the project's folder is the current one.
        cwd=PROJECT,
        env={
            **bare_environment(),
            "DRUG_MENTIONS_DATA": str(tmp_path),
            "DBT_TARGET_PATH": str(tmp_path / "target"),
            "DBT_LOG_PATH": str(tmp_path / "logs"),
        },
        check=True,
        capture_output=True,
    )
    assert b"OK created sql table model main.stg_raw_files" in built.stdout
