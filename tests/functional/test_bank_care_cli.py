# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A keeper sees by commands what is left of a bank, who tried, and who spoke last in a draw."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.town import Town, comity, service, settled, wrong_of_shelters
from tests.functional.conftest import Story

from comity.files.pack import SHIPPED

CORE = SHIPPED / "banks" / "disaster-translation.toml"


def test_life_counts_what_the_test_opened(story: Story) -> None:
    """The newest plan's numbers are used, and the weakest category decides."""
    kh = story.town.path("kh")

    told, plain = (
        comity("bank", "life", "flood", "--node", kh, "--json"),
        comity("bank", "life", "flood", "--node", kh),
    )

    found = told.json
    assert (told.code, plain.code) == (0, 0)
    assert all(one["unopened"] < one["items"] for one in found["categories"])
    assert found["perfect"] >= found["goal"] >= found["worst"] >= 0
    assert found["advice"] in plain.out


def test_life_asks_for_numbers_where_no_plan_says_them(story: Story) -> None:
    """All that is missing at once, with the remedy."""
    ran = comity("bank", "life", "nothing", "--node", story.town.path("kh"))

    assert ran.code == 2
    assert "no bank is known here as 'nothing'" in ran.err


def test_alarms_are_silent_where_nothing_was_asked_twice(story: Story) -> None:
    """A continuation goes on where the first test stopped; no item is asked twice."""
    ran = comity("bank", "alarms", "flood", "--node", story.town.path("kh"))

    assert ran.code == 0
    assert "no alarm" in ran.out


def test_attempts_name_what_became_of_each(story: Story) -> None:
    """Any member that follows the logs sees the same ledger."""
    for name in ("kh", "sg"):
        node = story.town.path(name)
        ran = comity("assess", "attempts", "relief", "--node", node, "--json")
        assert [one["bank"] for one in ran.json] == ["flood"]
        # other tests of this process may have planned more in the same town
        assert ran.json[0]["attempts"][0]["fate"] == "reported"
    plain = comity("assess", "attempts", "relief", "--node", story.town.path("sg"))
    assert re.search(r"attempt [2-9]\d* may spend 1/\d+ of the risk asked for", plain.out)
    assert "shelter not shown" in plain.out


@pytest.fixture
def opened(story: Story, tmp_path: Path) -> tuple[Path, str]:
    """Return a file of items opened to an appeals body, and the bank's root."""
    file = tmp_path / "items.json"
    ran = comity(
        "bank", "open", "flood", "--positions", "3,9-11", "--to", file, "--recipient",
        "Appeals Board", "--node", story.town.path("kh"), "--no-publish", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return file, story.ran["bank"].json["root"]


def test_an_opened_file_is_checked_with_nothing_but_the_root(
    opened: tuple[Path, str],
) -> None:
    """No key, no node, no network."""
    file, root = opened
    ran = comity("bank", "check", "--opening", file, "--root", root)

    assert ran.code == 0
    assert "4 items stand in the bank with this root, word for word" in ran.out


def test_a_changed_item_or_another_root_is_refused(opened: tuple[Path, str]) -> None:
    """With the place of the first disagreement."""
    file, root = opened
    other = comity("bank", "check", "--opening", file, "--root", "ab" * 32)
    text = file.read_text("utf-8")
    file.write_text(text.replace('"prompt":"say', '"prompt":"tell', 1), "utf-8")
    changed = comity("bank", "check", "--opening", file, "--root", root)

    assert (other.code, changed.code) == (1, 1)
    assert "items[0]" in other.err
    assert "items[0]" in changed.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give either a bank or --opening"),
        (["--opening", "x.json"], "--opening and --root go together"),
        (["bank.jsonl", "--root", "ab"], "--opening and --root go together"),
    ],
)
def test_a_check_of_nothing_is_refused(arguments: list[str], message: str) -> None:
    """Exit 2, every fault at once."""
    ran = comity("bank", "check", *arguments)

    assert ran.code == 2
    assert message in ran.err


def test_positions_a_bank_does_not_have_are_named(story: Story, tmp_path: Path) -> None:
    """Nothing is written and nothing logged."""
    file = tmp_path / "items.json"
    ran = comity(
        "bank", "open", "flood", "--positions", "3,x,9999", "--to", file, "--recipient", "A",
        "--node", story.town.path("kh"),
    )  # fmt: skip

    assert ran.code == 2
    assert "'x' is no position" in ran.err
    assert "9999 is not among the positions" in ran.err
    assert not file.exists()


