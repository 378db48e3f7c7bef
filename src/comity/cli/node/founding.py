# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a member states once and for ever, looked at before a node is founded on it."""

from collections.abc import Iterator

from babel import Locale
from babel.core import get_global

from comity.errors import Fault, InvalidDocument
from comity.law.cursor import near_miss
from comity.ledger.keyset import COUNTRY, ROLES


def check_founding(*, name: str, role: str, jurisdiction: str, origin: str) -> None:
    """Refuse what would be regretted, all of it at once.

    Raises:
        InvalidDocument: With each option that is wrong.
    """
    faults = list(_faults(name, role, jurisdiction, origin))
    if faults:
        raise InvalidDocument(
            "no node is founded on this",
            code="cli.founding",
            hint="all of it stands in the log's first entry and is never changed",
            faults=faults,
        )


def _faults(name: str, role: str, jurisdiction: str, origin: str) -> Iterator[Fault]:
    if not name.strip():
        yield Fault(message="--name is empty")
    if role not in ROLES:
        roles = ", ".join(ROLES)
        yield Fault(message=f"--role is not one of {roles}", near=near_miss(role, ROLES))
    if not COUNTRY.fullmatch(jurisdiction):
        message = "--jurisdiction is not an ISO 3166-1 alpha-3 code such as KHM"
        yield Fault(message=message, near=near_country(jurisdiction))
    if "://" in origin:
        message = "--origin is a name and no address: no scheme stands before it"
        yield Fault(message=message, near=origin.partition("://")[2].rstrip("/") or None)
    elif not origin or " " in origin or "+" in origin:
        yield Fault(message="--origin names the log's key: no space, no plus, not empty")


def near_country(text: str) -> str | None:
    """Return the three letters meant by a country's name or its other codes."""
    codes = {
        targets[0]: code
        for code, targets in get_global("territory_aliases").items()
        if COUNTRY.fullmatch(code) and len(targets) == 1
    }
    wanted = text.strip()
    if wanted.upper() in codes.values():
        return wanted.upper()
    if wanted.upper() in codes:
        return codes[wanted.upper()]
    territories = Locale("en").territories
    names = {territories[two]: three for two, three in codes.items() if two in territories}
    near = near_miss(wanted.title(), names)
    return None if near is None else names[near]
