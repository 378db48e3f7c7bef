# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity exposure memo` and `template`: from a spreadsheet to a page for whoever decides."""

import datetime as dt
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import replace as replace_in
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity import __version__
from comity.cli.exposure.grounds import EVERYTHING, Over
from comity.cli.hush import hushed
from comity.cli.option import Json, day_of, print_json, today
from comity.cli.session import looked_at
from comity.desk.cooperation.cooperating import who_are
from comity.desk.cooperation.pairing import Asked as Pairing
from comity.desk.cooperation.pairing import match_sheet
from comity.desk.cooperation.sheet import MatchSheet
from comity.desk.exposure.diversifying import Asked, diversify_sheet
from comity.desk.exposure.diversifysheet import DiversifySheet
from comity.desk.exposure.exposing import exposure_sheet
from comity.desk.exposure.leverage import Between, LeverageSheet, leverage_sheet
from comity.desk.exposure.memo import Given, Memo, to_markdown
from comity.desk.exposure.shocking import shock_sheet
from comity.desk.log.shelf import ViewShelf
from comity.desk.supply.grounds import Grounds, Wanted, check_state, gather
from comity.errors import Conflict, Fault, InvalidDocument
from comity.exposure.shock.scenario import Scenario
from comity.files.inventory import read_inventory
from comity.files.options import read_options
from comity.files.pack import SHIPPED
from comity.files.shock import find_shock
from comity.files.slip import near_share
from comity.files.text import write_whole
from comity.kernel.digest import sha256
from comity.kernel.localtext import LocalText
from comity.kernel.share import find_share

TEMPLATE = SHIPPED / "exposure" / "template.csv"


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a memo is asked for.

    Args:
        options: Who could supply what, at which cost: .toml; without it, no way out is planned.
        shock: A scenario by name or file; repeatable. Without one, the partner whose leaving
            would cost most is cut off.
        ceiling: The most that any layer may rest on any one jurisdiction, such as 40%.
        files: A file of offers and needs; repeatable.
        on: The day of the memo, such as 2026-11-22; without it, today.
    """

    options: Path | None = None
    shock: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    ceiling: str = "40%"
    files: Annotated[tuple[Path, ...], Parameter(name="--with", negative="")] = ()
    on: str = ""


PLAIN = Asking()


def template(*, as_json: Json = False) -> int:
    """Write an inventory to fill in, with invented rows that say so.

    Example: comity exposure template > inventory.csv
    """
    text = TEMPLATE.read_text("utf-8")
    if as_json:
        print_json({"csv": text})
    else:
        sys.stdout.write(text)
    return 0


def memo(
    state: str,
    *,
    asked: Asking = PLAIN,
    over: Over = EVERYTHING,
    out: Path | None = None,
    replace: bool = False,
    as_json: Json = False,
) -> int:
    """Write one page for whoever decides: dependence, shock, way out, leverage, who could help.

    Nothing is computed but what show, shock, diversify, leverage and cooperate match say;
    every figure stands with its base, and what is unknown is said.

    Example: comity exposure memo KHM --inventory inventory.csv --options options.toml

    Example: comity exposure memo KHM --inventory inventory.csv --shock usa-chip-controls \
