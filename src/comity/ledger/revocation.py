# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a member says when keys are stolen: which, and the last entry it stands by."""

from dataclasses import dataclass

from comity.errors import Fault
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.keyset import Keyset
from comity.ledger.statement import Statement, Subject, to_predicate_type

COMPROMISE_TYPE = to_predicate_type("compromise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compromise:
    """Keys that others than their owner may hold.

    Args:
        entry: The index of the statement.
        sequence: The number of the keyset that has the keys.
        keys: Key ids of statement and root keys, vkeys of log and witness keys.
        last_good: The last index its owner stands by.
    """

    entry: int
    sequence: int
    keys: frozenset[str]
    last_good: int
    reason: str
    issued: Instant


def to_statement(compromise: Compromise, keyset: Keyset) -> Statement:
    """Write what is logged; *keyset* is the one that has the keys."""
    return Statement(
        predicate_type=COMPROMISE_TYPE,
        predicate={
            "sequence": compromise.sequence,
            "keys": sorted(compromise.keys),
            "last_good": compromise.last_good,
            "reason": compromise.reason,
            "issued": to_rfc3339(compromise.issued),
        },
        subjects=(Subject.of(keyset.digest, name=keyset.origin),),
    )


def open_compromise(statement: Statement, entry: int) -> Compromise:
    """Read what was logged at an index, listing every fault.

    Raises:
        InvalidDocument: A field is missing or malformed.
    """
    faults: list[Fault] = []
    fields = Fields(statement.predicate, faults=faults)
    found = Compromise(
        entry=entry,
        sequence=fields.integer("sequence"),
        keys=frozenset(fields.texts("keys")),
        last_good=fields.integer("last_good"),
        reason=fields.text("reason"),
        issued=fields.instant("issued"),
    )
    if not found.keys:
        fields.fault("keys", "names no key")
    fields.finish("not a compromise", code="ledger.compromise")
    return found


def names_of(keyset: Keyset) -> frozenset[str]:
    """Return the names of a keyset's keys, as a compromise gives them."""
    root = () if keyset.stated_root is None else keyset.stated_root.keys
    notes = (keyset.log_key, *keyset.witness_keys)
    return frozenset((*keyset.statement_keys, *root, *(key.vkey for key in notes)))
