# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A design is two lists of integers that leave no outcome without a verdict."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.statistics.design import (
    Design,
    Verdict,
    boundary_of,
    design_from,
    false_recognition,
    number_at,
    numbers_of,
    power_of,
)
from comity.evidence.statistics.lattice import acceptance_of, stops_of
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields

DESIGN = design_for(Request(size=120, threshold=Fraction(8, 10), goal=Fraction(93, 100)))


def read(value: object) -> tuple[Design, list[str]]:
    """Read a design and return it with the faults noted."""
    fields = Fields(value, place="designs[0]", faults=[])
    design = design_from(fields)
    return design, [str(fault) for fault in fields.faults]


def test_a_design_survives_its_json_form() -> None:
    """The numbers are published as integers and read back the same."""
    assert read(DESIGN.to_json()) == (DESIGN, [])


def test_numbers_and_boundary_say_the_same() -> None:
    """A court reads the pairs, the lattice the boundary."""
    boundary = boundary_of(DESIGN)
    assert numbers_of(boundary) == (DESIGN.acceptance, DESIGN.rejection)
    for asked in range(1, DESIGN.cap + 1):
        for failed in range(asked + 1):
            verdict = DESIGN.decide(asked, failed)
            assert (verdict is Verdict.SHOWN) == (failed <= boundary.accept[asked])
            assert (verdict is Verdict.NOT_SHOWN) == (failed >= boundary.reject[asked])


def test_the_cap_leaves_nothing_open() -> None:
    """Whoever reaches the cap has a verdict."""
    verdicts = {DESIGN.decide(DESIGN.cap, failed) for failed in range(DESIGN.cap + 1)}
    assert verdicts == {Verdict.SHOWN, Verdict.NOT_SHOWN}


def test_nothing_is_decided_before_the_first_pair() -> None:
    """No number, no verdict."""
    assert number_at(((5, 0), (9, 1)), 4) is None
    assert number_at(((5, 0), (9, 1)), 8) == 0
    assert number_at(((5, 0), (9, 1)), 9) == 1
    assert DESIGN.decide(0, 0) is Verdict.INSUFFICIENT


def test_the_distance_to_a_decision_is_the_least() -> None:
    """The runner asks so many at once and shows the system no item in vain."""
    for asked in range(DESIGN.cap):
        for failed in range(min(asked, 12) + 1):
            if DESIGN.decide(asked, failed) is not Verdict.INSUFFICIENT:
                continue
            more = DESIGN.questions_to_decision(asked, failed)
            open_still = [
                DESIGN.decide(asked + n, failed + f)
                for n in range(1, more)
                for f in range(n + 1)
            ]
            assert set(open_still) <= {Verdict.INSUFFICIENT}
            ends = {DESIGN.decide(asked + more, failed + f) for f in (0, more)}
            assert ends != {Verdict.INSUFFICIENT}
    assert DESIGN.questions_to_decision(DESIGN.cap, 0) == 0


def test_the_risk_counts_as_if_no_rejection_were_obeyed() -> None:
    """A tester who goes on after "not shown" must gain nothing by it."""
    null = 120 - 96
    obeyed = acceptance_of(stops_of(boundary_of(DESIGN)), 120, null)
    assert obeyed < false_recognition(DESIGN) <= DESIGN.risk
    assert power_of(DESIGN) >= DESIGN.power


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("size", 0, "size is not an integer from 1"),
        ("size", 50_000, "size is not an integer from 1"),
        ("cap", 121, "cap asks more than the 120 items"),
        ("goal", {"num": 4, "den": 5}, "goal is not above the threshold"),
        ("goal", {"num": 6, "den": 5}, "goal is not above the threshold and at most 1"),
        ("risk", {"num": 0, "den": 1}, "risk is not between 0 and 1"),
        ("risk", {"num": 2, "den": 40}, "not in lowest terms"),
        ("power", {"num": 1, "den": 1}, "power is not between 0 and 1"),
        ("acceptance", [[9, 1], [8, 2]], "acceptance does not rise"),
        ("acceptance", [[9, 2], [10, 1]], "acceptance does not rise"),
        ("acceptance", [[9]], "acceptance[0] is not two integers"),
        ("acceptance", [[9, -1]], "acceptance[0] is not two integers"),
        ("acceptance", [], "cap leaves outcomes without a verdict"),
        ("rejection", [], "cap leaves outcomes without a verdict"),
        ("rejection", [[1, 0]], "rejection meets acceptance"),
        ("rejection", "none", "rejection is not a list"),
    ],
)
def test_each_broken_part_is_named(part: str, value: Json, message: str) -> None:
    """A plan comes from another member's log."""
    _, faults = read({**DESIGN.to_json(), part: value})
    assert any(message in fault for fault in faults), faults


def test_several_faults_are_listed_together() -> None:
    """Not one at a time."""
    _, faults = read({"size": 1, "treshold": 2})
    assert "designs[0].threshold is missing; did you mean it by 'treshold'?" in faults
    assert len(faults) == 7


def test_a_design_too_large_to_check_is_refused() -> None:
    """A hostile plan must not stop a follower for minutes."""
    wide: dict[str, Json] = {
        **DESIGN.to_json(),
        "size": 20_000,
        "cap": 20_000,
        "acceptance": [[1, 0], [20_000, 9_000]],
        "rejection": [[20_000, 9_001]],
    }
    _, faults = read(wide)
    assert faults == ["designs[0].cap and acceptance span too large a lattice to check"]


@pytest.mark.parametrize(
    "weaken",
    [
        lambda pairs: [[n - 1, f] for n, f in pairs],
        lambda pairs: (
            [[max(1, n - 20), f] for n, f in pairs[:1]] + [list(p) for p in pairs[1:]]
        ),
    ],
)
def test_easier_numbers_show_in_the_risk(
    weaken: Callable[[tuple[tuple[int, int], ...]], Json],
) -> None:
    """Publishing the numbers is only worth something if cheating in them shows."""
    easier, faults = read({**DESIGN.to_json(), "acceptance": weaken(DESIGN.acceptance)})
    assert not [fault for fault in faults if "without a verdict" not in fault]
    assert false_recognition(easier) > DESIGN.risk
