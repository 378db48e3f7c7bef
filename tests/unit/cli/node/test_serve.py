# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The server as an operator runs it: a process, signals, certificates, figures, a timer."""

import datetime as dt
import hashlib
import ipaddress
import json
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from comity.cli.app import run
from comity.cli.node.serve import seconds_of
from comity.errors import InvalidDocument

_WHERE = re.compile(r"(\w+): (https?://\S+)")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with a passphrase at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMITY_PASSPHRASE", "for tests only")
    return tmp_path


def init(name: str) -> None:
    """Found an example node."""
    assert run(
        ["node", "init", name, "--name", name, "--role", "regulator", "--jurisdiction", "KHM",
         "--origin", f"{name}.example/log", "--example"]
    ) == 0  # fmt: skip


class Running:
    """A server in a process of its own."""

    def __init__(self, name: str, *options: str) -> None:
        command = [sys.executable, "-m", "comity.cli", "node", "serve", name, "--port", "0"]
        self.process = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []
        self.places: dict[str, str] = {}
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found = _WHERE.match(line)
            assert found is not None, line
            self.places[found[1]] = found[2]
            if found[1] == name:
                break
        self.url = self.places[name]
        self._readers = [
            threading.Thread(target=self.lines.extend, args=[stream])
            for stream in (self.process.stdout, self.process.stderr)
        ]
        for reader in self._readers:
            reader.start()

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end and return its exit code."""
        self.process.send_signal(by)
        code = self.process.wait(30)
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


@contextmanager
def running(name: str, *options: str) -> Iterator[Running]:
    """Serve while the block runs; it must end well."""
    server = Running(name, *options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            assert server.stop() == 0


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds, and fail where it never does."""
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it never came true")


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(by: signal.Signals) -> None:
    """Exit 0, as a service manager expects of what it stopped."""
    init("kh")
    with running("kh") as server:
        assert httpx2.get(f"{server.url}/health").json()["status"] == "degraded"
        assert server.stop(by) == 0
    assert run(["node", "fsck", "kh"]) == 0


def test_a_request_under_way_is_finished_first() -> None:
    """A reader halfway through an answer gets the rest."""
    init("kh")
    size = 30_000_000
    with running("kh") as server:
        node_blob = Path("kh/public/blob")
        node_blob.mkdir(exist_ok=True)
        content = bytes(size)
        name = hashlib.sha256(content).hexdigest()
        (node_blob / name).write_bytes(content)
        with httpx2.stream("GET", f"{server.url}/blob/{name}") as answer:
            parts = answer.iter_bytes()
            got = len(next(parts))
            server.process.send_signal(signal.SIGTERM)
            got += sum(map(len, parts))
        assert got == size
        assert server.process.wait(30) == 0
        server.stop()


def test_two_servers_follow_each_other_by_themselves() -> None:
    """Each asks the other under its own name; nobody runs a verb."""
    init("kh")
    init("br")
    Path("note.json").write_text('{"predicateType":"note","subject":[],"predicate":{"n":1}}')
    with (
        running("kh", "--follow-every", "1s", "--metrics-port", "0") as kh,
        running("br") as br,
    ):
        assert run(["node", "peer", "kh", br.url, "--name", "Brazil"]) == 0
        assert run(["node", "peer", "br", kh.url, "--name", "Cambodia"]) == 0
        assert run(["node", "follow", "br"]) == 0
        eventually(lambda: "br.example/log" in metrics(kh))
        assert run(["publish", "note.json", "--node", "br"]) == 0
        size = int(httpx2.get(f"{br.url}/checkpoint").text.split("\n")[1])
        assert size > 1
        eventually(lambda: entries_of(kh, "br.example/log") >= size)
        assert run(["node", "follow", "br"]) == 0
        eventually(lambda: 'counted_entries{log="kh.example/log"} 0.0' not in metrics(kh))
        signed = re.search(r"comity_signed_requests_total ([0-9.]+)", metrics(kh))
        assert signed is not None
        assert float(signed[1]) > 0
        found = httpx2.get(f"{kh.url}/health").json()
        assert (found["peers"]["followed"], found["peers"]["stale"]) == (1, [])
    assert any(line.startswith("Brazil: ") and "in all" in line for line in kh.lines)


def entries_of(server: Running, log: str) -> float:
    """Return how many entries of a log a server says it holds."""
    found = re.search(rf'comity_log_entries{{log="{log}"}} ([0-9.]+)', metrics(server))
    return 0.0 if found is None else float(found[1])


def metrics(server: Running) -> str:
    """Return what the operator's monitoring reads."""
    return httpx2.get(server.places["metrics"]).text


