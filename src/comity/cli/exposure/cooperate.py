# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity cooperate`: what members offer, need and do together, and who fits whom."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from comity.cli.exposure.cooperate_weights import weights
from comity.cli.exposure.render_cooperation import print_board, print_hints, print_match
from comity.cli.hush import hushed
from comity.cli.option import Json, day_of, print_json, today
from comity.cli.session import Signing, Telling, looked_at, opened
from comity.desk.cooperation.cooperating import (
    Cited,
    Kind,
    board,
    board_in,
    joined,
    say,
    who_are,
)
from comity.desk.cooperation.pairing import Asked, match_sheet
from comity.desk.cooperation.sheet import Board, MatchSheet
from comity.desk.law.demonstrating import hint_sheets
from comity.desk.log.citation import cite
from comity.desk.log.shelf import ViewShelf
from comity.errors import Fault, InvalidDocument
from comity.exposure.cooperate.match import Method
from comity.files.cooperation import read_cooperation, shipped_records
from comity.node.clock import read_clock

app = App(name="cooperate", help="Say what is offered and needed, and find who fits whom.")

app.command(weights)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What counts.

    Args:
        node: A node's folder: what the logs it follows say.
        files: A file of offers and needs; repeatable.
        records: Count the public records that come with Comity.
        passphrase_file: A file with the node's passphrase; else COMITY_PASSPHRASE, else you are
            asked.
    """

    node: Path | None = None
    files: Annotated[tuple[Path, ...], Parameter(name="--with", negative="")] = ()
    records: Annotated[bool, Parameter(negative="")] = False
    passphrase_file: Path | None = None


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a project rests on, in logs that the node holds.

    Args:
        offer: An offer it takes up, ORIGIN#INDEX or digits of its SHA-256; repeatable.
        need: A need it meets; repeatable.
        system: A registered system that it uses; repeatable.
    """

    offer: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    need: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    system: Annotated[tuple[str, ...], Parameter(negative="")] = ()


NOTHING_SEEN, NOTHING_NAMED = Seen(), Named()


@app.command
def offer(file: Path, *, signing: Signing, as_json: Json = False) -> None:
    """Offer what a file's [[offer]] tables say, each as a signed statement.

    What stands already is not said again; comity withdraw takes an offer back.

    Example: comity cooperate offer ours.toml --node kh

    Args:
        file: A .toml file; comity cooperate check lists its faults.
    """
    _say(file, "offer", signing, as_json=as_json)


@app.command
def need(file: Path, *, signing: Signing, as_json: Json = False) -> None:
    """Say what is needed, each [[need]] table of a file as a signed statement.

    Example: comity cooperate need ours.toml --node kh

    Args:
        file: A .toml file; comity cooperate check lists its faults.
    """
    _say(file, "need", signing, as_json=as_json)


@app.command
def project(
    file: Path, *, signing: Signing, named: Named = NOTHING_NAMED, as_json: Json = False
) -> None:
    """Say that offers and needs became work in common: a file's one [[project]] table.

    This member is among its parties whoever else is. What is cited must stand in a log that
    this node holds.

    Example: comity cooperate project joint.toml --offer br.example/log#3 --need
        kh.example/log#2 --node kh

    Args:
        file: A .toml file.
    """
    _say(file, "project", signing, named, as_json=as_json)


def _say(
    file: Path, kind: Kind, signing: Signing, named: Named = NOTHING_NAMED, *, as_json: bool
) -> None:
    folder = read_cooperation(file)
    with opened(signing.node, signing.passphrase_file) as own:
        shelf = ViewShelf(own.view())
        cited = Cited(
            offers=tuple(cite(shelf, one, "offer").reference for one in named.offer),
            needs=tuple(cite(shelf, one, "need").reference for one in named.need),
            systems=tuple(cite(shelf, one, "system").reference for one in named.system),
        )
        logged = say(own, folder, kind, now=read_clock(), cited=cited)
        Telling(as_json=as_json).logged_each(
            own, logged.references, kind, standing=logged.standing, publish=signing.publish
        )


