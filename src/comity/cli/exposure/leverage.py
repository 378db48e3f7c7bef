# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity exposure leverage`: what either side loses if the other leaves."""

from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.cli.exposure.diversify import gathered_all
from comity.cli.exposure.grounds import EVERYTHING, Over
from comity.cli.exposure.render_leverage import print_leverage
from comity.cli.option import Json, print_json
from comity.desk.exposure.leverage import Between, leverage_sheet
from comity.desk.supply.grounds import check_state
from comity.errors import Fault, InvalidDocument
from comity.exposure.shock.sharing import Assumption
from comity.files.body import get_body
from comity.kernel.material import PPM
from comity.kernel.share import find_share
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES


def leverage(
    state: str,
    *,
    partner: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    bloc: str = "",
    substitute: str = "",
    need: str = "",
    over: Over = EVERYTHING,
    as_json: Json = False,
) -> int:
    """Say, partner by partner, what either side loses if the other leaves, and who remains.

    No game is solved. What nobody stated stays unknown: of most partners, nobody has stated
    what they rest on.

    Example: comity exposure leverage KHM --partner CHN --bloc asean --inventory khm.csv

    Args:
        state: ISO 3166-1 alpha-3 code, or EU.
        partner: Only this partner; repeatable.
        bloc: A body that comes with Comity (comity council bodies), or a .toml file.
        substitute: What part of a loss is made good where nobody said, such as 0%.
        need: What an unmet upstream need costs where nobody said, such as 100%.
    """
    assumed = _asked(state, partner, substitute, need)
    members = get_body(bloc).members if bloc else ()
    console = Console(highlight=False, quiet=as_json)
    with gathered_all(("",), over) as (grounds,), console.status("comparing …"):
        between = Between(state=state, partners=partner, bloc=bloc, members=members)
        sheet = leverage_sheet(grounds, between, assumed)
    if as_json:
        print_json(sheet.to_json())
    else:
        print_leverage(console, sheet)
    return 0


def _asked(state: str, partners: tuple[str, ...], substitute: str, need: str) -> Assumption:
    """Refuse codes of no state and shares that are none, all at once."""
    check_state(state)
    faults: list[Fault] = []
    if not state:
        faults.append(Fault(message="whose leverage? name a state, such as KHM"))
    for code in partners:
        if code not in STATES and code != EUROPEAN_UNION:
            near = near_miss(code.upper(), sorted(STATES))
            message = f"--partner {code[:20]!r} is no ISO 3166-1 alpha-3 code, nor EU"
            faults.append(Fault(message=message, near=near))
        elif code == state:
            faults.append(Fault(message=f"--partner {code} is the state itself"))
    found: list[int | None] = []
    for name, text in (("substitute", substitute), ("need", need)):
        share = find_share(text) if text else None
        if text and share is None:
            faults.append(Fault(message=f"--{name} {text[:20]!r} is no share: write 0% or 0.5"))
        found.append(None if share is None else round(share * PPM))
    if faults:
        raise InvalidDocument("nothing to compare", code="cli.leverage", faults=faults)
    return Assumption(substitute_ppm=found[0], need_ppm=found[1])
