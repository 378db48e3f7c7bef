# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from itertools import combinations

from comity.kernel.ids import FactName
from comity.kernel.localtext import LocalText
from comity.law.condition import Cmp, Gap, Has, In, Is, Not, conjunction
from comity.law.fact import Fact, Kind, OpenSet, Silence
from comity.law.pack import Library
from comity.law.prove.bound import theory_of
from comity.law.prove.theory import PLAUSIBLE, Possibility, Theory


def test_theories_do_not_disturb_each_other(library: Library) -> None:
    """Each has a solver context of its own: nothing is global."""
    first, second = theory_of(library), theory_of(library)
    assert first.solver.ctx != second.solver.ctx
    assert first.possible(In("sector", ("health",))) is Possibility.POSSIBLE
    assert second.possible(In("sector", ("health",))) is Possibility.POSSIBLE


def test_an_axiom_holds_of_every_system(library: Library) -> None:
    """Even where nobody asks for it."""
    theory = theory_of(library)
    assert theory.possible(Is("logs_personal"), Not(Is("personal"))) is Possibility.IMPOSSIBLE
    assert theory.possible(Is("personal"), Not(Is("online"))) is Possibility.POSSIBLE


def test_ten_to_the_twenty_five_is_exact(library: Library) -> None:
    """A double cannot tell it from its neighbour."""
    theory = theory_of(library)
    below = Cmp("users", at_least=False, bound=10**25)
    at = Cmp("users", at_least=True, bound=10**25 - 1)
    found = theory.find(below, at)
    assert found.answers["users"] == 10**25 - 1
    assert theory.possible(below, Cmp("users", at_least=True, bound=10**25)) is (
        Possibility.IMPOSSIBLE
    )


def test_a_calendar_month_is_no_number_of_days(library: Library) -> None:
    """Thirty days after the last of January a month has passed; after the first it has not."""
    theory = theory_of(library)
    month = Gap("changed", "launched", 1, "month")
    thirty = Not(Gap("changed", "launched", 30, "day"))

    def on(day: dt.date) -> tuple[Cmp, Cmp]:
        after = day + dt.timedelta(days=1)
        return Cmp("launched", True, day), Cmp("launched", False, after)  # noqa: FBT003 - at least

    assert theory.possible(month, thirty, *on(dt.date(2025, 1, 31))) is Possibility.POSSIBLE
    assert theory.possible(month, thirty, *on(dt.date(2025, 1, 1))) is Possibility.IMPOSSIBLE


def test_made_up_days_are_days_one_could_meet(library: Library) -> None:
    """Unless a condition asks for others."""
    theory = theory_of(library)
    gap = Gap("changed", "launched", 6, "month")
    launched = theory.find(gap).answers["launched"]
    assert isinstance(launched, dt.date)
    assert PLAUSIBLE[0] <= launched <= PLAUSIBLE[1]
    early = Cmp("changed", at_least=False, bound=dt.date(1950, 1, 1))
    launched = theory.find(gap, early).answers["launched"]
    assert isinstance(launched, dt.date)
    assert launched < dt.date(1950, 1, 1)


def test_what_is_assumed_holds_inside_only(library: Library) -> None:
    """Afterwards nothing is left of it."""
    theory = theory_of(library)
    health, other = In("sector", ("health",)), In("sector", ("other",))
    with theory.assuming(health):
        assert theory.possible(other) is Possibility.IMPOSSIBLE
    assert theory.possible(other) is Possibility.POSSIBLE


def test_answers_say_what_they_say(library: Library) -> None:
    """Known in part, not applicable, or nothing at all."""
    theory = theory_of(library)
    claim = theory.encoder.claim
    in_chn = claim(Has("markets", ("CHN",)))
    part = theory.encoder.said(
        {"markets": OpenSet(known_in=frozenset(), known_out=frozenset({"CHN"}))}
    )
    assert theory.check([in_chn, part]) is Possibility.IMPOSSIBLE
    gone = theory.encoder.said({"logs_personal": Silence.NOT_APPLICABLE})
    assert theory.check([claim(Is("online")), gone]) is Possibility.IMPOSSIBLE
    silent = theory.encoder.said({"online": Silence.NOT_KNOWN, "nobody_knows_this": True})
    assert theory.check([claim(Is("online")), silent]) is Possibility.POSSIBLE


def test_a_question_that_takes_too_long_is_left_undecided() -> None:
    """Not answered is not "no": sixteen pigeons do not fit into fifteen holes."""
    holes = tuple(f"h{i}" for i in range(15))
    facts = {f"p{i}": _pigeon(f"p{i}", holes) for i in range(16)}
    theory = Theory(facts, timeout_ms=50)
    apart = conjunction(
        Not(conjunction([In(one, (hole,)), In(other, (hole,))]))
        for hole in holes
        for one, other in combinations(facts, 2)
    )
    assert theory.possible(apart) is Possibility.UNDECIDED
    assert theory.find(apart).verdict is Possibility.UNDECIDED


def _pigeon(name: str, holes: tuple[str, ...]) -> Fact:
    text = LocalText(by_tag={"en": "x"})
    return Fact(
        name=FactName(name), kind=Kind.ENUM, values=holes, label=text, question=text, means=text
    )
