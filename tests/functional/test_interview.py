# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity interview` as people use it, and what `comity determine` then makes of it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from comity.cli.app import run
from comity.files.library import shipped_library
from comity.files.profile import read_profile
from comity.law.fact import Silence

PROFILE = """\
system = "relief-translator"   # a slug
roles = ["provider"]
markets = ["KHM", "VNM"]

[facts]
is_ai_system = true            # surely
"""
CARD = "---\npipeline_tag: translation\n---\n# A model\n"
ON = ("--on", "2026-11-21")
Out = pytest.CaptureFixture[str]


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a profile that answers little."""
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "relief.toml"
    path.write_text(PROFILE, "utf-8")
    return path


def _interview(profile: Path, *words: str) -> int:
    return run(["interview", str(profile), *ON, *words])


def _typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def _json(profile: Path, capsys: Out, *words: str) -> dict[str, Any]:
    capsys.readouterr()
    assert _interview(profile, "--json", *words) == 0
    plain: dict[str, Any] = json.loads(capsys.readouterr().out)
    return plain


def _next(profile: Path, capsys: Out) -> str:
    (question,) = _json(profile, capsys, "--questions", "1")["questions"]
    return str(question["fact"])


def test_a_conversation_writes_each_answer_and_says_why_it_asks(
    profile: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip is asked again, a step is taken back, a stop keeps what was said."""
    first = _next(profile, capsys)
    _typing(monkeypatch, "perhaps not", "?", "u", "?", "s", "q", "never read")
    assert _interview(profile) == 0
    out = capsys.readouterr().out
    for said in ("norms cannot be told", "Settles up to", "It is asked for", "taken back: ",
                 "1 answered; ", "? not known, - not applicable, ! disputed"):  # fmt: skip
        assert said in out
    assert profile.read_text("utf-8") == PROFILE + f'{first} = "not known"\n'
    assert _next(profile, capsys) != first


def test_who_closes_the_line_has_stopped(
    profile: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that ends is no error."""
    _typing(monkeypatch)
    assert _interview(profile) == 0
    assert "0 answered; " in capsys.readouterr().out
    assert profile.read_text("utf-8") == PROFILE


def test_not_applicable_without_a_guard_is_noted_as_a_word(
    profile: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the determination says on whose word it rests."""
    _typing(monkeypatch, *["-"] * 40)
    assert _interview(profile, "--in", "VNM", "--questions", "1") == 0
    out = capsys.readouterr().out
    assert "noted as your word" in out
    assert run(["determine", str(profile), "--in", "VNM", *ON, "--json"]) == 0
    rulings = json.loads(capsys.readouterr().out)["determination"]["rulings"]
    said = {name for each in rulings for clause in each["decided_by"]
            for name in clause["said_not_applicable"]}  # fmt: skip
    assert len(said) == 1
    assert run(["determine", str(profile), "--in", "VNM", *ON, "--all"]) == 0


def test_prepared_answers_need_no_terminal(profile: Path, capsys: Out) -> None:
    """Each is told with what was open; what nobody asked for is not written."""
    batch = profile.with_name("batch.toml")
    batch.write_text(
        "[facts]\nresearch_only = false\noffered_to_public = true\nsurgical_robot = false\n"
        'uses_user_input_for_training = "disputed"\n[facts.VNM]\noffered_to_public = false\n',
        "utf-8",
    )
    assert _interview(profile, "--batch", str(batch)) == 0
    out = capsys.readouterr().out
    assert "offered_to_public = true, VNM: false" in out
    answers = read_profile(profile, shipped_library())
    assert answers.answers["offered_to_public"] is True
    assert answers.in_market["VNM"]["offered_to_public"] is False  # type: ignore[index] # a code
    assert "The answers stand in" in out


def test_documents_answer_first(profile: Path, capsys: Out) -> None:
    """With --json nothing is asked, and everything taken in is listed."""
    card = profile.with_name("README.md")
    card.write_text(CARD, "utf-8")
    plain = _json(profile, capsys, "--from", str(card))
    outcomes = {each["fact"]: each["outcome"] for each in plain["taken_in"]}
    assert outcomes == {
        "is_ai_system": "agrees",
        "generates": "answered",
        "use_area": "answered",
    }
    text = profile.read_text("utf-8")
    assert (
        'generates = { value = { known_in = ["text"], known_out = [] }, note = "README.md'
        in text
    )
    assert run(["determine", str(profile), *ON, "--explain", "vnm.ai.11.1"]) == 0


def test_questions_are_told_to_programs(profile: Path, capsys: Out) -> None:
    """Best first, with the norms that wait; nothing is written."""
    plain = _json(profile, capsys, "--questions", "3")
    settles = [each["settles_thousandths"] for each in plain["questions"]]
    assert settles == sorted(settles, reverse=True)
    assert len(settles) == 3
    assert plain["undetermined"] == len(plain["norms"])
    assert set(plain["questions"][0]["norms"]) <= set(plain["norms"])
    assert profile.read_text("utf-8") == PROFILE


def test_an_interview_to_its_end_leaves_nothing_to_ask(
    profile: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever knows nothing has said so once for everything that matters."""
    _typing(monkeypatch, *["?"] * 400)
    assert _interview(profile) == 0
    capsys.readouterr()
    assert _json(profile, capsys)["questions"] == []
    answers = read_profile(profile, shipped_library()).answers
    assert set(answers.values()) == {True, Silence.NOT_KNOWN}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "provder"), "did you mean 'provider'?"),
        (("--in", "VNN"), "'VNN' is no market"),
        (("--on", "soon"), "is not a date"),
        (("--batch", "none.toml"), "none.toml"),
        (("--from", "none.json"), "none.json"),
        (("--packs", "none"), "no folder of packs at none"),
    ],
)
def test_a_fault_in_the_question_ends_with_two(
    profile: Path, capsys: Out, words: tuple[str, ...], said: str
) -> None:
    """And nothing was written."""
    assert run(["interview", str(profile), *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
    assert profile.read_text("utf-8") == PROFILE


def test_a_profile_without_room_for_answers_is_told_so(
    profile: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than written anew."""
    profile.write_text(
        'system = "x"\nroles = ["provider"]\nfacts.is_ai_system = true\n', "utf-8"
    )
    _typing(monkeypatch, "?")
    assert _interview(profile, "--in", "VNM") == 2
    assert "lines of their own below a header [facts]" in capsys.readouterr().err
