# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity exposure diversify`: the cheapest way out, and what no purchase can fix."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.cli.exposure.grounds import EVERYTHING, Over
from comity.cli.exposure.render_diversify import print_diversify
from comity.cli.hush import hushed
from comity.cli.option import Json, print_json
from comity.cli.session import looked_at
from comity.desk.exposure.diversifying import Asked, diversify_sheet
from comity.desk.log.shelf import ViewShelf
from comity.desk.supply.grounds import Grounds, Wanted, check_state, gather
from comity.errors import Fault, InvalidDocument
from comity.exposure.shock.sharing import Assumption
from comity.files.body import get_body
from comity.files.options import read_options
from comity.files.slip import near_share
from comity.kernel.material import PPM
from comity.kernel.share import find_share


def diversify(
    *,
    options: Path,
    state: str = "",
    bloc: str = "",
    ceiling: str = "30%",
    pareto: bool = False,
    alone: Annotated[bool, Parameter(negative="")] = False,
    need: str = "",
    over: Over = EVERYTHING,
    as_json: Json = False,
) -> int:
    """Find the cheapest suppliers that keep reliance on any one jurisdiction below a ceiling.

    Unknowns count at their worst. What no purchase can fix is named, with what would. Costs
    are yours to state, in an option file; a bloc onboards each supplier once for all.

    Example: comity exposure diversify --options options.toml --state KHM --ceiling 40%

    Example: comity exposure diversify --options options.toml --bloc asean --alone

    Args:
        options: Who could supply what, at which cost: .toml.
        state: ISO 3166-1 alpha-3 code, or EU.
        bloc: A body that comes with Comity (comity council bodies), or a .toml file.
        ceiling: The most that any layer may rest on any one jurisdiction, such as 30%.
        pareto: Show cost against ceiling, too.
        alone: Plan each member of a bloc alone, too, and say what they save.
        need: What an unmet upstream need costs where nobody said, such as 50%; else all of it.
    """
    most, needed = _asked(state, bloc, ceiling, need)
    states = get_body(bloc).members if bloc else (state,)
    console = Console(highlight=False, quiet=as_json)
    with gathered_all(states, over) as grounds, console.status("looking for a way out …"):
        asked = _wanted(grounds, options, bloc, most, needed)
        with hushed():
            sheet = diversify_sheet(replace(asked, has_curve=pareto, has_alone=alone))
    print_json(sheet.to_json()) if as_json else print_diversify(console, sheet)
    return 0


def _wanted(
    grounds: tuple[Grounds, ...], options: Path, bloc: str, ceiling: Fraction, need: int | None
) -> Asked:
    known = {one.name for each in grounds for one in each.supplies}
    return Asked(
        grounds=grounds,
        options=read_options(options, known=known),
        bloc=bloc,
        ceiling=ceiling,
        assumed=Assumption(need_ppm=need),
    )


@contextmanager
def gathered_all(states: Sequence[str], over: Over) -> Iterator[tuple[Grounds, ...]]:
    """Gather what is stated of each of several states; a node is opened once."""
    for state in states:
        check_state(state)
    wanted = Wanted(inventories=over.inventory, records=over.records)
    if over.node is None:
        yield tuple(gather(replace(wanted, state=state)) for state in states)
        return
    with looked_at(over.node, over.passphrase_file) as own:
        view = own.view()
        seats = {log.member: log.keyset.jurisdiction for log in view.members()}
        shelf = ViewShelf(view)
        yield tuple(gather(replace(wanted, state=one, seats=seats), shelf) for one in states)


def _asked(state: str, bloc: str, ceiling: str, need: str) -> tuple[Fraction, int | None]:
    """Refuse what asks for nobody, or for two things, and every share that is none."""
    faults: list[Fault] = []
    if bool(state) == bool(bloc):
        said = (
            "a state or a bloc, not both" if state else "for whom? --state KHM, or --bloc asean"
        )
        faults.append(Fault(message=said))
    most = find_share(ceiling)
    if not most:
        message = f"--ceiling {ceiling[:20]!r} is no share above nothing: write 30% or 0.3"
        faults.append(
            Fault(message=message, near=near_share(ceiling) if most is None else None)
        )
    needed = find_share(need) if need else None
    if need and needed is None:
        message = f"--need {need[:20]!r} is no share: write 50% or 0.5"
        faults.append(Fault(message=message, near=near_share(need)))
    if faults:
        raise InvalidDocument("nothing to plan", code="cli.diversify", faults=faults)
    return most or Fraction(1), None if needed is None else round(needed * PPM)
