# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A regulator relies on another's finding, or declines, and everybody sees why."""

from pathlib import Path

import pytest
from tests.fakes.town import comity
from tests.functional.conftest import Story


def decisions(recognition: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """Return what was decided of each category."""
    return {one["name"]: one["decision"] for one in recognition["categories"]}


def test_the_second_recognises_what_is_shown_at_its_own_risk(story: Story) -> None:
    """After the few further items of the same draw."""
    recognition = story.ran["recognise br"].json["recognition"]

    assert recognition["decision"] == "recognised"
    assert recognition["continuation"] == story.ran["report again"].json["reference"]
    assert decisions(recognition) == {
        "medical": "recognised",
        "rescue": "recognised",
        "shelter": "declined",
    }
    assert story.ran["run again"].json["answers"] == 4


def test_the_third_declines_for_want_of_what_it_requires(story: Story) -> None:
    """And says so in one sentence."""
    recognition = story.ran["recognise sg"].json["recognition"]

    assert recognition["decision"] == "declined"
    assert set(decisions(recognition).values()) == {"declined"}
    assert recognition["reasons"] == ["shelter, which the policy requires, is not recognised"]


def test_a_dry_run_shows_everything_and_signs_nothing(story: Story) -> None:
    """The officer sees what would be signed, and why."""
    out = story.ran["dry"].out

    assert "✓ scores: every answer scores again as recorded" in out
    assert "after 2 further items of the same" in out
    assert "nothing was signed" in out


def test_a_member_without_a_policy_decides_nothing(story: Story) -> None:
    """A policy comes before what it judges."""
    ran = comity("recognise", story.cited("report"), "--node", story.town.path("kh"))

    assert ran.code == 2
    assert "logged no policy for the bank 'flood'" in ran.err


FAULTS = """
bank = "flood"
trusts = ["kr", "kh", "kh"]
route = "continue"
risk = 5
requires = ["shelters"]
notes = "x"
"""


def test_a_policy_lists_every_fault_with_its_place(story: Story, tmp_path: Path) -> None:
    """With the nearest right word, and nothing logged."""
    file = tmp_path / "faulty.toml"
    file.write_text(FAULTS, "utf-8")

    ran = comity("policy", "set", file, "--node", story.town.path("br"))

    assert ran.code == 2
    for said in (
        "line 3, column 11: no followed member is called 'kr'",
        "line 3, column 23: 'kh' stands twice",
        "line 4, column 1: 'continue' is no route",
        "line 5, column 1: risk is not a number between 0 and 1",
        "line 6, column 13: the bank 'flood' has no category 'shelters'",
        "did you mean 'shelter'?",
        "line 7, column 1: a policy has no field 'notes'; did you mean 'note'?",
    ):
        assert said in ran.err


@pytest.mark.parametrize("content", [b"\xff", b"bank = ", b""])
def test_a_policy_that_is_no_policy_is_refused(
    story: Story, tmp_path: Path, content: bytes
) -> None:
    """Whatever the file holds, the answer is a sentence."""
    file = tmp_path / "policy.toml"
    file.write_bytes(content)

    ran = comity("policy", "set", file, "--node", story.town.path("br"))

    assert ran.code == 2
    assert ran.err.startswith("error: ")


def test_a_finding_is_cited_by_its_digest_too(story: Story) -> None:
    """Eight digits are enough; a wrong one is answered with the nearest."""
    digest = story.ran["report"].json["reference"]["sha256"]
    br = story.town.path("br")
    slip = ("0" if digest[7] != "0" else "1") + digest[8]

    by_digest = comity("recognise", digest[:8], "--node", br, "--dry-run", "--json")
    nearly = comity("recognise", digest[:7] + slip, "--node", br, "--dry-run")

    assert by_digest.code == 0
    assert nearly.code == 2
    assert f"did you mean '{digest[:9]}'" in nearly.err
