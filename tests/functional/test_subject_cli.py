# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A service described by its file is tried, registered, tested and watched by commands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.fakes.town import Ran, Town, comity, settled

SERVE = """
import json, pathlib, sys
for line in sys.stdin:
    asked = json.loads(line)
    kind, number = (asked["prompt"].split("of ")[-1] + ": ").split(": ")[:2]
    wrong = pathlib.Path("wrong").read_text().split()
    text = "wrong" if kind in wrong else f"number {number}"
    print(json.dumps({"id": asked["id"], "answer": text}), flush=True)
"""

SERVICE = """
kind = "process"
name = "the relief program"
command = ["python3", "serve.py"]
"""


@dataclass(slots=True)
class Told:
    """What was run in one town, by names of its own, and the folder of the service."""

    town: Town
    folder: Path
    ran: dict[str, Ran] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """Return the file that describes the service."""
        return self.folder / "service.toml"

    def fail(self, *categories: str) -> None:
        """Let the service be wrong of some categories."""
        (self.folder / "wrong").write_text(" ".join(categories), "utf-8")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Return a town where a program was bound by its fingerprint, tested and found good."""
    folder = tmp_path_factory.mktemp("service")
    (folder / "serve.py").write_text(SERVE, "utf-8")
    (folder / "service.toml").write_text(SERVICE, "utf-8")
    with settled(tmp_path_factory.mktemp("watched")) as town:
        told = Told(town, folder)
        told.fail()
        _tell(told)
        yield told


def _tell(told: Told) -> None:
    town, ran, file = told.town, told.ran, told.file
    kh, maker = town.path("kh"), town.path("maker")
    ran["check"] = comity("subject", "check", file, "--json")
    ran["system"] = town.do(
        "system", "register", town.path("relief.toml"), "--subject", file, "--node", maker
    )
    claim = town.path("flood.claim.toml")
    town.do("bank", "commit", town.path("bank.jsonl"), "--claim", claim, "--node", kh)
    applied = town.do("assess", "apply", "relief", "--bank", "flood", "--node", maker).cited
    plan = town.do("assess", "plan", applied, "--claim", claim, "--node", kh).cited
    town.do("assess", "reveal", plan, "--node", maker)
    town.do("assess", "reveal", plan, "--node", kh)
    (told.folder / "other.py").write_text(SERVE.replace("number {number}", "none"), "utf-8")
    other = told.folder / "other.toml"
    other.write_text(SERVICE.replace("serve.py", "other.py"), "utf-8")
    ran["other"] = comity("assess", "run", plan, "--subject", other, "--node", kh)
    ran["run"] = comity("assess", "run", plan, "--subject", file, "--node", kh, "--json")
    ran["report"] = town.do("assess", "report", plan, "--node", kh)


def test_a_service_is_tried_by_one_greeting(told: Told) -> None:
    """And what it can take is said."""
    assert told.ran["check"].code == 0
    assert told.ran["check"].json == {
        "kind": "process",
        "label": "the relief program",
        "converses": True,
        "width": 1,
    }


def test_another_version_is_refused_before_its_first_question(told: Told) -> None:
    """Exit 1, the differences named, nothing of the bank shown."""
    refused = told.ran["other"]

    assert refused.code == 1
    assert "not the version registered" in refused.err
    assert "probes are answered otherwise" in refused.err
    assert "no question of the bank was asked" in refused.err


def test_the_finding_says_how_firmly_it_is_bound(told: Told) -> None:
    """Whoever relies on it reads it from the statement."""
    assert told.ran["run"].code == 0, told.ran["run"].err
    assert told.ran["run"].json["identity"]["strength"] == "endpoint"
    assert told.ran["report"].code == 0


def test_a_healthy_service_is_watched_without_alarm_and_a_fall_is_heard(told: Told) -> None:
    """Exit 0 and 1; anybody derives the same."""
    town, kh = told.town, told.town.path("kh")
    finding = told.ran["report"].cited
    words = ("assess", "drift", finding, "--subject", told.file, "--node", kh)

    healthy = comity(*words, "--json")
    told.fail("rescue")
    fallen = comity(*words, "--questions", "25")
    told.fail()
    town.follow()
    review = comity("assess", "drift", finding, "--review", "--node", kh, "--json")

    assert healthy.code == 0, healthy.err
    assert not healthy.json["alarm"]
    assert {one["failed"] for one in healthy.json["results"]} == {0}
    assert fallen.code == 1, fallen.err
    assert "alarm: evidence" in fallen.out
    assert "fallen" in fallen.out
    assert {check["holds"] for check in review.json["checks"]} == {"true"}
    assert review.code == 0


def test_another_member_reviews_what_it_can_get(told: Told) -> None:
    """Where it has no evidence it says so, and claims nothing."""
    br = told.town.path("br")

    ran = comity(
        "assess", "drift", told.ran["report"].cited, "--review", "--node", br, "--json"
    )

    assert ran.code == 0, ran.err
    assert "false" not in {check["holds"] for check in ran.json["checks"]}


BAD = {
    "no file": (["subject", "check", "nowhere.toml"], "cannot read the subject"),
    "no patience": (["subject", "check", "FILE", "--timeout-s", "0"], "--timeout-s is not"),
    "both": (
        ["assess", "run", "PLAN", "--subject", "FILE", "--model", "m", "--node", "KH"],
        "--model stands in the file",
    ),
    "neither": (["assess", "run", "PLAN", "--node", "KH"], "--subject service.toml, or"),
    "no weights": (["subject", "check", "GGUF"], "names what is not there"),
    "no questions": (
        ["assess", "drift", "FINDING", "--subject", "FILE", "--questions", "0", "--node", "KH"],
        "--questions is not from 1",
    ),
    "no risk": (
        ["assess", "drift", "FINDING", "--subject", "FILE", "--risk", "two", "--node", "KH"],
        "--risk 'two' is no share",
    ),
    "not its own": (
        ["assess", "drift", "FINDING", "--subject", "FILE", "--node", "BR"],
        "only the tester",
    ),
    "two identities": (
        ["system", "register", "PROFILE", "--subject", "FILE", "--digest", "ab" * 32,
         "--node", "MAKER"],
        "give one of --weights, --subject and --digest",
    ),
    "tolerance of nothing": (
        ["system", "register", "PROFILE", "--weights", "FILE", "--tolerance", "1",
         "--node", "MAKER"],
        "--tolerance is for --subject",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_words(told: Told, name: str) -> None:
    """Exit 2 and a sentence."""
    words, said = BAD[name]
    gguf = told.folder / "gguf.toml"
    gguf.write_text('kind = "gguf"\nfile = "none.gguf"\n', "utf-8")
    places = {
        "FILE": told.file,
        "GGUF": gguf,
        "PLAN": told.ran["run"].json["plan"],
        "FINDING": told.ran["report"].cited,
        "PROFILE": told.town.path("relief.toml"),
        "KH": told.town.path("kh"),
        "BR": told.town.path("br"),
        "MAKER": told.town.path("maker"),
    }

    ran = comity(*(places.get(word, word) for word in words))

    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_broken_file_is_told_with_every_fault(tmp_path: Path) -> None:
    """Lines, columns and the words that were meant, as JSON for whoever reads it by program."""
    file = tmp_path / "service.toml"
    file.write_text('kind = "chat"\nulr = "http://h/v1"\nmodel = "m"\nwidth = 0\n', "utf-8")

    ran = comity("subject", "check", file, "--json")

    faults = json.loads(ran.err)["error"]["faults"]
    assert ran.code == 2
    assert [(one["line"], one["near"]) for one in faults] == [(1, None), (2, "url"), (4, None)]