def test_it_goes_on_with_new_keys_after_a_rotation() -> None:
    """Elsewhere than in the server, where an operator rotates; nobody has to start it again."""
    init("kh")
    server = Running("kh")
    try:
        assert run(["identity", "rotate", "--node", "kh"]) == 0
        until = time.monotonic() + 20
        while server.lines[-1:] != [f"kh: {server.url}\n"] and time.monotonic() < until:
            time.sleep(0.1)
        assert "the keys were rotated: going on with the new ones\n" in server.lines
        said = httpx2.get(f"{server.url}/health").json()["why"]
        assert not any("keys" in why for why in said)
    finally:
        assert server.stop() == 0


def test_it_says_at_its_start_that_peers_know_more_of_its_log() -> None:
    """A log that came back from an old copy is noticed before anything is published."""
    init("kh")
    init("br")
    assert run(["node", "peer", "kh", "br"]) == 0
    shutil.copytree("kh", "old")
    Path("note.json").write_text('{"predicateType":"note","predicate":{"n":1}}')
    assert run(["publish", "note.json", "--node", "kh"]) == 0
    assert run(["node", "peer", "br", "kh"]) == 0
    assert run(["node", "follow", "br", "--no-seen"]) == 0
    (mirror,) = Path("br/peers").iterdir()
    shutil.copytree(mirror, Path("br/public/mirrors") / mirror.name)
    Path("kh").rename("newer")
    Path("old").rename("kh")
    server = Running("kh")
    until = time.monotonic() + 20
    while not server.lines and time.monotonic() < until:
        time.sleep(0.1)
    assert server.stop() == 0
    (said,) = server.lines
    assert said.startswith("peers were asked for this log: ")
    assert "br shows its checkpoint of size 2" in said


def test_the_access_log_names_no_visitor() -> None:
    """One line of JSON a request; addresses only where the operator asks for them."""
    init("kh")
    with running("kh", "--access-log") as server:
        httpx2.get(f"{server.url}/checkpoint")
        httpx2.get(f"{server.url}/nothing", headers={"host": "evil.example"})
        server.stop()
        lines = [json.loads(line) for line in server.lines if line.startswith("{")]
    assert [(one["path"], one["status"]) for one in lines] == [
        ("/checkpoint", 200),
        ("/nothing", 421),
    ]
    assert "127.0.0.1" not in "".join(server.lines)


def test_a_header_without_end_is_refused() -> None:
    """32 KiB are enough for anybody."""
    init("kh")
    with running("kh") as server, httpx2.Client() as client:
        answer = client.get(f"{server.url}/checkpoint", headers={"x-long": "x" * 40_000})
        assert answer.status_code == 431
        assert client.get(f"{server.url}/checkpoint").status_code == 200


def test_it_serves_tls_with_a_certificate_of_its_own(place: Path) -> None:
    """And a peer follows it over TLS, by the name in the certificate."""
    init("kh")
    certificate = write_certificate(place / "kh")
    with Path("kh/node.toml").open("a") as file:
        file.write('[http]\ncertificate = "chain.pem"\nkey = "key.pem"\n')
    with running("kh") as server:
        assert server.url.startswith("https://")
        trusting = ssl.create_default_context(cafile=str(certificate))
        answer = httpx2.get(f"{server.url}/checkpoint", verify=trusting)
        assert answer.text.startswith("kh.example/log\n")
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(f"{server.url}/checkpoint")


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('[http]\ncertificate = "gone.pem"\nkey = "gone.pem"\n', "cannot be used"),
        ('[http]\ncertificate = "node.toml"\nkey = "node.toml"\n', "cannot be used"),
        ('[http]\ncertificate = "chain.pem"\n', "go together"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_said(
    section: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is served."""
    init("kh")
    with Path("kh/node.toml").open("a") as file:
        file.write(section)
    capsys.readouterr()
    assert run(["node", "serve", "kh", "--port", "0"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0), ("30s", 30), ("10m", 600), ("6h", 21600)]
)
def test_a_time_between_visits_is_read(text: str, seconds: int) -> None:
    """As operators write it."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["10", "m", "0s", "-1m", "1.5h", "1d", "999999s"])
def test_no_other_time_is_taken(text: str) -> None:
    """Better asked than guessed."""
    with pytest.raises(InvalidDocument):
        seconds_of(text)


def write_certificate(folder: Path) -> Path:
    """Write a certificate for 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kh.example")])
    now = dt.datetime.now(tz=dt.UTC)  # noqa: TID251 - TLS reads the real clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "chain.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "chain.pem"
