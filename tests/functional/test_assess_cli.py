# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A provider and a regulator come from a registration to a finding by commands alone."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.fakes.town import PASSPHRASE, TEMPLATE, Town, comity, last_word, service
from tests.functional.conftest import Story

from comity.assess.subjects.subject import GREETING


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a node's public folder and vault."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ("public", "vault", "log")
        for path in (folder / name).rglob("*")
        if path.is_file() and path.name != "lock"
    }


def test_every_verb_of_the_path_succeeds(story: Story) -> None:
    """Nobody needs anything but the commands."""
    refused = {"too early", "unfinished"}
    failed = {name: ran.err for name, ran in story.ran.items() if ran.code}

    assert set(failed) == refused


def test_each_logged_statement_says_how_many_cosignatures_count(story: Story) -> None:
    """A statement nobody cosigned is one its author can still take back."""
    for name in ("bank", "plan", "report", "recognise br"):
        published = story.ran[name].json["published"]

        assert published["quorum_met"]
        assert len(published["cosigners"]) == published["needed"] == 2


def test_a_draft_shows_the_numbers_and_logs_nothing(story: Story) -> None:
    """An officer reads them before signing."""
    out = story.ran["draft"].out

    assert "from question" in out
    assert "expected questions: 6 of a perfect system" in out
    assert "nothing was logged" in out
    assert story.ran["plan"].json["plan"]["designs"][0]["acceptance"][0] == [6, 0]


def test_out_of_turn_is_refused_with_what_to_do(story: Story) -> None:
    """The order is the protocol."""
    early, unfinished = story.ran["too early"], story.ran["unfinished"]

    assert (early.code, unfinished.code) == (2, 2)
    assert "the provider reveals first" in early.err
    assert "comity assess run" in unfinished.err


def test_each_failed_item_is_shown_as_it_falls(story: Story) -> None:
    """Nobody has to wait for the end to see what goes wrong."""
    out = story.ran["run"].out

    assert "shelter, question 1: say of shelter:" in out
    assert "failed: wrong" in out
    assert "shelter: not shown after 2 questions, 2 failed" in out
    assert "medical: shown after 6 questions, 0 failed" in out


def test_status_names_the_command_that_is_due(story: Story) -> None:
    """Who comes back after a week sees at once what to do."""
    assert "next: comity assess reveal" in story.ran["status"].out

    done = comity("assess", "status", "--node", story.town.path("br"), "--json")

    assert [one["step"] for one in done.json] == ["done"]
    assert done.json[0]["part"] == "continuing"


def test_asking_again_logs_nothing_again(story: Story) -> None:
    """A verb that was interrupted after signing is run again without harm."""
    plan, kh = story.cited("plan"), story.town.path("kh")
    before = tree(kh)["log/journal"]

    revealed = comity("assess", "reveal", plan, "--node", kh, "--no-publish", "--json")
    reported = comity("assess", "report", plan, "--node", kh, "--no-publish", "--json")
    handed = comity(
        "assess", "hand-over", story.cited("report"), "--to", "br", "--node", kh,
        "--no-publish", "--json",
    )  # fmt: skip

    assert revealed.cited == story.cited("reveal kh")
    assert reported.cited == story.cited("report")
    assert handed.cited == story.cited("hand-over")
    assert tree(kh)["log/journal"] == before