def test_practice_is_parted_off_and_gives_nothing_away(tmp_path: Path) -> None:
    """No item of the official bank nearly stands in the public one."""
    official, practice = tmp_path / "bank.jsonl", tmp_path / "practice.jsonl"
    built = comity(
        "bank", "build", CORE, "--seed", "7", "--out", official, "--practice", practice
    )
    clean = comity("bank", "check", official, "--against", practice, "--json")
    alike = comity("bank", "check", practice, "--against", practice)

    assert built.code == 0, built.err
    assert clean.json["overlaps"] == []
    assert clean.json["near_duplicates_ppm"] > 900_000
    assert "alarm: 200 items (100.0 %) nearly stand in the other bank" in alike.out


@pytest.mark.parametrize(
    ("scorer", "prompt", "reference"),
    [
        ("answers/1", "Is Phnom Penh the capital of Cambodia?", "Phnom Penh"),
        ("exact/1", "Say 117 and nothing else.", "117"),
        ("regex/1", "Call 117 or 118?", "11[78]"),
    ],
)
def test_a_prompt_that_gives_its_answer_away_is_refused(
    tmp_path: Path, scorer: str, prompt: str, reference: str
) -> None:
    """Given back unchanged it would pass, so it tests nothing."""
    path = tmp_path / "bank.jsonl"
    row = {"category": "road", "prompt": prompt, "reference": reference, "scorer": scorer}
    path.write_text(json.dumps(row) + "\n", "utf-8")

    ran = comity("bank", "check", path)

    assert ran.code == 2
    assert "the prompt gives its own answer away" in ran.err


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Return a town of its own, with a bank, where nobody was tested yet."""
    with settled(tmp_path_factory.mktemp("drawn")) as town:
        town.do(
            "system", "register", town.path("relief.toml"), "--weights",
            town.path("model.bin"), "--node", town.path("maker"),
        )  # fmt: skip
        claim = town.path("flood.claim.toml")
        town.do(
            "bank", "commit", town.path("bank.jsonl"), "--claim", claim, "--node",
            town.path("kh"),
        )  # fmt: skip
        yield town


def test_two_members_speak_last_in_a_draw_by_commands_alone(town: Town) -> None:
    """Contribute, plan, reveal by four members, close, run, report."""
    kh, maker = town.path("kh"), town.path("maker")
    claim = ("--claim", town.path("flood.claim.toml"))
    applied = town.do("assess", "apply", "relief", "--bank", "flood", "--node", maker).cited
    for name in ("br", "sg"):
        town.do("assess", "contribute", applied, "--node", town.path(name))
    plan = town.do("assess", "plan", applied, *claim, "--contributors", "--node", kh).cited
    for node in (maker, kh, town.path("br")):
        town.do("assess", "reveal", plan, "--node", node)
    early = comity("assess", "reveal", plan, "--node", kh)
    status = comity("assess", "status", "--node", town.path("sg"))
    town.do("assess", "reveal", plan, "--node", town.path("sg"))
    closed = town.do("assess", "reveal", plan, "--node", kh)
    with service(wrong_of_shelters) as url:
        town.run("kh", plan, url)
    report = town.do("assess", "report", plan, "--node", kh)

    assert (early.code, closed.code, report.code) == (2, 0, 0)
    assert "1 of the 2 nonces the draw needs are revealed" in early.err
    assert "next: comity assess reveal" in status.out
    recognised = comity("assess", "attempts", "relief", "--node", town.path("br"), "--json")
    assert recognised.json[0]["attempts"][0]["fate"] == "reported"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--beacon", "quicknet", "--contributors"], "not both"),
        (["--beacon-in", "2h"], "say nothing without --beacon"),
        (["--beacon", "quicknet", "--beacon-in", "soon"], "'soon' is no time"),
        (["--beacon", "quicknet", "--round", "1"], "no later than the plan"),
        (["--beacon", "quiknet"], "did you mean quicknet"),
        (["--least", "2"], "says nothing without --contributors"),
        (["--attempts", "both"], "neither weighted nor product"),
    ],
)
def test_a_draw_that_cannot_be_is_refused(
    town: Town, arguments: list[str], message: str
) -> None:
    """Nothing is logged, and the reason is said."""
    applied = town.do(
        "assess", "apply", "relief", "--bank", "flood", "--node", town.path("maker")
    ).cited
    claim = ("--claim", town.path("flood.claim.toml"))

    ran = comity("assess", "plan", applied, *claim, *arguments, "--node", town.path("kh"))

    assert ran.code == 2
    assert message in ran.err
