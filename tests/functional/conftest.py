# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One town that carried a test from registration to two decisions, by the command line."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from tests.fakes.town import Ran, Town, comity, service, settled, wrong_of_shelters

CONTINUES = """
bank = "flood"
trusts = ["kh"]
route = "continuation"
risk = 0.01
threshold = 0.5
note = "A stricter risk."
"""

REQUIRES = """
bank = "flood"
trusts = ["kh"]
route = "plan"
risk = 0.05
requires = ["shelter"]
threshold = 0.5
note = "Nothing without shelters."
"""


@dataclass(slots=True)
class Story:
    """What every verb of one whole path did, by a name of its own."""

    town: Town
    url: str
    ran: dict[str, Ran] = field(default_factory=dict)

    def cited(self, name: str) -> str:
        """Return how the statement a verb logged is cited."""
        return self.ran[name].cited


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Return the whole path, run once: register to recognise."""
    folder = tmp_path_factory.mktemp("town")
    with settled(folder) as town, service(wrong_of_shelters) as url:
        told = Story(town, url)
        _tell(told)
        yield told


def _tell(told: Story) -> None:
    town, ran = told.town, told.ran
    kh, br, sg, maker = (town.path(name) for name in ("kh", "br", "sg", "maker"))
    for name, text in (("br", CONTINUES), ("sg", REQUIRES)):
        file = town.path(f"{name}.policy.toml")
        file.write_text(text, "utf-8")
        ran[f"policy {name}"] = town.do("policy", "set", file, "--node", town.path(name))
    weights = town.path("model.bin")
    ran["system"] = town.do(
        "system", "register", town.path("relief.toml"), "--weights", weights, "--node", maker
    )
    ran["bank"] = town.do(
        "bank", "commit", town.path("bank.jsonl"), "--claim", town.path("flood.claim.toml"),
        "--node", kh,
    )  # fmt: skip
    ran["application"] = town.do(
        "assess", "apply", "relief", "--bank", "flood", "--node", maker
    )
    claim = ("--claim", town.path("flood.claim.toml"))
    applied = told.cited("application")
    ran["draft"] = comity("assess", "plan", applied, *claim, "--node", kh, "--dry-run")
    ran["plan"] = town.do("assess", "plan", applied, *claim, "--node", kh)
    plan = told.cited("plan")
    ran["too early"] = comity("assess", "reveal", plan, "--node", kh)
    ran["reveal maker"] = town.do("assess", "reveal", plan, "--node", maker)
    ran["status"] = comity("assess", "status", "--node", kh)
    ran["reveal kh"] = town.do("assess", "reveal", plan, "--node", kh)
    ran["unfinished"] = comity("assess", "report", plan, "--node", kh)
    ran["run"] = town.run("kh", plan, told.url, "--thrift")
    ran["report"] = town.do("assess", "report", plan, "--node", kh)
    _rely(told, br, sg)


def _rely(told: Story, br: object, sg: object) -> None:
    town, ran = told.town, told.ran
    finding = told.cited("report")
    ran["hand-over"] = town.do(
        "assess", "hand-over", finding, "--to", "br", "--node", town.path("kh")
    )
    ran["take-over"] = town.do("assess", "take-over", told.cited("hand-over"), "--node", br)
    ran["continue"] = town.do("assess", "continue", finding, "--node", br)
    ran["run again"] = town.run("br", told.cited("continue"), told.url, "--thrift", "--json")
    ran["report again"] = town.do("assess", "report", told.cited("continue"), "--node", br)
    ran["dry"] = comity("recognise", finding, "--node", br, "--dry-run")
    ran["recognise br"] = town.do("recognise", finding, "--node", br)
    ran["recognise sg"] = town.do("recognise", finding, "--node", sg)
    ran["dossier"] = town.do(
        "dossier", finding, "--node", sg, "--out", town.path("finding.json")
    )
    ran["dossier again"] = town.do(
        "dossier", told.cited("report again"), "--node", sg, "--out", town.path("both.json")
    )