@app.command
def check(file: Path, *, as_json: Json = False) -> None:
    """Read a file of offers, needs and projects, and list every fault with its place.

    Example: comity cooperate check ours.toml

    Args:
        file: A .toml file.
    """
    found = read_cooperation(file)
    counts = {
        "offers": len(found.offers),
        "needs": len(found.needs),
        "projects": len(found.projects),
    }
    telling = Telling(as_json=as_json)
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    telling.say(f"{file}: {said}, no faults")
    telling.print_json({"file": str(file), **counts, "faults": []})


@app.command(name="list")
def list_(
    *,
    seen: Seen = NOTHING_SEEN,
    as_json: Json = False,
) -> None:
    """List what is offered, needed and done; what was taken back is left out.

    Without a node and a file, the public records that come with Comity: each with source and
    basis, and what is unverified or unknown said so.

    Example: comity cooperate list --node kh

    Example: comity cooperate list --records
    """
    boards = [board_in(read_cooperation(path), "file") for path in seen.files]
    if seen.node is not None:
        with looked_at(seen.node, seen.passphrase_file) as own:
            boards.insert(0, board(own))
    if seen.records or not boards:
        boards.append(board_in(shipped_records(), "record"))
    found = joined(boards)
    if as_json:
        print_json(found.to_json())
    else:
        print_board(Console(highlight=False), found)


@app.command
def projects(
    *, determine: Annotated[bool, Parameter(negative="")] = False, as_json: Json = False
) -> int:
    """List the demonstration projects; with --determine, what is known to bind each.

    Each question is put to the project's profile as comity determine would; where an answer is
    supposed that no report gives, the row says that it is hypothetical. Exit code 1 where the
    packs say otherwise than the source.

    Example: comity cooperate projects --determine

    Args:
        determine: Put what the facts say of their duties to the packs.
    """
    console = Console(highlight=False, quiet=as_json)
    if not determine:
        found = Board(projects=board_in(shipped_records(), "record").projects)
        print_board(console, found)
        if as_json:
            print_json([one.to_json() for one in found.projects])
        return 0
    with console.status("determining …"):
        sheets = hint_sheets()
    print_hints(console, sheets)
    if as_json:
        print_json([one.to_json() for one in sheets])
    return 0 if all(one.agrees for one in sheets) else 1


@app.command
def match(
    *,
    seen: Seen = NOTHING_SEEN,
    method: Method = "stable",
    state: str = "",
    on: str = "",
    inventory: Annotated[tuple[Path, ...], Parameter(negative="")] = (),
    as_json: Json = False,
) -> int:
    """Pair needs with offers, and say which dependence each pair creates or relieves.

    stable: needs propose, and no need and offer are left that would both rather have each
    other. coverage: as many needs as possible are met in full, within what each offer holds.
    A public pledge of which nobody said for whom is paired with nobody, and says so.

    Example: comity cooperate match --node kh

    Example: comity cooperate match --records --with ours.toml --method coverage

    Args:
        method: stable or coverage.
        state: Only needs of this state: an ISO 3166-1 alpha-3 code.
        on: The day, such as 2027-01-15; without it, today.
        inventory: What a state rests on, as comity exposure reads it; repeatable.
    """
    _refuse_nothing(seen)
    asked = Asked(
        on=day_of(on) or today(), method=method, files=seen.files, records=seen.records,
        inventories=inventory, state=state,
    )  # fmt: skip
    console = Console(highlight=False, quiet=as_json)
    with console.status("pairing …"):
        sheet = _matched(asked, seen)
    print_match(console, sheet)
    if as_json:
        print_json(sheet.to_json())
    return 0


def _refuse_nothing(seen: Seen) -> None:
    if seen.node is None and not seen.files and not seen.records:
        fault = Fault(message="give --node, --with FILE or --records")
        raise InvalidDocument("nothing to match", code="cli.choose", faults=[fault])


def _matched(asked: Asked, seen: Seen) -> MatchSheet:
    if seen.node is None:
        with hushed():
            return match_sheet(asked)
    with looked_at(seen.node, seen.passphrase_file) as own:
        view = own.view()
        with hushed():
            return match_sheet(asked, ViewShelf(view), who_are(view.members()))
