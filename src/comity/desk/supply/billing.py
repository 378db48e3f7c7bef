# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bills of materials as the followed logs state them, each with where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from comity.desk.log.codec import read_registration
from comity.desk.log.shelf import Said, Shelf, place_of, read_or_none
from comity.errors import InvalidDocument
from comity.exposure.material.bill import Bill, check
from comity.exposure.material.inventory import Inventory, from_inventory_json
from comity.kernel.canonical import Json
from comity.kernel.ids import MemberId
from comity.law.statement import Registration

NOWHERE: Mapping[MemberId, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """A bill with the statement it comes from."""

    bill: Bill
    said: Said
    example: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An inventory with the statement it comes from."""

    inventory: Inventory
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The newest bill of every system.

    Args:
        refused: Where a bill stands that contradicts itself, and why it counts for nothing.
    """

    held: tuple[Billed, ...]
    refused: Mapping[str, str]


def registered(
    shelf: Shelf, *, market: str = "", seats: Mapping[MemberId, str] = NOWHERE
) -> Registered:
    """Return the bill of the newest version of every system.

    Args:
        market: Only of systems that serve this market; "" for all.
        seats: Where each member sits, by its own keyset: the buyer, for export rules.
    """
    newest: dict[tuple[MemberId, str], tuple[Registration, Said]] = {}
    for said in shelf.of_kind("system"):
        registration = read_or_none(_read, said)
        if registration is not None and not said.doubt:
            newest[said.member, registration.profile.system] = (registration, said)
    held: list[Billed] = []
    refused: dict[str, str] = {}
    for registration, said in newest.values():
        if market and market not in (registration.profile.markets or ()):
            continue
        bill = bill_of(registration, said, seats.get(said.member, ""))
        try:
            check(bill)
        except InvalidDocument as error:
            refused[place_of(said.reference)] = "; ".join(map(str, error.faults))
        else:
            held.append(Billed(bill=bill, said=said, example=registration.profile.example))
    return Registered(held=tuple(held), refused=refused)


def bill_of(registration: Registration, said: Said, seat: str = "") -> Bill:
    """Return a system's bill."""
    profile = registration.profile
    return Bill(
        key=said.reference.sha256.hex(),
        name=f"{profile.name.by_tag['en']} {profile.version}".strip(),
        materials=profile.materials,
        seat=seat,
        markets=profile.markets or (),
    )


def inventories(shelf: Shelf, state: str) -> tuple[Stated, ...]:
    """Return the newest inventory that each member stated of a state; "" for any state."""
    newest: dict[tuple[MemberId, str], Stated] = {}
    for said in shelf.of_kind("inventory"):
        found = read_or_none(_read_inventory, said)
        if found is not None and state in {"", found.state} and not said.doubt:
            newest[said.member, found.state] = Stated(inventory=found, said=said)
    return tuple(newest.values())


def _read(predicate: Json) -> Registration:
    return read_registration(dict(predicate))  # type: ignore[arg-type]  # an object, or the reader says so


def _read_inventory(predicate: Json) -> Inventory:
    return from_inventory_json(dict(predicate))  # type: ignore[arg-type]  # the same
