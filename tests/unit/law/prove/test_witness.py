# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

from comity.law.condition import Cmp, Gap, Has, In, Is, Not, conjunction, disjunction
from comity.law.fact import OpenSet
from comity.law.pack import Library
from comity.law.prove.bound import theory_of
from comity.law.prove.theory import Possibility
from comity.law.prove.witness import Stage, Witness


def _stage(library: Library) -> Stage:
    return Stage(theory=theory_of(library), library=library)


def _witness(library: Library, *conditions: object, on: dt.date | None = None) -> Witness:
    found = _stage(library).witness(conditions, on=on)  # type: ignore[arg-type] # conditions
    assert isinstance(found, Witness)
    return found


def test_one_branch_of_many_is_enough(library: Library) -> None:
    """What another branch would ask is not answered."""
    wide = disjunction((Is("online"), conjunction((Is("personal"), In("sector", ("health",))))))
    assert _witness(library, wide).size <= 2


def test_of_a_set_only_what_matters_is_said(library: Library) -> None:
    """One member in, one out; the third is nobody's business."""
    found = _witness(library, Has("markets", ("EU",)), Not(Has("markets", ("CHN",))))
    assert found.markets == ("EU",)
    assert found.size == 0


def test_what_does_not_apply_follows_from_its_guard(library: Library) -> None:
    """It is derived, never answered."""
    found = _witness(library, Not(Is("logs_personal")), Not(Is("online")))
    assert dict(found.answers) == {"online": False}


def test_the_day_asked_about_is_tried_first(library: Library) -> None:
    """Another is taken where nothing is possible then."""
    day = dt.date(2026, 5, 1)
    late = Cmp("asked_on", at_least=True, bound=dt.date(2026, 1, 1))
    assert _witness(library, late, on=day).on == day
    later = Cmp("asked_on", at_least=True, bound=dt.date(2027, 1, 1))
    assert _witness(library, later, on=day).on == dt.date(2027, 1, 1)


def test_what_cannot_be_has_no_witness(library: Library) -> None:
    """And that is said, not shown."""
    found = _stage(library).witness([Is("online"), Not(Is("online"))])
    assert found is Possibility.IMPOSSIBLE


def test_dates_apart_are_given_both(library: Library) -> None:
    """A distance needs its two ends."""
    found = _witness(library, Gap("changed", "launched", 2, "year"))
    assert set(found.answers) == {"changed", "launched"}


def test_a_witness_is_plain_json() -> None:
    """A set known in part keeps both of its sides."""
    witness = Witness(
        answers={"markets": OpenSet(known_in=frozenset({"EU"}), known_out=frozenset())},
        on=dt.date(2026, 1, 1), markets=("EU",), derived={"personal": True},
    )  # fmt: skip
    assert witness.to_json() == {
        "answers": {"markets": {"known_in": ["EU"], "known_out": []}},
        "on": "2026-01-01", "markets": ["EU"], "derived": {"personal": True},
    }  # fmt: skip
