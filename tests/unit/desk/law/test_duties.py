# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from pathlib import Path

import pytest

from comity.desk.law.duties import (
    Inquiry,
    duties_of,
    explain_norm,
    library,
    load_profile,
    questions_for,
)
from comity.errors import InvalidDocument, NotFound
from comity.kernel.localtext import LocalText
from comity.law.determine import Determination
from comity.law.norm import Role
from comity.law.profile import Profile

ON = dt.date(2026, 11, 21)
NAME = LocalText(by_tag={"en": "X"})


def _asked(*markets: str, roles: tuple[Role, ...] = (Role.PROVIDER,)) -> Determination:
    profile = Profile(system="x", name=NAME, purpose=NAME, answers={"is_ai_system": True})
    return duties_of(profile, Inquiry(markets=markets, on=ON, roles=roles))


def test_a_profile_in_memory_needs_no_file() -> None:
    """The register's form has none."""
    determination = _asked("EU", "CHN")
    assert {ruling.market for ruling in determination.rulings} == {"EU", "CHN"}
    assert determination.library is library()


def test_a_profile_file_is_read_against_the_vocabulary(tmp_path: Path) -> None:
    """An unknown fact is a fault, not an ignored line."""
    path = tmp_path / "x.toml"
    path.write_text('system = "x"\nmarkets = ["VNM"]\n[facts]\nis_ai_system = true\n', "utf-8")
    profile = load_profile(path)
    assert duties_of(profile, Inquiry(on=ON)).markets == ("VNM",)
    path.write_text('system = "x"\n[facts]\nis_ai_sistem = true\n', "utf-8")
    with pytest.raises(InvalidDocument):
        load_profile(path)


def test_a_question_without_a_market_is_refused() -> None:
    """Neither the question nor the profile names one."""
    with pytest.raises(InvalidDocument, match="unknown market"):
        _asked()


def test_questions_are_as_many_as_asked_for() -> None:
    """Best first, so that a page may show three."""
    determination = _asked("CHN")
    five = questions_for(determination)
    assert questions_for(determination, limit=3) == five[:3]
    assert five[0].settles >= five[-1].settles


def test_a_norm_is_explained_once_a_role() -> None:
    """Each row has reasons of its own."""
    determination = _asked("EU", roles=(Role.PROVIDER, Role.DEPLOYER))
    several = next(
        ruling.norm for ruling in determination.rulings if set(determination.roles)
        <= set(ruling.norm.who)
    )  # fmt: skip
    assert [each.ruling.role for each in explain_norm(determination, several.name)] == [
        Role.PROVIDER,
        Role.DEPLOYER,
    ]


@pytest.mark.parametrize(
    ("norm", "hint"),
    [
        ("eu.aia.50.22", "did you mean 'eu.aia.50.2'?"),
        ("zzz", "the packs hold no norm of that name"),
        ("chn.lbl.8", "ask with --in CHN"),
    ],
)
def test_a_norm_that_was_not_ruled_on_is_told_why(norm: str, hint: str) -> None:
    """And where it would be."""
    with pytest.raises(NotFound) as caught:
        explain_norm(_asked("EU"), norm)
    assert hint in caught.value.hint
