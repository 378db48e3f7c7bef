# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Options that say how a test is designed, with or without an application to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.cli.assess.tray import Tray
from comity.cli.session import read_shares
from comity.desk.assessment.designing import Manner
from comity.errors import Fault, InvalidDocument
from comity.evidence.statistics.design import MAX_SIZE, About
from comity.evidence.statistics.request import Request, faults_of
from comity.files.bank import read_bank
from comity.files.sizes import read_sizes


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class DesignOption:
    """How the test is designed, and what is shown of it.

    Args:
        size: Without an application: items of the bank; with --categories, of all together.
        categories: Without an application: so many categories of about the same size.
        bank: Without an application: the bank's file; each of its categories is designed for.
        sizes: Without an application: a file that says how many items each category has.
        optimal: Design by dynamic programming: nowhere far from the fewest questions possible.
        population: Claim it of the population the bank was drawn from at random, not the bank.
        joint_power: Let the power be that of showing every category together.
        listed: Claim the list of the categories shown, whichever they are; not that all are.
        scores: Claim the mean of scores from 0 to 1, not the share that passes.
        at_most: Most questions a category.
        at: Pass rates at which chances and expected questions are shown: 93% 95%.
        svg: Draw the first design into this file.
    """

    size: int | None = None
    categories: int | None = None
    bank: Path | None = None
    sizes: Path | None = None
    optimal: Annotated[bool, Parameter(negative="")] = False
    population: Annotated[bool, Parameter(negative="")] = False
    joint_power: Annotated[bool, Parameter(negative="")] = False
    listed: Annotated[bool, Parameter(negative="")] = False
    scores: Annotated[bool, Parameter(negative="")] = False
    at_most: int | None = None
    at: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")] = ()
    svg: Path | None = None

    @property
    def manner(self) -> Manner:
        """Return how every category is designed."""
        return Manner(
            optimal=self.optimal,
            about=About.POPULATION if self.population else About.BANK,
            joint=self.joint_power,
            listed=self.listed,
            scores=self.scores,
            at_most=self.at_most,
        )

    @property
    def rates(self) -> tuple[Fraction, ...]:
        """Return the rates asked about.

        Raises:
            InvalidDocument: With every one that is not between 0 and 1.
        """
        tray = Tray()
        read = [tray.take(partial(_rate, text)) for text in self.at]
        tray.check()
        return tuple(share for share in read if share is not None)


NO_DESIGN = DesignOption()


def _rate(text: str) -> Fraction:
    return read_shares(at=text)["at"]


def without_bank(option: DesignOption) -> None:
    """Refuse what an application says already.

    Raises:
        InvalidDocument: With every such option.
    """
    said = {name: getattr(option, name) for name in ("size", "categories", "bank", "sizes")}
    faults = [
        Fault(message=f"--{name} is for designing without an application, which names its bank")
        for name, value in said.items()
        if value is not None
    ]
    if faults:
        raise InvalidDocument("cannot be planned", code="cli.plan", faults=faults)


def unsound(option: DesignOption, shares: Mapping[str, Fraction]) -> list[Fault]:
    """List what contradicts itself among the numbers that were said and can be read."""
    goal = shares.get("goal", Fraction(1))
    wanted = {"threshold": min(Fraction(0), goal), "goal": goal} | dict(shares)
    size = 1 if option.size is None else option.size
    return list(faults_of(_request(option, size, wanted)))


def requests_of(
    option: DesignOption, shares: Mapping[str, Fraction], only: tuple[str, ...]
) -> dict[str, Request]:
    """Return what every category is asked to do, without an application.

    Raises:
        InvalidDocument: Nothing says how many items there are, or two options do.
    """
    faults: list[Fault] = []
    said = [name for name in ("size", "bank", "sizes") if getattr(option, name) is not None]
    if not said and not option.population:
        message = "none of --size, --bank and --sizes says how many items there are"
        faults.append(Fault(message=message))
    if len(said) > 1:
        both = " and --".join(said)
        faults.append(Fault(message=f"--{both} each say how many items there are"))
    if option.categories is not None and option.size is None:
        faults.append(Fault(message="--categories divides --size, which is missing"))
    sizes = {} if faults else _sizes(option, faults)
    faults += [
        Fault(message=f"the bank has no category {name!r}")
        for name in only
        if sizes and name not in sizes
    ]
    if faults:
        hint = "for example --size 2000 --over 95% --goal 97%"
        raise InvalidDocument("cannot be planned", code="cli.plan", hint=hint, faults=faults)
    wanted = {"threshold": Fraction(0), "goal": Fraction(1)} | dict(shares)
    return {
        name: _request(option, size, wanted)
        for name, size in sizes.items()
        if not only or name in only
    }


def _request(option: DesignOption, size: int, wanted: Mapping[str, Fraction]) -> Request:
    return Request(size=size, about=option.manner.about, at_most=option.at_most, **wanted)


def _sizes(option: DesignOption, faults: list[Fault]) -> dict[str, int]:
    if option.bank is not None:
        found: dict[str, int] = {}
        for item in read_bank(option.bank):
            found[item.category] = found.get(item.category, 0) + 1
        return found
    if option.sizes is not None:
        return read_sizes(option.sizes)
    size = MAX_SIZE if option.size is None else option.size
    count = 1 if option.categories is None else option.categories
    if not 1 <= count <= max(1, size):
        faults.append(Fault(message=f"--categories {count} is not from 1 to {max(1, size)}"))
        return {}
    if count == 1:
        return {"the category": size}
    return {
        f"category-{number:0{len(str(count))}d}": size // count + (number <= size % count)
        for number in range(1, count + 1)
    }
