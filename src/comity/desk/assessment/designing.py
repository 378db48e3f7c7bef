# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Design the tests of all categories at once: what is wanted, and what cannot be had."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from comity.errors import Fault, InvalidDocument
from comity.evidence.judge.bound import judged_design
from comity.evidence.statistics.design import About
from comity.evidence.statistics.kind import AnyDesign
from comity.evidence.statistics.optimum import optimal_design_for
from comity.evidence.statistics.request import Request
from comity.evidence.statistics.scores import score_design_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How every category is designed.

    Args:
        optimal: By dynamic programming, where the calibrated numbers do not suffice.
        about: The bank's own items, or the population they were drawn from at random.
        joint: Whether the power is that of showing every category together.
        listed: Whether the claim is the list of categories shown, not that all of them are.
        scores: Whether answers have scores instead of passing or failing.
        at_most: Most questions a category, or None.
    """

    optimal: bool = False
    about: About = About.BANK
    joint: bool = False
    listed: bool = False
    scores: bool = False
    at_most: int | None = None


PLAIN = Manner()


def design_all(
    requests: Mapping[str, Request],
    manner: Manner = PLAIN,
    *,
    false_pass: Fraction = Fraction(0),
) -> Mapping[str, AnyDesign]:
    """Design every category, or say of all what cannot be had.

    A joint power gives each of k categories a kth of the chance to miss; a list gives each a
    kth of the risk.

    Args:
        requests: By category; their power is of all where the manner says so.
        false_pass: Greatest chance that the judge passes a failure.

    Raises:
        InvalidDocument: With every category's faults, and the nearest that works.
    """
    _check(manner, false_pass)
    designs: dict[str, AnyDesign] = {}
    refused: dict[str, list[str]] = {}
    hints: dict[str, None] = {}
    for name, request in requests.items():
        try:
            designs[name] = _design(_part(request, manner, len(requests)), manner, false_pass)
        except InvalidDocument as error:
            for message in [str(one) for one in error.faults] or [error.message]:
                refused.setdefault(message, []).append(name)
            hints[error.hint] = None
    if refused:
        raise InvalidDocument(
            "no such test",
            code="evidence.plan",
            hint="; ".join(hint for hint in hints if hint),
            faults=list(_faults(refused, len(requests))),
        )
    return designs


def _part(request: Request, manner: Manner, categories: int) -> Request:
    """Return what one of so many categories is asked to do."""
    miss = (1 - request.power) / (categories if manner.joint else 1)
    return replace(
        request,
        power=1 - miss,
        risk=request.risk / (categories if manner.listed else 1),
        about=manner.about,
        at_most=manner.at_most,
    )


def _design(request: Request, manner: Manner, false_pass: Fraction) -> AnyDesign:
    if manner.scores:
        return score_design_for(request)
    if manner.optimal:
        return optimal_design_for(request)
    return judged_design(request, false_pass)


def _check(manner: Manner, false_pass: Fraction) -> None:
    faults: list[Fault] = []
    if manner.scores and manner.optimal:
        faults.append(Fault(message="scores are bet on: there is no optimal plan of them"))
    if false_pass and (manner.scores or manner.optimal):
        faults.append(
            Fault(message="a judge's error is designed for by the calibrated plan only")
        )
    if faults:
        raise InvalidDocument("no such test", code="evidence.plan", faults=faults)


def _faults(refused: Mapping[str, list[str]], categories: int) -> Iterable[Fault]:
    for message, names in refused.items():
        where = "" if categories == 1 else f"{', '.join(names)}: "
        yield Fault(message=f"{where}{message}")
