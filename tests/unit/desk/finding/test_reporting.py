# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A report says what was tested, what came of it, and what nobody should read into it."""

from typing import Any

import pytest
from tests.fakes.federation import Federation, Stages
from tests.fakes.forgery import Lie, forge
from tests.unit.desk.finding.test_verification import go_on

from comity.desk.finding.reporting import report_of
from comity.desk.finding.sheet import ReportedIdentity
from comity.desk.finding.verification import assemble, verify_dossier
from comity.desk.finding.writing import FORM, LIMITS, FindingReport, to_json
from comity.evidence.publishing import Publishing
from comity.files.dossier import from_bytes

LABELS = {"rescue": {"en": "Rescue", "zh": "救援"}, "shelter": {"en": "Shelters"}}


def report(lie: Lie | None = None) -> FindingReport:
    """Return the report of a forged story."""
    return report_of(verify_dossier(from_bytes(forge(lie))))


def labelled(said: dict[str, Any]) -> dict[str, Any]:
    """State what categories are called."""
    return {**said, "labels": LABELS}


def publishing(word: object) -> Lie:
    """Return a story whose plan says which items are published."""

    def change(said: dict[str, Any]) -> dict[str, Any]:
        return {**said, "rules": {**said["rules"], "publish_items": word}}

    return Lie(said={"plan": change}, records=first_fails)


def first_fails(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let the first question fail, and only it."""
    return [{**records[0], "answer": "wrong", "passed": False}, *map(right, records[1:])]


def right(record: dict[str, Any]) -> dict[str, Any]:
    """Let a question be answered rightly."""
    return {**record, "answer": record["item"]["reference"], "passed": True}


def one_category(said: dict[str, Any]) -> dict[str, Any]:
    """Plan one category of two."""
    return {**said, "categories": said["categories"][:1]}


def only_rescue(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ask of one category only."""
    return [record for record in records if record["item"]["category"] == "rescue"]


def test_a_report_says_who_tested_what_and_what_came_of_it() -> None:
    """Everything on it is read from what was verified."""
    found = report(Lie(said={"bank": labelled}))

    assert (found.provider.name, found.tester.name) == ("maker", "kh")
    assert found.verdict == "shown"
    assert found.claim == {"en": "It repeats."}
    assert [one.label.get("en") for one in found.categories] == ["Rescue", "Shelters"]
    assert found.bank.size == 80
    assert found.continues is None
    assert [check.holds for check in found.checks] == [True] * len(found.checks)


def test_the_path_of_a_category_is_told_by_its_failures() -> None:
    """Where failures fell is all there is to the path; the verdict falls where it says."""
    found = report()

    for one in found.categories:
        assert len(one.failed_at) == one.failed
        assert all(1 <= at <= one.asked for at in one.failed_at)
        accepted = max(step.failed for step in one.acceptance if step.asked <= one.asked)
        assert one.failed <= accepted


@pytest.mark.parametrize(
    ("word", "publishes", "failed", "passed"),
    [
        ("all", Publishing.ALL, True, True),
        ("failed", Publishing.FAILED, True, False),
        ("none", Publishing.NONE, False, False),
        ("perhaps", Publishing.NONE, False, False),
        (7, Publishing.NONE, False, False),
    ],
)
def test_items_are_shown_as_the_plan_says(
    word: object, publishes: Publishing, *, failed: bool, passed: bool
) -> None:
    """A word nobody knows publishes nothing: what is out cannot be taken back."""
    found = report(publishing(word))

    assert found.publishing is publishes
    assert len(found.items) + found.withheld == found.asked
    assert any(not one.passed for one in found.items) is failed
    assert any(one.passed for one in found.items) is passed


def test_the_floor_and_what_may_be_listed_are_said() -> None:
    """A floor for every language, and the list where the plan claims one."""
    found = report()
    listed = report(Lie(said={"plan": lambda said: {**said, "claims": "list"}}))

    assert found.floor_ppm == min(one.lower_bound_ppm for one in found.categories)
    assert found.shown == tuple(x.name for x in found.categories if x.verdict == "shown")
    assert (found.is_listed, listed.is_listed) == (False, True)
    assert set(found.shown) <= set(listed.shown)


def test_what_ties_the_version_to_what_was_tested_is_said() -> None:
    """A finding about "some model behind an address" must read as one."""
    tie = {"strength": "name only", "method": "weights/1", "registered": "ab" * 32,
           "compared": ["address", "name"], "seen": None}  # fmt: skip
    silent = report()
    said = report(Lie(said={"finding": lambda words: {**words, "identity": tie}}))
    garbled = report(Lie(said={"finding": lambda words: {**words, "identity": {"x": 1}}}))

    assert silent.identity is None
    assert garbled.identity is None
    assert said.identity == ReportedIdentity(
        strength="name only", method="weights/1", compared=("address", "name")
    )


def test_what_was_not_tested_is_said() -> None:
    """Categories left out, items unopened: silence would read as a pass."""
    found = report(Lie(said={"bank": labelled, "plan": one_category}, records=only_rescue))

    assert dict(found.untested.categories) == {"shelter": {"en": "Shelters"}}
    assert found.untested.opened == found.asked
    assert found.untested.unopened == 80 - found.asked
    assert found.untested.conversations == 0


def test_a_continuation_reads_as_one(tested: Federation, stages: Stages) -> None:
    """Two testers, one draw: the report says whose questions were asked before."""
    assert stages.tested.finding is not None
    own = go_on(tested, stages.tested.finding)
    dossier = assemble(tested.sg, tested.gathered(tested.sg, own))

    found = report_of(verify_dossier(dossier))

    assert found.continues is not None
    assert found.continues.tester.name == "kh"
    assert found.continues.asked + found.asked == found.untested.opened
    for one in found.categories:
        assert 0 < one.asked_before < one.asked


def test_the_json_of_a_report_keeps_to_its_documented_fields() -> None:
    """Programs read it: fields may be added, one that goes is a new version of the form."""
    found = to_json(report())

    assert found["report"] == FORM
    assert set(found) == {
        "report", "finding", "verdict", "claim", "issued", "system", "identity", "provider",
        "tester", "bank", "attempt", "continues", "asked", "categories", "publishing", "items",
        "withheld", "untested", "limits", "checks", "members", "is_listed", "shown",
        "floor_ppm",
    }  # fmt: skip
    limits = found["limits"]
    assert isinstance(limits, list)
    assert {one["limit"]: one["text"] for one in limits} == dict(LIMITS)
