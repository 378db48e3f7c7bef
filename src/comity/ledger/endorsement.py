# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One member's word that a name and a key of another belong together; nothing more."""

from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.digest import from_hex
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.keyset import COUNTRY
from comity.ledger.note import ED25519, from_vkey
from comity.ledger.statement import Statement, Subject, to_predicate_type

ENDORSEMENT_TYPE = to_predicate_type("endorsement")
_GROUPS, _DIGITS = 10, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """What a member says it compared.

    Args:
        log_key: The vkey of the log as it was compared.
        checked: How, in plain words.
        until: When it no longer holds; None for no end.
    """

    member: MemberId
    log_key: str
    name: str
    jurisdiction: str
    checked: str
    issued: Instant
    until: Instant | None


def to_statement(endorsement: Endorsement) -> Statement:
    """Write what is logged."""
    until = endorsement.until
    return Statement(
        predicate_type=ENDORSEMENT_TYPE,
        predicate={
            "member": endorsement.member,
            "log_key": endorsement.log_key,
            "name": endorsement.name,
            "jurisdiction": endorsement.jurisdiction,
            "checked": endorsement.checked,
            "issued": to_rfc3339(endorsement.issued),
            "until": None if until is None else to_rfc3339(until),
        },
        subjects=(Subject.of(from_hex(endorsement.member), name="member"),),
    )


def from_predicate(predicate: Json) -> Endorsement:
    """Read what was logged, listing every fault.

    Raises:
        InvalidDocument: A field is missing or malformed.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    country = fields.text("jurisdiction")
    if country and not COUNTRY.fullmatch(country):
        fields.fault("jurisdiction", "is not an ISO 3166-1 alpha-3 code such as KHM")
    found = Endorsement(
        member=MemberId(fields.digest("member").hex()),
        log_key=_vkey(fields),
        name=fields.text("name"),
        jurisdiction=country,
        checked=fields.text("checked"),
        issued=fields.instant("issued"),
        until=fields.nullable("until", fields.instant),
    )
    fields.finish("not an endorsement", code="ledger.endorsement")
    return found


def fingerprint_of(member: MemberId) -> str:
    """Return the first 160 bits of a member's id in groups people can read to each other.

    Ten groups of four hexadecimal digits, as OpenPGP shows fingerprints.

    >>> fingerprint_of(MemberId("3f2a09c1d4e5b6a7" * 4))
    '3f2a 09c1 d4e5 b6a7 3f2a 09c1 d4e5 b6a7 3f2a 09c1'
    """
    groups = (member[at : at + _DIGITS] for at in range(0, _GROUPS * _DIGITS, _DIGITS))
    return " ".join(groups)


def _vkey(fields: Fields) -> str:
    text = fields.text("log_key")
    try:
        if text and from_vkey(text).kind != ED25519:
            fields.fault("log_key", f"must be an Ed25519 key of type {ED25519}")
    except InvalidDocument as error:
        fields.fault("log_key", f"is wrong: {error.message}")
    return text
