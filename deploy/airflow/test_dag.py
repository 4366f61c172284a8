"""Runs the DAG on the sample with a real scheduler, and lets a task fail.

Airflow is started here, on the loopback interface and with all its files in a
temporary folder, and stopped at the end. It lives through these runs:

    daily -> failing, on a broken raw file -> the same, mended
                                           -> a backfill, beside it
    and its last task once more, alone

Each test looks at what one of them left.
"""

from __future__ import annotations

import contextlib
import http.client
import importlib
import itertools
import json
import os
import shlex
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
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
PATIENCE_SECONDS = 1200

API = "/api/v2"
DAG = f"{API}/dags/drug_mentions"

LAYERS = ["staging", "intermediate", "marts"]
POOL = {"name": "one_build", "slots": 1, "include_deferred": False}
ALERT = """
import os
from pathlib import Path

def note(context):
    with Path(os.environ["ALERTS"]).open("a") as alerts:
        alerts.write(context["task_instance"].task_id + "\\n")
"""
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
        # The checkout is inside the dags folder, with all that is in it.
        (folder / "dags").mkdir()
        (folder / "dags" / "checkout").symlink_to(PROJECT)
        (folder / "alert.py").write_text(ALERT, encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.headers = {"Content-Type": "application/json"}
        self.sink = Sink()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.env = {
            **bare_environment(),
            "TMPDIR": str(folder / "tmp"),
            "AIRFLOW_HOME": str(folder / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            # On a slow machine a task waits longer for the API server.
            "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{self.port}",
            "DRUG_MENTIONS_DBT": DBT,
            "DRUG_MENTIONS_DATA": str(self.data),
            "DRUG_MENTIONS_POOL": POOL["name"],
            "DRUG_MENTIONS_ON_FAILURE": "alert.note",
            "ALERTS": str(folder / "alerts"),
            "PYTHONPATH": str(folder),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
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
        self.ask("POST", f"{API}/pools", POOL)
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


def bare_environment() -> dict[str, str]:
    """Leave out what somebody has set for Airflow, dbt or this project."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW_", "DBT_", "DRUG_MENTIONS_"))
    }


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
            "task_ids": ["staging"],
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
def republished(airflow: Airflow, daily: Run, backfilled: Run) -> Run:
    """Run the last task of the daily run again, and no other."""
    assert backfilled.state == "success"
    airflow.ask(
        "POST",
        f"{DAG}/clearTaskInstances",
        {
            "dry_run": False,
            "dag_run_id": daily.run_id,
            "task_ids": ["marts"],
            "only_failed": False,
        },
    )
    return airflow.end_of(daily.run_id)


@pytest.fixture(scope="module")
def parsed_tasks(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], list[Any]]]:
    """Parse the DAG in this process, with an image or none; give its tasks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("parsed")))
        patch.setenv("DRUG_MENTIONS_TARGET", "spark")
        patch.syspath_prepend(HERE / "dags")

        def parse(image: str) -> list[Any]:
            patch.setenv("DRUG_MENTIONS_IMAGE", image)
            patch.delitem(sys.modules, "drug_mentions", raising=False)
            return importlib.import_module("drug_mentions").tasks

        yield parse


@pytest.fixture(scope="module")
def pods(
    parsed_tasks: Callable[[str], list[Any]],
) -> dict[str, dict[str, Any]]:
    """Return the pods of a DAG of one pod per task, in order."""
    return {
        task.task_id: ApiClient().sanitize_for_serialization(
            task.build_pod_request_obj(dry_run=True)
        )
        for task in parsed_tasks(IMAGE)
    }


def test_only_the_dag_file_is_read(airflow: Airflow) -> None:
    listed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from airflow.utils.file import list_py_file_paths;"
            "print(*list_py_file_paths(sys.argv[1], safe_mode=False))",
            airflow.folder / "dags",
        ],
        env=airflow.env,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    dag = airflow.folder / "dags/checkout/deploy/airflow/dags/drug_mentions.py"
    assert listed.split("\n")[-2] == str(dag)


def test_the_daily_run_publishes_and_announces_the_file(daily: Run) -> None:
    assert daily.state == "success"
    assert daily.states() == dict.fromkeys(LAYERS, "success")
    assert daily.published == SAMPLE.read_bytes()
    assert daily.announcements == 1


def test_every_data_test_runs_once(airflow: Airflow, daily: Run) -> None:
    output = airflow.output_of(daily).split()
    passed = Counter(
        name for word, name in itertools.pairwise(output) if word == "PASS"
    )
    manifest = json.loads((airflow.folder / "target/manifest.json").read_text())
    assert passed == Counter(
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
    )


def test_no_setting_is_shell_code(daily: Run, tmp_path: Path) -> None:
    dbt = tmp_path / 'a "dbt" $(touch ran)'
    dbt.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    dbt.chmod(0o755)
    target = '"; touch ran; $(touch ran) `touch ran` {{ 1 }}'
    for task in daily.tasks.values():
        output = subprocess.run(
            ["bash", "-c", task["rendered_fields"]["bash_command"]],
            cwd=tmp_path,
            env={"DRUG_MENTIONS_DBT": dbt, "DRUG_MENTIONS_TARGET": target},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert output.endswith(f"\n--target\n{target}\n")
    assert list(tmp_path.iterdir()) == [dbt]


def test_a_failing_task_leaves_those_after_it_unrun(failing: Run) -> None:
    assert failing.state == "failed"
    assert failing.states() == {
        "staging": "failed",
        "intermediate": "upstream_failed",
        "marts": "upstream_failed",
    }
    assert failing.tasks["staging"]["try_number"] == 3


def test_a_failure_is_reported_once(airflow: Airflow, failing: Run) -> None:
    assert failing.state == "failed"
    assert (airflow.folder / "alerts").read_text() == "staging\n"


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


def test_a_backfill_publishes_the_same_file(
    mended: Run, backfilled: Run
) -> None:
    assert backfilled.state == "success"
    assert backfilled.announcements == 1
    assert backfilled.published == mended.published


def test_a_task_runs_again_alone(
    daily: Run, backfilled: Run, republished: Run
) -> None:
    assert republished.state == "success"
    for name, task in republished.tasks.items():
        is_same = task["start_date"] == daily.tasks[name]["start_date"]
        assert is_same == (name != "marts")
    assert republished.published == backfilled.published


def test_a_pool_of_one_slot_keeps_tasks_from_waiting_for_the_duckdb_file(
    airflow: Airflow, mended: Run, backfilled: Run
) -> None:
    tasks = sorted(
        [*mended.tasks.values(), *backfilled.tasks.values()],
        key=lambda task: task["start_date"],
    )
    for earlier, later in itertools.pairwise(tasks):
        assert earlier["end_date"] < later["start_date"]
    for run in (mended, backfilled):
        assert "Waiting for another use of" not in airflow.output_of(run)


def test_nothing_phones_home(airflow: Airflow, republished: Run) -> None:
    assert republished.state == "success"
    assert airflow.sink.requests == []


def test_a_pod_is_the_cronjobs_with_other_arguments(
    pods: dict[str, dict[str, Any]],
) -> None:
    assert list(pods) == LAYERS
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


def test_a_pod_runs_what_a_worker_runs(
    pods: dict[str, dict[str, Any]],
    parsed_tasks: Callable[[str], list[Any]],
) -> None:
    for task in parsed_tasks(""):
        [container] = pods[task.task_id]["spec"]["containers"]
        assert container["command"] == ["dbt"]
        of_worker = shlex.split(task.bash_command)
        assert container["args"] == [*of_worker[2:-1], "spark"]
