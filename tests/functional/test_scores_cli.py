# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A test of scores from 0 to 1, by commands alone, from the bank to what anybody verifies."""

import json
from collections.abc import Iterator

import pytest
from tests.fakes.town import Ran, Town, comity, service, settled

CLAIM = """
slug = "near"
scorer = "chrf/1"
threshold = 0.6
goal = 0.9
risk = 0.05
power = 0.9
conducts = ["accuracy_fit_for_purpose"]
licence = "CC0-1.0"
limits = "Nothing else."

[claim]
en = "It comes near to what it should say."

[categories]
medical = { en = "Health" }
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Return a town where a bank of scores was committed and a test applied for."""
    with settled(tmp_path_factory.mktemp("scores")) as town:
        kh = town.path("kh")
        rows = [
            {
                "category": "medical",
                "prompt": f"say {n}",
                "reference": f"the number is {n}",
                "scorer": "chrf/1",
            }
            for n in range(100, 260)
        ]
        town.path("near.jsonl").write_text(
            "".join(json.dumps(row) + "\n" for row in rows), "utf-8"
        )
        town.path("near.toml").write_text(CLAIM, "utf-8")
        weights = ("--weights", town.path("model.bin"), "--node", town.path("maker"))
        town.do("system", "register", town.path("relief.toml"), *weights)
        claim = ("--claim", town.path("near.toml"), "--node", kh)
        town.do("bank", "commit", town.path("near.jsonl"), *claim)
        yield town


def judged(town: Town, template: str) -> Ran:
    """Apply, plan, reveal, run and report; the service fills its template."""
    kh, maker = town.path("kh"), town.path("maker")
    applied = town.do("assess", "apply", "relief", "--bank", "near", "--node", maker).cited
    claim = ("--claim", town.path("near.toml"), "--node", kh)
    plan = town.do("assess", "plan", applied, *claim, "--scores").cited
    for node in (maker, kh):
        town.do("assess", "reveal", plan, "--node", node)
    with service(lambda text: template.format(text.rsplit(maxsplit=1)[-1])) as url:
        ran = town.run("kh", plan, url)
    assert ran.code == 0, ran.err
    return town.do("assess", "report", plan, "--node", kh)


def test_a_service_that_always_comes_near_is_shown_and_verifies(town: Town) -> None:
    """No answer is the reference, so counting passes would refuse it."""
    found = judged(town, "number is {}").json
    file = town.path("near.finding.json")
    town.do("dossier", f"{found['reference']['log']}#{found['reference']['index']}",
            "--node", town.path("kh"), "--out", file)  # fmt: skip
    checked = comity("verify", file)

    assert [one["verdict"] for one in found["results"]] == ["shown"]
    assert found["results"][0]["lower_bound_ppm"] >= 600_000
    assert checked.code == 0, checked.out + checked.err


def test_a_service_that_says_something_else_is_not_shown(town: Town) -> None:
    """A few letters in common are a score, and not enough of one."""
    found = judged(town, "zzz {}").json

    assert [one["verdict"] for one in found["results"]] == ["not_shown"]
