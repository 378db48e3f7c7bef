# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
import json
from collections.abc import Sequence

import pytest

from comity.errors import InvalidDocument
from comity.kernel.canonical import to_canonical
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.kernel.truth import Truth
from comity.law.determine import ROLE, Determination, Ruling, Status, determine
from comity.law.fact import Answer, OpenSet
from comity.law.norm import Role
from comity.law.pack import Library, PackStatus
from comity.law.profile import Profile

NAME = LocalText(by_tag={"en": "X"})
ON = dt.date(2026, 11, 21)
BOUND: dict[str, Answer] = {
    "is_ai_system": True,
    "sector": "health",
    "generates": frozenset({"image"}),
    "staff": 50,
    "biometric": False,
    "remote_biometric": False,
    "training_compute": 10**26,
}


def _ask(
    library: Library,
    answers: dict[str, Answer],
    *,
    markets: Sequence[str] = ("EU",),
    on: dt.date = ON,
    roles: Sequence[Role] = (Role.PROVIDER,),
    offered: tuple[MarketCode, ...] | None = None,
) -> Determination:
    profile = Profile(system="x", name=NAME, purpose=NAME, answers=answers, markets=offered)
    return determine(library, profile, markets=markets, on=on, roles=roles)


def _ruling(determination: Determination, name: str) -> Ruling:
    (ruling,) = [each for each in determination.rulings if each.norm.name == name]
    return ruling


def test_a_norm_applies_where_everything_it_asks_is_answered(library: Library) -> None:
    """The reasons are the clauses that were needed, exceptions included."""
    ruling = _ruling(_ask(library, BOUND), "eu.act.2")
    assert ruling.status is Status.APPLIES
    assert {clause.truth for clause in ruling.decided_by} == {Truth.TRUE, Truth.FALSE}
    assert [proviso.truth for proviso in ruling.provisos] == [Truth.FALSE, Truth.FALSE]
    assert ruling.unsettled == ()


def test_an_exception_that_holds_is_the_reason(library: Library) -> None:
    """One clause, and the proviso says which."""
    ruling = _ruling(_ask(library, {**BOUND, "staff": 9}), "eu.act.2")
    assert ruling.status is Status.DOES_NOT_APPLY
    assert len(ruling.decided_by) == 1
    assert [proviso.truth for proviso in ruling.provisos] == [Truth.TRUE, Truth.FALSE]


def test_an_exception_nobody_answered_leaves_it_open(library: Library) -> None:
    """An unanswered exception is neither claimed nor excluded."""
    answers = {name: answer for name, answer in BOUND.items() if name != "staff"}
    ruling = _ruling(_ask(library, answers), "eu.act.2")
    assert ruling.status is Status.CANNOT_TELL
    assert ruling.unsettled == ("staff",)


def test_no_answer_at_all_decides_nothing(library: Library) -> None:
    """Absent never means no."""
    statuses = {ruling.status for ruling in _ask(library, {}).rulings}
    assert statuses == {Status.CANNOT_TELL, Status.NOT_YET_IN_FORCE}


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (dt.date(2026, 8, 1), Status.NOT_YET_IN_FORCE),
        (dt.date(2026, 8, 2), Status.APPLIES),
        (dt.date(2029, 12, 31), Status.APPLIES),
        (dt.date(2030, 1, 1), Status.ENDED),
    ],
)
def test_a_norm_binds_from_its_first_day_to_before_its_last(
    library: Library, on: dt.date, status: Status
) -> None:
    """`until` is the first day it no longer applies."""
    assert _ruling(_ask(library, BOUND, on=on), "eu.act.2").status is status


def test_a_norm_whose_conditions_are_false_does_not_apply_on_any_day(
    library: Library,
) -> None:
    """Not "not yet": it never will, as far as these answers go."""
    answers = {**BOUND, "is_ai_system": False}
    ruling = _ruling(_ask(library, answers, on=dt.date(2020, 1, 1)), "eu.act.2")
    assert ruling.status is Status.DOES_NOT_APPLY


def test_a_norm_not_yet_in_force_says_whether_it_will_apply(library: Library) -> None:
    """The engineer plans for it."""
    ruling = _ruling(_ask(library, BOUND), "eu.act.3")
    assert (ruling.status, ruling.truth) == (Status.NOT_YET_IN_FORCE, Truth.TRUE)


def test_rows_are_role_by_role(library: Library) -> None:
    """A duty binds roles; two roles are two rows."""
    both = _ask(library, BOUND, roles=[Role.PROVIDER, Role.DEPLOYER])
    rows = [(ruling.norm.name, ruling.role) for ruling in both.rulings]
    assert rows == [
        ("eu.act.2", Role.PROVIDER),
        ("eu.act.2", Role.DEPLOYER),
        ("eu.act.3", Role.PROVIDER),
    ]


