# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What exposure is looked at over: bills and suppliers, each with where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from comity.desk.log.shelf import Said, Shelf, place_of
from comity.desk.supply.billing import inventories, registered
from comity.desk.supply.origin import Origin
from comity.errors import Fault, InvalidDocument
from comity.exposure.material.bill import Bill
from comity.exposure.material.inventory import Inventory
from comity.files.inventory import read_inventory
from comity.files.materials.country import no_state
from comity.files.pack import SHIPPED
from comity.kernel.ids import MemberId
from comity.kernel.material import Material
from comity.law.market import EUROPEAN_UNION, STATES, UNION_MEMBERS

RECORDS = SHIPPED / "exposure" / "records"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be looked at.

    Args:
        state: Only what serves this state; "" for everything.
        inventories: Files to read beside what the logs state.
        records: Whether what comes with Comity counts too.
        seats: Where each member sits.
    """

    state: str = ""
    inventories: tuple[Path, ...] = ()
    records: bool = True
    seats: Mapping[MemberId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What was found.

    Args:
        bills: Of systems, and of states as a whole.
        supplies: What is known of suppliers.
        origins: Where each comes from.
        refused: Bills that contradict themselves, with why.
    """

    state: str
    bills: tuple[Bill, ...]
    supplies: tuple[Material, ...]
    origins: tuple[Origin, ...]
    refused: tuple[tuple[str, str], ...] = ()


def gather(wanted: Wanted, shelf: Shelf | None = None) -> Grounds:
    """Gather bills from the followed logs, from files, and from what comes with Comity.

    Raises:
        InvalidDocument: The state has no code, or a file has faults; all are listed.
    """
    check_state(wanted.state)
    given = [(read_inventory(path), str(path), "file") for path in wanted.inventories]
    if wanted.records:
        given += [
            (read_inventory(path), path.name, "record")
            for path in sorted(RECORDS.glob("*.toml"))
        ]
    held = _from_logs(wanted, shelf)
    bills, supplies, origins = [*held.bills], [*held.supplies], [*held.origins]
    for inventory, place, kind in given:
        if inventory.materials and wanted.state in {"", inventory.state}:
            bills.append(inventory.to_bill(place))
            origins.append(_origin(inventory, kind, place))
        elif inventory.supplies:
            origins.append(_origin(inventory, kind, place))
        supplies += inventory.supplies
    return replace(
        held,
        bills=tuple(_at_home(bill, wanted.state) for bill in bills),
        supplies=tuple(_once(supplies)),
        origins=tuple(origins),
    )


def check_state(state: str) -> None:
    """Refuse what is no state's code.

    Raises:
        InvalidDocument: It is none (`desk.state`).
    """
    if state and state not in STATES and state != EUROPEAN_UNION:
        message, near = no_state(state)
        raise InvalidDocument(
            message, code="desk.state", faults=[Fault(message=message, near=near)]
        )


def homes_of(state: str) -> frozenset[str]:
    """Return the codes that are a state's own: of the Union, its members' too."""
    return UNION_MEMBERS | {EUROPEAN_UNION} if state == EUROPEAN_UNION else frozenset({state})


def _from_logs(wanted: Wanted, shelf: Shelf | None) -> Grounds:
    if shelf is None:
        return Grounds(state=wanted.state, bills=(), supplies=(), origins=())
    found = registered(shelf, market=wanted.state, seats=wanted.seats)
    bills = [one.bill for one in found.held]
    origins = [
        _stated(one.said, one.bill, kind="system", example=one.example) for one in found.held
    ]
    supplies: list[Material] = []
    for one in inventories(shelf, wanted.state):
        bill = one.inventory.to_bill(one.said.reference.sha256.hex())
        bills.append(bill)
        supplies += one.inventory.supplies
        origins.append(
            replace(
                _stated(one.said, bill, kind="inventory", example=one.inventory.example),
                note=one.inventory.note,
            )
        )
    return Grounds(
        state=wanted.state,
        bills=tuple(bills),
        supplies=tuple(supplies),
        origins=tuple(origins),
        refused=tuple(found.refused.items()),
    )


def _stated(said: Said, bill: Bill, *, kind: str, example: bool) -> Origin:
    return Origin(
        name=bill.name,
        kind=kind,
        place=place_of(said.reference),
        sha256=said.reference.sha256.hex(),
        is_counted=said.is_counted,
        example=example,
        weight=int(bill.weight),
        layers=bill.layers(),
    )


def _origin(inventory: Inventory, kind: str, place: str) -> Origin:
    name = f"inventory of {inventory.state}" if inventory.materials else "suppliers"
    rows = inventory.materials or inventory.supplies
    return Origin(
        name=name,
        kind=kind,
        place=place,
        sha256="",
        is_counted=True,
        example=inventory.example,
        weight=inventory.counts_as if inventory.materials else 0,
        layers=tuple(dict.fromkeys(one.layer for one in rows)),
        note=inventory.note,
    )


def _once(supplies: Sequence[Material]) -> list[Material]:
    """Keep the first of the rows that name the same thing: a file before a record."""
    found: dict[tuple[str, str], Material] = {}
    for one in supplies:
        found.setdefault((one.layer, one.name), one)
    return list(found.values())


def _at_home(bill: Bill, state: str) -> Bill:
    """Take "EU" for unknown where the state is one of its members: it may be its own."""
    if state not in UNION_MEMBERS:
        return bill
    return replace(bill, materials=tuple(map(_undecided, bill.materials)))


def _undecided(material: Material) -> Material:
    def own(code: str | None) -> str | None:
        return None if code == EUROPEAN_UNION else code

    return replace(
        material,
        jurisdiction=own(material.jurisdiction),
        territory=own(material.territory),
        owner=own(material.owner),
        chips=own(material.chips),
    )