BAD = {
    "no such application": (
        ["assess", "plan", "maker.example/log#99", "--threshold", "0.5", "--goal", "0.9"],
        "no application is known here",
    ),
    "another kind": (
        ["assess", "plan", "maker.example/log#1", "--threshold", "0.5", "--goal", "0.9"],
        "is a system, not an application",
    ),
    "too few digits": (["assess", "reveal", "abc"], "too short to tell statements apart"),
    "no numbers": (
        ["assess", "plan", "APPLICATION"],
        "neither --over nor --claim says it",
    ),
    "no share": (
        ["assess", "plan", "APPLICATION", "--threshold", "1e9", "--goal", "nine"],
        "--goal 'nine' is no share",
    ),
    "no claim": (["assess", "plan", "APPLICATION", "--claim", "nowhere.toml"], "cannot read"),
    "planned already": (
        ["assess", "plan", "APPLICATION", "--threshold", "0.5", "--goal", "0.9"],
        "answers the application already",
    ),
    "unknown member": (
        ["assess", "hand-over", "FINDING", "--to", "b"],
        "no peer is called 'b'",
    ),
    "own custody": (["assess", "take-over", "CUSTODY"], "was handed to another member"),
    "no policy": (["assess", "continue", "FINDING"], "no policy for the bank 'flood'"),
    "no endpoint": (
        ["assess", "run", "PLAN", "--endpoint", "nowhere", "--model", "m"],
        "the url is not like",
    ),
    "no model": (
        ["assess", "run", "PLAN", "--endpoint", "http://127.0.0.1:1/v1", "--template", "{}"],
        "--kind chat needs --model",
    ),
    "no template": (
        ["assess", "run", "PLAN", "--endpoint", "http://127.0.0.1:1/", "--kind", "json",
         "--template", "{oops", "--answer-path", "a"],
        "not a template",
    ),
    "no placeholder": (
        ["assess", "run", "PLAN", "--endpoint", "http://127.0.0.1:1/", "--kind", "json",
         "--template", "{}", "--answer-path", "a"],
        "has no {prompt}",
    ),
    "no bank": (
        ["bank", "commit", "nowhere.jsonl", "--claim", "CLAIM"],
        "cannot read the bank",
    ),
    "no profile": (["system", "register", "nowhere.toml", "--digest", "ab" * 32,
                    "--method", "m/1"], "cannot read the profile"),
    "no digest": (["system", "register", "PROFILE"], "give one of --weights"),
    "no file": (["system", "register", "PROFILE", "--weights", "nowhere.bin"], "cannot read"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_and_nothing_is_written(
    story: Story, tmp_path: Path, name: str
) -> None:
    """Exit 2, a sentence, and the node as it was."""
    words, said = BAD[name]
    town, kh = story.town, tmp_path / "kh"
    shutil.copytree(town.path("kh"), kh)
    before = tree(kh)
    places = {
        "APPLICATION": story.cited("application"),
        "PLAN": story.cited("plan"),
        "FINDING": story.cited("report"),
        "CUSTODY": story.cited("hand-over"),
        "CLAIM": str(town.path("flood.claim.toml")),
        "PROFILE": str(town.path("relief.toml")),
    }

    ran = comity(*(places.get(word, word) for word in words), "--node", kh)

    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert tree(kh) == before


def test_every_fault_is_said_at_once(story: Story) -> None:
    """Nobody runs a command five times to learn five faults."""
    ran = comity(
        "assess", "run", story.cited("plan"), "--node", story.town.path("kh"),
        "--endpoint", "http://127.0.0.1:1/", "--kind", "json", "--model", "m",
        "--max-tokens", "0", "--json",
    )  # fmt: skip

    faults = json.loads(ran.err)["error"]["faults"]

    assert ran.code == 2
    assert len(faults) == 4


def test_a_wrong_passphrase_opens_nothing(story: Story, tmp_path: Path) -> None:
    """And is said to be wrong."""
    wrong = tmp_path / "passphrase"
    wrong.write_text("another", "utf-8")

    plan = story.cited("plan")
    words = ("assess", "reveal", plan, "--node", story.town.path("kh"))
    ran = comity(*words, "--passphrase-file", wrong)

    assert ran.code == 2
    assert "passphrase" in ran.err


@pytest.fixture
def fresh(story: Story) -> tuple[Town, str]:
    """Return the town with one more test that nobody has run: its plan."""
    town = story.town
    kh, maker = town.path("kh"), town.path("maker")
    application = town.do("assess", "apply", "relief", "--bank", "flood", "--node", maker).cited
    shares = ("--threshold", "50%", "--goal", "9/10", "--risk", "0.5")
    plan = town.do("assess", "plan", application, *shares, "--node", kh).cited
    town.do("assess", "reveal", plan, "--node", maker)
    town.do("assess", "reveal", plan, "--node", kh)
    return town, plan


class Holding:
    """A service that answers three questions and holds the others back until released."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.holds = threading.Event()
        self.released = threading.Event()

    def __call__(self, text: str) -> str:
        """Answer as a system that is always right, in its time."""
        if text != GREETING:
            self.heard.append(text)
            if len(self.heard) > 3:
                self.holds.set()
                self.released.wait(60)
        return last_word(text)


@pytest.fixture
def apart(fresh: tuple[Town, str], tmp_path: Path) -> tuple[Path, str]:
    """Return a copy of the tester's node, for other processes alone, and its plan.

    The town serves the node itself from this process: two processes on one index, one of
    which other tests made drop its locks, do not go together.
    """
    town, plan = fresh
    shutil.copytree(town.path("kh"), tmp_path / "kh")
    return tmp_path / "kh", plan


@contextmanager
def running(folder: Path, plan: str, url: str) -> Iterator[subprocess.Popen[str]]:
    """Start `comity assess run` as a process of its own.

    A real SIGINT goes to a real process: an interrupt feigned inside a test worker, which
    other tests share and whose handlers they set, was twice not heard.
    """
    command = [sys.executable, "-m", "comity.cli", *asking(folder, plan, url)]
    with subprocess.Popen(
        command,
        env=os.environ | {"COMITY_PASSPHRASE": PASSPHRASE, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def asking(folder: Path, plan: str, url: str) -> list[str]:
    """Return the words that run a test."""
    return [
        "assess", "run", plan, "--node", str(folder), "--kind", "json", "--endpoint", url,
        "--template", TEMPLATE, "--answer-path", "said",
    ]  # fmt: skip


def says_it_stops(process: subprocess.Popen[str]) -> str:
    """Read what a run prints until it has heard that it is to stop."""
    assert process.stdout is not None
    return next(line for line in process.stdout if line.startswith("stopping"))


def answers(folder: Path, plan: str) -> int:
    """Return how many answers of a test are kept."""
    status = comity("assess", "status", "--node", folder, "--json").json
    kept: int = next(one["answers"] for one in status if one["plan"] == plan)
    return kept


def test_an_interrupted_run_goes_on_where_it_stopped(apart: tuple[Path, str]) -> None:
    """Ctrl-C loses nothing that was asked, and nothing is asked for twice."""
    folder, plan = apart
    subject = Holding()
    with service(subject) as url:
        with running(folder, plan, url) as process:
            assert subject.holds.wait(60)
            process.send_signal(signal.SIGINT)
            says_it_stops(process)
            subject.released.set()
            out, _ = process.communicate(timeout=60)
            code = process.returncode
        kept, asked = answers(folder, plan), len(subject.heard)
        finished = comity(*asking(folder, plan, url), "--json")
    report = comity("assess", "report", plan, "--node", folder, "--no-publish", "--json")

    assert code == 130
    assert "run the same command again to go on" in out
    assert 3 < kept == asked
    assert finished.code == 0
    assert finished.json["answers"] > kept
    assert len(subject.heard) == len(set(subject.heard))
    assert {one["verdict"] for one in report.json["results"]} == {"shown"}


def test_interrupted_twice_a_run_stops_at_once(apart: tuple[Path, str]) -> None:
    """What was on its way is not asked again as if for the first time: it counts as failed."""
    folder, plan = apart
    subject = Holding()
    with service(subject) as url:
        with running(folder, plan, url) as process:
            assert subject.holds.wait(60)
            process.send_signal(signal.SIGINT)
            said = says_it_stops(process)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
            code = process.returncode
        kept = answers(folder, plan)
        subject.released.set()
        finished = comity(*asking(folder, plan, url))

    assert code == 130
    assert kept <= 3
    assert "counts as failed unless the plan lets it be asked again" in said
    assert "run the same command again to resume" in err
    assert "failed: no answer (interrupted)" in finished.out
    assert len(subject.heard) == len(set(subject.heard))


def test_a_forecast_asks_nothing_of_the_bank(fresh: tuple[Town, str]) -> None:
    """Who has to ask for money first can say how much."""
    town, plan = fresh
    heard: list[str] = []

    def noting(text: str) -> str:
        heard.append(text)
        return last_word(text)

    with service(noting) as url:
        told = town.run("kh", plan, url, "--forecast", "--price-question", "0.5")
        found = town.run("kh", plan, url, "--forecast", "--json").json
        wrong = town.run("kh", plan, url, "--page", "0.0.0.0:80", "--workers", "0")

    perfect, goal, _, most = found["forecast"]["estimates"]
    assert (told.code, wrong.code) == (0, 2)
    assert "a perfect system" in told.out
    assert "nothing of the bank was asked" in told.out
    assert perfect["questions"] <= goal["questions"] <= most["questions"]
    assert found["answers"] == 0
    assert set(heard) == {GREETING}


def test_a_plan_says_when_an_item_is_asked_again(story: Story) -> None:
    """And the run keeps to it, whatever its own options."""
    town = story.town
    kh, maker = town.path("kh"), town.path("maker")
    application = town.do("assess", "apply", "relief", "--bank", "flood", "--node", maker).cited
    shares = ("--threshold", "50%", "--goal", "9/10", "--risk", "0.5", "--node", kh)
    rules = ("--retry", "busy", "interrupted", "--retry-wait-s", "0", "--rate", "1000/s")

    bad = comity("assess", "plan", application, *shares, "--retry", "tired")
    plan = town.do("assess", "plan", application, *shares, *rules).cited
    town.do("assess", "reveal", plan, "--node", maker)
    town.do("assess", "reveal", plan, "--node", kh)
    with service(last_word) as url:
        ran = town.run("kh", plan, url, "--abreast", "3", "--workers", "2", "--json")
    report = town.do("assess", "report", plan, "--node", kh)

    assert (bad.code, ran.code) == (2, 0)
    assert ran.json["finished"]
    assert {one["verdict"] for one in report.json["results"]} == {"shown"}


def test_a_service_that_is_not_there_is_asked_nothing(fresh: tuple[Town, str]) -> None:
    """No item of the bank is shown to a dead line, or to one that answers garbage."""
    town, plan = fresh
    with service(last_word) as gone:
        pass
    unreachable = town.run("kh", plan, gone)
    with service(last_word) as url:
        garbage = comity(
            "assess", "run", plan, "--node", town.path("kh"), "--kind", "json",
            "--endpoint", url, "--template", TEMPLATE, "--answer-path", "not.there",
        )  # fmt: skip

    assert (unreachable.code, garbage.code) == (2, 2)
    assert "nothing answers at that address" in unreachable.err
    assert "nothing at not.there" in garbage.err
    status = comity("assess", "status", "--node", town.path("kh"), "--json").json
    assert next(one for one in status if one["plan"] == plan)["answers"] == 0


def test_no_credential_is_written_anywhere(
    fresh: tuple[Town, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes into the request's header and nowhere else."""
    town, plan = fresh
    monkeypatch.setenv("RELIEF_KEY", "s3cr3t-t0ken")
    with service(last_word) as url:
        ran = town.run("kh", plan, url, "--credential-env", "RELIEF_KEY")
    missing = town.run("kh", plan, "http://127.0.0.1:1/", "--credential-env", "NO_SUCH_KEY")

    assert ran.code == 0
    assert "s3cr3t-t0ken" not in ran.out + ran.err
    files = (path for path in town.path("kh").rglob("*") if path.is_file())
    assert not any(b"s3cr3t-t0ken" in path.read_bytes() for path in files)
    assert missing.code in {0, 2}
