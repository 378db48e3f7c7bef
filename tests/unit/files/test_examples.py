# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path

import pytest

import comity
from comity.files.library import shipped_library
from comity.files.profile import read_profile
from comity.law.determine import Status, determine
from comity.law.norm import Role
from comity.law.profile import Profile

EXAMPLES = Path(comity.__file__).parent / "demo" / "examples"
DEMONSTRATIONS = ("bright-power", "mazu", "quake-translation", "rail-perimeter")
TODAY = dt.date(2026, 11, 21)


def _profile(name: str) -> Profile:
    return read_profile(EXAMPLES / f"{name}.toml", shipped_library())


def _status(name: str, market: str, norm: str) -> Status:
    found = determine(
        shipped_library(), _profile(name), markets=[market], on=TODAY, roles=[Role.PROVIDER]
    )
    return next(each.status for each in found.rulings if each.norm.name == norm)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_reads_and_carries_its_mark(path: Path) -> None:
    """Nobody may take an example for a provider's declaration."""
    profile = read_profile(path, shipped_library())
    assert profile.example
    assert profile.system == path.stem


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_a_project_known_from_reports_says_where_each_doubtful_answer_comes_from(
    name: str,
) -> None:
    """Its provider never answered: what a report does not hold is left open."""
    profile = _profile(name)
    assert "as reported" in profile.provider
    assert all(remark.note or remark.evidence for remark in profile.remarks)
    assert len(profile.remarks) >= len(profile.answers) // 2


@pytest.mark.parametrize(
    ("name", "market", "norm", "status"),
    [
        ("bright-power", "CHN", "chn.gai.4.content", Status.DOES_NOT_APPLY),
        ("bright-power", "CHN", "chn.csl.39", Status.CANNOT_TELL),
        ("quake-translation", "CHN", "chn.gai.17.assessment", Status.DOES_NOT_APPLY),
        ("quake-translation", "WAICO", "soft.gaigi.2.a", Status.APPLIES),
        ("quake-translation", "EU", "eu.aia.50.2", Status.CANNOT_TELL),
        ("rail-perimeter", "WAICO", "soft.gaigi.2.a", Status.APPLIES),
        ("rail-perimeter", "EU", "eu.aia.50.1", Status.CANNOT_TELL),
        ("mazu", "CHN", "chn.dsl.31", Status.CANNOT_TELL),
        ("mazu", "CHN", "chn.gai.17.assessment", Status.CANNOT_TELL),
    ],
)
def test_a_report_settles_only_what_it_holds(
    name: str, market: str, norm: str, status: Status
) -> None:
    """The hints on classification, and no more."""
    assert _status(name, market, norm) is status
