# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove conflicts` and `comity relate` on the packs that ship.

The worked conflicts of ../shared/facts are looked for by the norms they name; nothing in
the source knows of them, and each has to come out of the packs alone.
"""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from comity.cli.app import run
from comity.desk.law.proofs import Question, conflicts_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One worked conflict.

    Args:
        norms: Beginnings of the ids of norms, one a side, that must meet.
        kind: "conflict", or "difference" where one conduct meets both.
    """

    topic: str
    sides: tuple[str, str]
    norms: tuple[str, str]
    kind: str = "conflict"


WORKED = [
    Expected(
        topic="1 logs against erasure",
        sides=("EU", "CHN"), norms=("eu.gdpr.5", "chn.csl.23"),
    ),
    Expected(
        topic="1 logs against erasure in California",
        sides=("CHN", "USA"), norms=("chn.csl.23", "usa.ca.1798.105"),
    ),
    Expected(
        topic="2 real name against minimal data",
        sides=("EU", "CHN"), norms=("eu.gdpr.5", "chn.csl.26"),
    ),
    Expected(
        topic="2 real name against pseudonyms",
        sides=("EU", "CHN"), norms=("eu.gdpr.de", "chn.ds.9"),
    ),
    Expected(
        topic="9 localisation",
        sides=("EU", "CHN"), norms=("eu.gdpr.44", "chn.csl.39"),
    ),
    Expected(
        topic="9 export control against disclosure, EU",
        sides=("EU", "USA"), norms=("eu.gdpr.48", "usa.disclosure"),
    ),
    Expected(
        topic="9 export control against disclosure, China",
        sides=("CHN", "USA"), norms=("chn.dsl.36", "usa.disclosure"),
    ),
    Expected(
        topic="17 copyright of training data",
        sides=("EU", "CHN"), norms=("eu.aia.53", "chn."), kind="difference",
    ),
    Expected(
        topic="21 emotions at work",
        sides=("EU", "CHN"), norms=("eu.aia.5.1.f", "chn.anthro.13"),
    ),
    Expected(
        topic="25 labels",
        sides=("EU", "CHN"), norms=("eu.aia.50.2", "chn.lbl.5"), kind="difference",
    ),
    Expected(
        topic="25 labels in California",
        sides=("CHN", "USA"), norms=("chn.lbl.5", "usa.ca.sb942"), kind="difference",
    ),
    Expected(
        topic="29 incident clocks",
        sides=("EU", "CHN"), norms=("eu.aia.73", "chn.ndr.10"), kind="difference",
    ),
    Expected(
        topic="29 incident clocks in America",
        sides=("EU", "USA"), norms=("eu.aia.73", "usa.ny"), kind="difference",
    ),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@cache
def found_between(*sides: str) -> dict[str, Any]:
    """Return what is found between whole markets, once a run: it takes seconds."""
    inquest = conflicts_between(Question(sides=sides), today=dt.date(2026, 11, 22))
    plain: dict[str, Any] = json.loads(json.dumps(inquest.to_json()))
    return plain


def _pairs(found: dict[str, Any], kind: str) -> set[tuple[str, ...]]:
    if kind == "conflict":
        return {tuple(party["norm"] for party in one["parties"]) for one in found["conflicts"]}
    return {
        (pair["first"], pair["second"]) for one in found["differences"] for pair in one["norms"]
    }


@pytest.mark.parametrize("expected", WORKED, ids=lambda each: each.topic)
def test_the_worked_conflicts_are_found_unprompted(expected: Expected) -> None:
    """From the packs alone, each by the norms that make it."""
    found = found_between(*expected.sides)
    first, second = expected.norms
    assert any(
        pair[0].startswith(first) and pair[1].startswith(second)
        for pair in _pairs(found, expected.kind)
    )


def test_every_witness_of_real_law_is_small() -> None:
    """A reader can hold it: scopes with many exclusions make it longer."""
    every = [found_between(*sides) for sides in (("EU", "CHN"), ("CHN", "USA"), ("EU", "USA"))]
    conflicts = [one for found in every for one in found["conflicts"]]
    sizes = sorted(len(one["witness"]["answers"]) for one in conflicts)
    assert sizes[len(sizes) // 2] <= 10
    assert {found["undecided"] + found["stopped"] for found in every} == {0}


def test_a_conflict_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """With both citations, the reason, the system and the way out."""
    assert run(["prove", "conflicts", "eu.gdpr", "chn.csl"]) == 0
    out = capsys.readouterr().out
    for words in (
        "avoidable by place", "Art. 23(3)", "because: ", "Logs hold personal data: yes",
        "no: ", "Proven of the encoding",
    ):  # fmt: skip
        assert words in out


def test_the_incident_clocks_name_the_strictest(capsys: pytest.CaptureFixture[str]) -> None:
    """Both figures stand there, and which satisfies both."""
    assert run(["prove", "conflicts", "eu.aia.operation", "chn.ndr"]) == 0
    out = capsys.readouterr().out
    assert "at most 360 hours" in out
    assert "the strictest, at most 24 hours, satisfies all" in out


def test_one_side_is_held_against_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """Named once, or twice, or with --same."""
    found = []
    for words in (["chn.gai"], ["chn.gai", "chn.gai"], ["--same", "chn.gai"]):
        assert run(["prove", "conflicts", *words, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out)["conflicts"])
    assert found == [found[0]] * 3


@pytest.mark.parametrize(
    "words",
    [
        [], ["EU", "CNH"], ["EU", "CHN", "--on", "2026-13-01"], ["EU", "--same", "CHN"],
        ["EU", "CHN", "--timeout", "0"], ["EU", "CHN", "--register", "nowhere.parquet"],
    ],
)  # fmt: skip
def test_a_question_nobody_can_answer_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 2 and nothing on the output."""
    assert run(["prove", "conflicts", *words]) == 2
    assert capsys.readouterr().out == ""


def test_relations_are_listed_and_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """For people, for programs, and for tools of OSCAL."""
    assert run(["relate", "eu.aia.transparency", "VNM"]) == 0
    assert "pairs of norms on the same conduct" in capsys.readouterr().out
    assert run(["relate", "eu.aia.transparency", "vnm.ai", "--format", "json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert {one["relation"] for one in plain} <= {
        "equal", "subset", "superset", "intersects", "none",
    }  # fmt: skip
    words = ["relate", "eu.aia.transparency", "vnm.ai", "--format", "oscal"]
    assert run([*words, "--at", "2026-11-21T00:00:00Z"]) == 0
    oscal = json.loads(capsys.readouterr().out)["mapping-collection"]
    assert oscal["metadata"]["last-modified"] == "2026-11-21T00:00:00Z"
    assert run(["relate", "EU", "CNH"]) == 2
    assert run(["relate", "EU", "CHN", "--timeout", "0"]) == 2
