# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a design is asked to do, and why that may be impossible: with what would work."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import NormalDist

from comity.errors import Fault, InvalidDocument
from comity.evidence.statistics.design import MAX_POINTS, MAX_SIZE, About
from comity.evidence.statistics.eprocess import aim_of, null_failures, null_of
from comity.evidence.statistics.lattice import Failing, Size
from comity.evidence.statistics.onestage import OneStage, most_accepted, one_stage, tail_of
from comity.kernel.share import exactly, percent

CAP_FACTOR = Fraction(3, 2)
GOAL_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a design is asked to do; see `Design` for the fields.

    Args:
        at_most: Most questions allowed, or None for 1.5 times the one-stage test.
    """

    size: int
    threshold: Fraction
    goal: Fraction
    risk: Fraction = Fraction(1, 20)
    power: Fraction = Fraction(9, 10)
    about: About = About.BANK
    at_most: int | None = None

    @property
    def extent(self) -> Size:
        """Return the items the claim speaks of; None for a population."""
        return self.size if self.about is About.BANK else None

    @property
    def null(self) -> Failing:
        """Return the least that fails where the claim is false."""
        return null_of(self.extent, self.threshold)

    @property
    def aim(self) -> Failing:
        """Return the most that fails where the goal is reached."""
        return aim_of(self.extent, self.goal)

    @property
    def most(self) -> int:
        """Return the most questions there can be, whatever the design."""
        return self.size if self.at_most is None else min(self.size, self.at_most)

    def one_stage(self) -> OneStage:
        """Return the smallest test of a fixed number of questions that does the same."""
        return one_stage(self.extent, self.null, self.aim, risk=self.risk, power=self.power)


def check(request: Request) -> None:
    """Refuse a request that contradicts itself, or spans too large a lattice.

    Raises:
        InvalidDocument: With every fault.
    """
    faults = list(faults_of(request))
    if faults:
        hint = ""
        sound = 1 <= request.size <= MAX_SIZE and 0 <= request.threshold < 1
        if sound and not request.threshold < request.goal <= 1:
            hint = f"the nearest goal above the threshold is {exactly(_nearest_goal(request))}"
        raise InvalidDocument("no such test", code="evidence.plan", hint=hint, faults=faults)
    if _points(request) > 2 * MAX_POINTS:
        raise too_large(request)


def faults_of(request: Request) -> Iterable[Fault]:
    """Yield what contradicts itself."""
    if not 1 <= request.size <= MAX_SIZE:
        yield Fault(message=f"a category has 1 to {MAX_SIZE} items, not {request.size}")
    threshold, goal = percent(request.threshold), percent(request.goal)
    if not 0 <= request.threshold < 1:
        yield Fault(message=f"the threshold {threshold} is not from 0 to below 100 %")
    if not request.threshold < request.goal <= 1:
        message = f"the goal {goal} is not above the threshold {threshold}"
        yield Fault(message=f"{message} and at most 100 %")
    for name, share in (("risk", request.risk), ("power", request.power)):
        if not 0 < share < 1:
            yield Fault(message=f"the {name} {percent(share)} is not between 0 and 100 %")
    if request.at_most is not None and request.at_most < 1:
        yield Fault(message="at least one question must be allowed")


def too_large(request: Request) -> InvalidDocument:
    """Return the refusal of a lattice that nobody could check in seconds."""
    message = (
        f"telling {percent(request.goal)} from {percent(request.threshold)} on {request.size} "
        "items spans too large a lattice"
    )
    hint = "ask for a wider margin between threshold and goal, or split the category"
    faults = [Fault(message=message)]
    return InvalidDocument(message, code="evidence.plan", hint=hint, faults=faults)


def too_short(request: Request, stage: OneStage) -> InvalidDocument:
    """Return the refusal of too few questions, with the nearest requests that work."""
    what = f"{request.most} questions"
    if request.at_most is None:
        what = f"a population's test of the {request.size} items there are"
    power, risk = percent(request.power), percent(request.risk)
    message = f"{what} cannot reach a power of {power} at a risk of {risk}"
    faults = [Fault(message=message)]
    hint = f"the nearest that works: {'; or '.join(_ways_out(request, stage))}"
    return InvalidDocument(message, code="evidence.plan", hint=hint, faults=faults)


def _ways_out(request: Request, stage: OneStage) -> Iterable[str]:
    """Yield a larger test, a larger goal and a lower power, each of which works alone."""
    if request.at_most is not None:
        yield f"at most {stage.asked} questions"
    if request.size < stage.asked:
        yield f"a bank of at least {stage.asked} items in the category"
    goal = _least_goal(request)
    if goal is not None:
        yield f"a goal of {exactly(goal)}"
    power = _greatest_power(request)
    if power > 0:
        yield f"a power of {exactly(power)}"


def _least_goal(request: Request) -> Fraction | None:
    """Return the smallest goal, in steps of half a per cent or less, that works."""
    room = 1 - request.goal
    step = min(Fraction(1, 200), room / 4) if room else Fraction(1)
    for steps in range(1, GOAL_STEPS + 1):
        goal = min(Fraction(1), request.goal + steps * step)
        if replace(request, goal=goal).one_stage().asked <= request.most:
            return goal
        if goal == 1:
            break
    return None


def _greatest_power(request: Request) -> Fraction:
    """Return the power, in hundredths, that one stage of all questions reaches."""
    accepted = most_accepted(request.extent, request.null, request.most, request.risk)
    if accepted < 0:
        return Fraction(0)
    power = tail_of(request.extent, request.aim, request.most, accepted)
    return Fraction(int(power * 100), 100)


def _nearest_goal(request: Request) -> Fraction:
    passes = request.size - null_failures(request.size, request.threshold) + 1
    return Fraction(passes, request.size)


def _points(request: Request) -> float:
    """Estimate the lattice from the normal approximation; only to refuse early."""
    fails, aims = float(1 - request.threshold), float(1 - request.goal)
    normal = NormalDist()
    spread = normal.inv_cdf(1 - float(request.risk)) * (fails * (1 - fails)) ** 0.5
    spread += normal.inv_cdf(float(request.power)) * (aims * (1 - aims)) ** 0.5
    asked: float = (max(0.0, spread) / (fails - aims)) ** 2
    cap: float = float(CAP_FACTOR) * asked
    if request.extent is not None:
        cap /= 1 + asked / request.extent
    cap = min(cap, request.size)
    return cap * (cap * fails + 2)
