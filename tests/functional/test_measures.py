# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity measures` and `comity changes`, as a compliance engineer runs them."""

import json
from pathlib import Path
from typing import Any

import pytest

from comity.cli.app import run

EXAMPLES = Path(__file__).parents[2] / "examples"
ASSISTANT = EXAMPLES / "public-assistant.toml"

TORN = """\
system  = "torn"
roles   = ["provider"]
markets = ["EU", "CHN"]

[facts]
is_ai_system              = true
data_controller           = true
identity_needed           = false
generates                 = ["text", "image"]
deep_fake                 = true
online_service            = true
processes_personal_data   = true
personal_use_only         = false
defence_or_security_only  = false
law_enforcement_authorised = false
"""
"""A service that China asks to check who its users are, and the EU not to, without need."""


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    """Return the profile of a system between two laws."""
    path = tmp_path / "torn.toml"
    path.write_text(TORN, "utf-8")
    return path


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run([*words, "--json"]) == 0
    plain: dict[str, Any] = json.loads(capsys.readouterr().out)
    return plain


def test_the_plan_names_figures_norms_and_whose_assumptions_the_days_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader can take it to the people who have to do it."""
    monkeypatch.setenv("COLUMNS", "160")
    words = ("--in", "EU,CHN,VNM", "--on", "2026-11-22")
    assert run(["measures", str(ASSISTANT), *words]) == 0
    said = capsys.readouterr().out
    for part in (
        "Keep logs: at least 184 day", "chn.csl.23.logs", "eu.aia.50.2", "Refrain from",
        "Would be needed if", "assumptions of the authors of Comity", "~ marks",
    ):  # fmt: skip
        assert part in said, part


def test_a_collision_found_from_the_packs_alone_has_its_ways_out(
    torn: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To check who users are, and not to: separate, withhold, or change the system."""
    plain = _json(capsys, "measures", str(torn), "--on", "2026-11-22")
    (place,) = (
        i for i, each in enumerate(plain["course"]["conflicts"])
        if "eu.gdpr.5.identity" in {ask["norm"] for ask in each["asks"]}
    )  # fmt: skip
    ways = {each["way"] for each in plain["ways_out"][place]}
    assert {"separate by place", "separate by design", "withhold", "change facts"} <= ways
    monkeypatch.setenv("COLUMNS", "160")
    assert run(["measures", str(torn), "--on", "2026-11-22"]) == 0
    said = capsys.readouterr().out
    for part in (
        "Cannot be met together", "must not: Check users' real identity",
        "one deployment per market", "withhold the system from CHN", "change the system",
    ):  # fmt: skip
        assert part in said, part


def test_what_a_way_out_promises_holds(torn: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever changes the fact in the profile finds the conflict gone."""
    plain = _json(capsys, "measures", str(torn), "--on", "2026-11-22")
    ways = [way for each in plain["ways_out"] for way in each]
    changed = next(way for way in ways if way["way"] == "change facts")
    text = TORN
    for fact in changed["facts"]:
        lines = [line for line in text.splitlines() if not line.startswith(f"{fact['fact']} ")]
        text = "\n".join([*lines, f"{fact['fact']} = {json.dumps(fact['to'])}", ""])
    torn.write_text(text, "utf-8")
    after = _json(capsys, "measures", str(torn), "--on", "2026-11-22")
    assert after["course"]["conflicts"] == changed["remaining_conflicts"]
    assert after["course"]["days"] == changed["days"] - changed_days(changed)


def changed_days(way: dict[str, Any]) -> int:
    """Return what changing the facts themselves is taken to cost."""
    return int(way["days"]) - sum(int(each["days"]) for each in way["measures"])


def test_nothing_asked_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    """A market without a pack gives no measures, and no false peace of mind."""
    assert run(["measures", str(ASSISTANT), "--in", "ISL", "--on", "2026-11-22"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "No pack is held for ISL" in said


def test_changes_name_the_cause(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a day of the law, with the day."""
    monkeypatch.setenv("COLUMNS", "160")
    words = ("--in", "EU", "--since", "2026-07-01", "--on", "2026-11-22")
    assert run(["changes", str(ASSISTANT), *words]) == 0
    said = capsys.readouterr().out
    assert "eu.aia.50.2" in said
    assert "law: in force from 2026-08-02" in said
    assert "Known since its pack was recorded" in said


def test_what_comes_due_is_seen_ahead(capsys: pytest.CaptureFixture[str]) -> None:
    """With the packs as they are held today."""
    words = ("changes", str(ASSISTANT), "--in", "EU", "--on", "2026-07-20", "--ahead", "30")
    plain = _json(capsys, *words)
    due = {each["norm"]: each for each in plain["changes"] if each["change"] == "became due"}
    assert due["eu.aia.50.2"]["causes"] == [["law"]]
    assert plain["on"] == "2026-08-19"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("changes", "--in", "EU"), "from which day on?"),
        (("changes", "--since", "2026-01-01", "--ahead", "3"), "from which day on?"),
        (("changes", "--ahead", "99999999"), "no calendar reaches"),
        (("changes", "--since", "2026-31-01"), "2026-31-01"),
        (("changes", "--since", "2027-01-01", "--on", "2026-01-01"), "is not before"),
        (("changes", "--since", "2026-01-01", "--answers", "none.toml"), "cannot read"),
        (("measures", "--in", "EUU"), "EUU"),
        (("measures", "--costs", "none.toml"), "cannot read the costs"),
        (("measures", "--role", "pilot"), "unknown role"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_bad_input_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    """Nobody sees a traceback."""
    verb, *rest = words
    assert run([verb, str(ASSISTANT), *rest]) == 2
    assert said in capsys.readouterr().err
