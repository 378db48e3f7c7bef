# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity exposure shock`: what stops or degrades where something is lost."""

from dataclasses import dataclass, replace
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.cli.exposure.grounds import EVERYTHING, Over, gathered
from comity.cli.exposure.render_shock import print_shock, print_strangers, print_worst
from comity.cli.option import Json, print_json
from comity.desk.exposure.shocking import MAX_TOGETHER, names_in, shock_sheet, worst_sheet
from comity.errors import Fault, InvalidDocument
from comity.exposure.material.layer import LAYERS
from comity.exposure.shock.scenario import Scenario
from comity.exposure.shock.sharing import Assumption
from comity.files.materials.country import no_state
from comity.files.shock import find_shock
from comity.kernel.localtext import LocalText
from comity.kernel.material import PPM
from comity.kernel.share import find_share
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What is lost.

    Args:
        supplier: A supplier that is lost; repeatable.
        jurisdiction: A jurisdiction that cuts everybody off; repeatable.
        layer: A layer that is lost whole, such as chips; repeatable.
        worst: Instead, find the suppliers it would be worst to lose together, so many.
    """

    supplier: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    jurisdiction: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    layer: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    worst: int | None = None


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What is assumed where nobody said.

    Args:
        substitute: What part of a loss is made good at short notice, such as 0%.
        need: What an unmet upstream need costs, such as 100%.
    """

    substitute: str = ""
    need: str = ""


NOTHING, OPEN = Cut(), Assumed()


def shock(
    scenario: str = "",
    *,
    cut: Cut = NOTHING,
    state: str = "",
    assumed: Assumed = OPEN,
    over: Over = EVERYTHING,
    as_json: Json = False,
) -> int:
    """Say what stops or degrades where suppliers, jurisdictions or layers are lost.

    Two runs enclose the truth: what nobody said is taken at its best, then at its worst. What
    stops in both stops for certain.

    Example: comity exposure shock usa-chip-controls --state ZAF

    Example: comity exposure shock --jurisdiction CHN --state MNG --substitute 0%

    Example: comity exposure shock --worst 3 --state KHM --inventory khm.toml

    Args:
        scenario: One that comes with Comity (comity exposure scenarios), or a .toml file.
        state: Only what serves this state, and its layers.
    """
    _check(scenario, cut)
    assumption = _assumption(assumed)
    console = Console(highlight=False, quiet=as_json)
    if cut.worst is not None:
        with gathered(state, over) as grounds, console.status("looking for the worst …"):
            found = worst_sheet(grounds, cut.worst, assumption)
        print_worst(console, found)
    else:
        asked = _scenario(scenario, cut)
        with gathered(state, over) as grounds, console.status("running …"):
            sheet = shock_sheet(grounds, asked, assumption)
        print_shock(console, sheet)
        print_strangers(console, asked.suppliers, names_in(grounds))
    if as_json:
        print_json(sheet.to_json() if cut.worst is None else found.to_json())
    return 0


def _check(scenario: str, cut: Cut) -> None:
    """Refuse what asks for nothing, or for two things, and every word that means nothing."""
    faults: list[Fault] = []
    named = bool(scenario or cut.supplier or cut.jurisdiction or cut.layer)
    if not named and cut.worst is None:
        message = "name a scenario, a --supplier, a --jurisdiction, a --layer, or ask --worst 3"
        faults.append(Fault(message=message))
    if named and cut.worst is not None:
        faults.append(Fault(message="--worst looks for suppliers itself: leave the others out"))
    if cut.worst is not None and not 1 <= cut.worst <= MAX_TOGETHER:
        faults.append(Fault(message=f"--worst {cut.worst} is not from 1 to {MAX_TOGETHER}"))
    for code in cut.jurisdiction:
        if code not in STATES and code != EUROPEAN_UNION:
            message, near = no_state(code)
            faults.append(Fault(message=f"--jurisdiction {message}", near=near))
    for layer in cut.layer:
        if layer not in LAYERS:
            message = f"--layer {layer[:40]!r} is none of {', '.join(LAYERS)}"
            faults.append(Fault(message=message, near=near_miss(layer, LAYERS)))
    if faults:
        raise InvalidDocument("no shock to run", code="cli.shock", faults=faults)


def _scenario(name: str, cut: Cut) -> Scenario:
    """Return the named scenario with what is lost beside it."""
    words = [*cut.supplier, *cut.jurisdiction, *cut.layer]
    title = LocalText(by_tag={"en": f"without {', '.join(words)}"})
    base = find_shock(name) if name else Scenario(id="asked", title=title)
    return replace(
        base,
        suppliers=(*base.suppliers, *cut.supplier),
        jurisdictions=(*base.jurisdictions, *cut.jurisdiction),
        layers=(*base.layers, *cut.layer),
    )


def _assumption(assumed: Assumed) -> Assumption:
    faults: list[Fault] = []
    found: list[int | None] = []
    for name, text in (("substitute", assumed.substitute), ("need", assumed.need)):
        share = find_share(text) if text else None
        if text and share is None:
            faults.append(Fault(message=f"--{name} {text[:20]!r} is no share: write 0% or 0.5"))
        found.append(None if share is None else round(share * PPM))
    if faults:
        raise InvalidDocument("not a share", code="cli.share", faults=faults)
    return Assumption(substitute_ppm=found[0], need_ppm=found[1])
