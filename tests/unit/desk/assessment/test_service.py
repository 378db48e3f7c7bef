# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From a file's words to a subject that can be asked, or a sentence that says why not."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.subject import Stub, says

from comity.assess.subjects.endpoint import Endpoint
from comity.assess.subjects.function import Function
from comity.assess.subjects.process import Process
from comity.assess.subjects.subject import Limits
from comity.desk.assessment.service import check, to_subject
from comity.errors import InvalidDocument, PeerFailed
from comity.files.service import Service
from comity.files.subject import subject_from_toml

LIMITS = Limits(timeout_s=10)

MODULE = """
def answer(prompt): return prompt.upper()
def converse(prompt, history=()): return str(len(history))
def slow(prompt): raise RuntimeError("it is Sunday")
class Model:
    def reply(self, prompt): return "yes"
model = Model()
text = "no function"
"""


@pytest.fixture(autouse=True)
def _leave_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module found in one test must not be found in the next."""
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a module of its own name."""
    name = f"service_of_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(MODULE, "utf-8")
    (tmp_path / "broken_of_service.py").write_text("1 / 0", "utf-8")
    return tmp_path


def described(text: str, folder: Path) -> Service:
    """Return a service as its file describes it."""
    return subject_from_toml(text, folder=folder)


def function(folder: Path, name: str) -> Function:
    """Return a function of the folder's module as a subject."""
    module = f"service_of_{folder.name}"
    found = to_subject(described(f'kind = "function"\ncall = "{module}:{name}"', folder))
    assert isinstance(found, Function)
    return found


def test_a_function_is_found_beside_its_file(folder: Path) -> None:
    """By module and name, methods of objects too."""
    assert function(folder, "answer").call("yes") == "YES"
    assert function(folder, "model.reply").call("?") == "yes"


def test_a_function_converses_where_it_takes_the_history(folder: Path) -> None:
    """Its own parameters say so."""
    assert function(folder, "converse").traits.converses
    assert not function(folder, "answer").traits.converses


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("nowhere_to_be_found:answer", "cannot import nowhere_to_be_found"),
        ("broken_of_service:answer", "ZeroDivisionError"),
        ("{}:nothing", "has nothing called nothing"),
        ("{}:text", "cannot be called"),
    ],
)
def test_a_function_that_is_not_there_is_said(folder: Path, call: str, words: str) -> None:
    """With the module's own error, where it has one."""
    name = call.format(f"service_of_{folder.name}")

    with pytest.raises(InvalidDocument, match="names what is not there") as refused:
        to_subject(described(f'kind = "function"\ncall = "{name}"', folder))

    assert words in str(refused.value)


def test_an_endpoint_carries_all_its_file_says(folder: Path) -> None:
    """Nothing that was written is left out on the way."""
    text = """
        kind = "completions"
        url = "http://127.0.0.1:1/v1"
        model = "m"
        system = "Be brief."
        credential_env = "KEY"
        credential_header = "X-Api-Key"
        width = 3
        max_tokens = 9
        headers = { X-Version = "1" }
        [conversation]
        user = "U{text}"
        assistant = "A{text}"
        system = "S{text}"
        begin = "A"
    """

    found = to_subject(described(text, folder))

    assert isinstance(found, Endpoint)
    assert found.url == "http://127.0.0.1:1/v1/completions"
    assert (found.system, found.width, found.credential_env) == ("Be brief.", 3, "KEY")
    assert (found.credential_header, found.headers) == ("X-Api-Key", {"X-Version": "1"})
    assert found.spelling is not None
    assert found.spelling.begin == "A"
    assert isinstance(found.request, dict)
    assert found.request["max_tokens"] == 9


def test_a_program_carries_all_its_file_says(folder: Path) -> None:
    """The same of a process."""
    text = (
        'kind = "process"\ncommand = ["serve", "-x"]\nfolder = "code"\nenv = ["A"]\n'
        'fresh = true\nannounces = true\nprocesses = 4\nstart_timeout_s = 7\nsystem = "s"'
    )

    found = to_subject(described(text, folder))

    assert isinstance(found, Process)
    assert (found.command, found.folder) == (("serve", "-x"), folder / "code")
    assert (found.variables, found.is_fresh, found.announces) == (("A",), True, True)
    assert (found.processes, found.start_timeout_s, found.system) == (4, 7, "s")
    assert found.label == "serve"


@pytest.mark.parametrize("kind", ["gguf", "transformers"])
def test_weights_are_run_in_a_process_of_their_own(folder: Path, kind: str) -> None:
    """A model that crashes takes no transcript with it."""
    (folder / "m.gguf").write_bytes(b"w")
    field = "file" if kind == "gguf" else "path"
    text = f'kind = "{kind}"\n{field} = "m.gguf"\nthreads = 1\nmax_tokens = 8\nprocesses = 2'

    found = to_subject(described(text, folder))

    assert isinstance(found, Process)
    assert str(folder / "m.gguf") in found.command
    assert found.command[-4:] == ("--max-tokens", "8", "--threads", "1")
    assert found.announces
    assert found.traits.width == 2
    assert found.settings["HF_HUB_OFFLINE"] == "1"


def test_an_agent_of_inspect_is_a_program(folder: Path) -> None:
    """It gets the keys its file names, and a process that has time to import."""
    (folder / "booking.py").write_text("", "utf-8")
    text = (
        'kind = "inspect"\nenv = ["OPENAI_API_KEY"]\nprocesses = 2\nstart_timeout_s = 300\n'
        '[inspect]\ntask = "booking.py@booking"\nmodel = "m/x"'
    )

    found = to_subject(described(text, folder))

    assert isinstance(found, Process)
    assert (found.variables, found.processes) == (("OPENAI_API_KEY",), 2)
    assert (found.announces, found.start_timeout_s) == (True, 300)
    assert f"{folder / 'booking.py'}@booking" in found.command


def test_weights_that_are_not_there_are_said(folder: Path) -> None:
    """Before an engine of a hundred megabytes is loaded."""
    with pytest.raises(InvalidDocument, match=r"there is no .*none\.gguf"):
        to_subject(described('kind = "gguf"\nfile = "none.gguf"', folder))


def test_a_check_asks_a_greeting_and_nothing_else(stub: Stub) -> None:
    """No bank is touched, and what is wrong is said."""
    check(stub.endpoint, LIMITS)
    stub.behaviour = says("late", after_s=2)

    with pytest.raises(PeerFailed, match=r"did not answer within 0\.2 s"):
        check(stub.endpoint, Limits(timeout_s=0.2))

    assert set(stub.asked) == {"Good morning."}


def test_a_function_that_raises_is_not_ready(folder: Path) -> None:
    """Its error's kind is said, not its words, which could hold anything."""
    with pytest.raises(PeerFailed, match="it raised RuntimeError"):
        check(function(folder, "slow"), LIMITS)


@pytest.fixture
def stub() -> Iterator[Stub]:
    """Run an endpoint on loopback for one test."""
    found = Stub()
    found.start()
    yield found
    found.stop()