--out memo.md

    Args:
        state: ISO 3166-1 alpha-3 code, or EU.
        out: Where to write it, as Markdown; without it, it is printed.
        replace: Write over a file that is there.
    """
    ceiling = _ceiling(state, asked, over)
    if out is not None and out.exists() and not replace:
        hint = "choose another name, or add --replace"
        raise Conflict(f"{out} is there already", code="cli.exists", hint=hint)
    console = Console(highlight=False, quiet=as_json or out is None)
    with hushed(), _found(state, asked, over) as found, console.status("writing …"):
        said = _memo(asked, over, found, ceiling)
    if out is not None:
        write_whole(out, to_markdown(said), "memo")
        console.print(f"written: {out}", markup=False, soft_wrap=True)
    if as_json:
        print_json(said.to_json())
    elif out is None:
        sys.stdout.write(to_markdown(said))
    return 0


def _ceiling(state: str, asked: Asking, over: Over) -> Fraction:
    """Refuse a memo on nobody, on nothing, or under a ceiling that is none, all at once."""
    faults: list[Fault] = []
    if not state:
        faults.append(Fault(message="on whom? name a state, such as KHM"))
    if not over.inventory and over.node is None:
        faults.append(Fault(message="computed from what? give --inventory FILE, or --node"))
    ceiling = find_share(asked.ceiling)
    if not ceiling:
        message = (
            f"--ceiling {asked.ceiling[:20]!r} is no share above nothing: write 30% or 0.3"
        )
        near = near_share(asked.ceiling) if ceiling is None else None
        faults.append(Fault(message=message, near=near))
    if faults:
        raise InvalidDocument("no memo to write", code="cli.memo", faults=faults)
    return ceiling or Fraction(1)


def _check_own(state: str, over: Over) -> None:
    """Refuse files that all speak of others: such a memo would say that nothing is needed."""
    others = {path: read_inventory(path).state for path in over.inventory}
    if others and over.node is None and state not in others.values():
        faults = [
            Fault(message=f"{path.name} is an inventory of {of or 'suppliers'}, not of {state}")
            for path, of in others.items()
        ]
        raise InvalidDocument("no memo to write", code="cli.memo", faults=faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the logs and files hold: of the state, of everybody, and who fits whom."""

    on: dt.date
    own: Grounds
    every: Grounds
    match: MatchSheet


@contextmanager
def _found(state: str, asked: Asking, over: Over) -> Iterator[_Found]:
    """Gather everything; a node is opened once."""
    check_state(state)
    _check_own(state, over)
    on = day_of(asked.on) or today()
    wanted = Wanted(state=state, inventories=over.inventory, records=over.records)
    pairing = Pairing(
        on=on, files=asked.files, records=over.records, inventories=over.inventory, state=state
    )
    if over.node is None:
        every = gather(replace_in(wanted, state=""))
        yield _Found(on=on, own=gather(wanted), every=every, match=match_sheet(pairing))
        return
    with looked_at(over.node, over.passphrase_file) as node:
        view = node.view()
        who = who_are(view.members())
        wanted = replace_in(wanted, seats={member: one.seat for member, one in who.items()})
        shelf = ViewShelf(view)
        every = gather(replace_in(wanted, state=""), shelf)
        match = match_sheet(pairing, shelf, who)
        yield _Found(on=on, own=gather(wanted, shelf), every=every, match=match)


def _memo(asked: Asking, over: Over, found: _Found, ceiling: Fraction) -> Memo:
    own = found.own
    partners = leverage_sheet(found.every, Between(state=own.state))
    return Memo(
        on=found.on,
        version=__version__,
        exposure=exposure_sheet(own),
        shocks=tuple(shock_sheet(own, one) for one in _scenarios(asked.shock, partners)),
        diversify=_plan(asked.options, own, ceiling),
        leverage=partners,
        match=found.match,
        given=tuple(_given(asked, over)),
    )


def _plan(options: Path | None, own: Grounds, ceiling: Fraction) -> DiversifySheet | None:
    if options is None:
        return None
    known = {one.name for one in own.supplies}
    read = read_options(options, known=known)
    return diversify_sheet(Asked(grounds=(own,), options=read, ceiling=ceiling))


def _scenarios(names: Sequence[str], partners: LeverageSheet) -> tuple[Scenario, ...]:
    """Return the scenarios asked for; else the leaving of whoever would hurt most."""
    if names:
        return tuple(map(find_shock, names))
    return tuple(
        Scenario(
            id="heaviest-partner",
            title=LocalText(by_tag={"en": f"without {one.partner}"}),
            jurisdictions=(one.partner,),
            source="the first partner of section 4: whoever would hurt most by leaving",
        )
        for one in [row for row in partners.partners if row.worst is not None][:1]
    )


def _given(asked: Asking, over: Over) -> Iterator[Given]:
    """Name each file with its digest, so that whoever doubts can compute it again."""
    for path in over.inventory:
        day = read_inventory(path).as_of
        yield Given(kind="inventory", name=path.name, sha256=_digest(path), as_of=day)
    scenarios = [Path(name) for name in asked.shock if Path(name).suffix == ".toml"]
    options = [] if asked.options is None else [asked.options]
    for kind, paths in (
        ("options", options), ("scenario", scenarios), ("offers and needs", asked.files),
    ):  # fmt: skip
        for path in paths:
            yield Given(kind=kind, name=path.name, sha256=_digest(path))


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hex()