def test_a_role_nobody_stated_leaves_every_norm_open(library: Library) -> None:
    """Unless its conditions are false whoever asks."""
    determination = _ask(library, BOUND, roles=())
    assert {ruling.status for ruling in determination.of(market=MarketCode("EU"))} == {
        Status.CANNOT_TELL,
        Status.NOT_YET_IN_FORCE,
    }
    assert determination.rulings[0].unsettled == (ROLE,)
    excluded = _ask(library, {"is_ai_system": False}, roles=())
    assert {ruling.status for ruling in excluded.rulings} == {Status.DOES_NOT_APPLY}


def test_the_roles_of_the_profile_stand_where_none_is_asked(library: Library) -> None:
    """The profile says what its author is."""
    profile = Profile(
        system="x", name=NAME, purpose=NAME, answers=BOUND, roles=(Role.DEPLOYER,)
    )
    determination = determine(library, profile, markets=["EU"], on=ON)
    assert {ruling.role for ruling in determination.rulings} == {Role.DEPLOYER}


def test_soft_law_is_told_apart(library: Library) -> None:
    """It applies, and binds nobody."""
    determination = _ask(library, BOUND, markets=["EU", "WAICO"])
    (soft,) = determination.of(force=PackStatus.SOFT)
    assert (soft.status, soft.is_binding) == (Status.APPLIES, False)


def test_a_market_without_a_pack_is_not_a_market_without_law(library: Library) -> None:
    """The difference is said, not implied."""
    determination = _ask(library, BOUND, markets=["EU", "SGP"])
    assert determination.without_pack == ("SGP",)
    assert determination.markets == ("EU", "SGP")


@pytest.mark.parametrize(
    ("codes", "message", "near"),
    [
        (["eu"], "is no market", "EU"),
        (["WAIKO"], "is no market", "WAICO"),
        (["DEU"], "is a member state of the EU", "EU"),
        ([], "no market is named", None),
    ],
)
def test_an_unknown_market_is_refused(
    library: Library, codes: list[str], message: str, near: str | None
) -> None:
    """A typing slip must not read as "no duties there"."""
    with pytest.raises(InvalidDocument) as caught:
        _ask(library, BOUND, markets=codes)
    assert caught.value.code == "law.market"
    assert message in caught.value.faults[0].message
    assert caught.value.faults[0].near == near


def test_every_unknown_market_is_named(library: Library) -> None:
    """All faults at once."""
    with pytest.raises(InvalidDocument) as caught:
        _ask(library, BOUND, markets=["XX", "EU", "YY"])
    assert len(caught.value.faults) == 2


def test_answers_that_contradict_an_axiom_are_refused(library: Library) -> None:
    """From a contradiction anything follows, so nothing is determined."""
    with pytest.raises(InvalidDocument) as caught:
        _ask(library, {**BOUND, "remote_biometric": True})
    assert caught.value.code == "law.inconsistent"
    (fault,) = caught.value.faults
    assert "remote_biometric = true" in fault.message
    assert "biometric = false" in fault.message
    assert "'remote_is_biometric'" in fault.message


def test_an_axiom_settles_what_was_not_answered(library: Library) -> None:
    """And the determination says from where it knows."""
    answers = {name: answer for name, answer in BOUND.items() if name != "biometric"}
    answers["remote_biometric"] = True
    determination = _ask(library, answers)
    assert _ruling(determination, "eu.act.2").status is Status.DOES_NOT_APPLY
    assert determination.closures[MarketCode("EU")].derived["biometric"].rule == (
        "remote_is_biometric"
    )


def test_a_ruling_says_which_gap_it_leans_on(library: Library) -> None:
    """The gap is about a definition; the norm rests on it."""
    ruling = _ruling(_ask(library, BOUND), "eu.act.2")
    assert [gap.name for gap in ruling.gaps] == ["eu.act.g.effective"]


def test_asking_about_a_market_assumes_the_system_is_there(library: Library) -> None:
    """Other markets stay unknown until the profile lists them."""
    closure = _ask(library, {}).closures[MarketCode("EU")]
    assert closure.answers["markets"] == OpenSet(
        known_in=frozenset({"EU"}), known_out=frozenset()
    )
    listed = _ask(library, {}, offered=(MarketCode("CHN"),)).closures[MarketCode("EU")]
    assert listed.answers["markets"] == frozenset({"EU", "CHN"})


def test_a_determination_is_canonical_json(library: Library) -> None:
    """The same question gives the same bytes, and they can be signed."""
    determination = _ask(library, BOUND, markets=["EU", "WAICO", "SGP"])
    encoded = to_canonical(determination.to_json())
    assert encoded == to_canonical(
        _ask(library, BOUND, markets=["EU", "WAICO", "SGP"]).to_json()
    )
    plain = json.loads(encoded)
    assert [row["status"] for row in plain["rulings"]] == [
        "applies",
        "not yet in force",
        "applies",
    ]
    assert plain["rulings"][1]["exceptions_researched"] is False
    assert plain["library"] == library.digest.hex()
