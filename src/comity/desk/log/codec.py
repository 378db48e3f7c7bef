# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which room reads which kind of statement: each domain owns the codec of its own."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from comity.council.consult.statement import (
    from_addition_json,
    from_conclusion_json,
    from_consultation_json,
    from_count_json,
)
from comity.council.decision.statement import (
    from_amendment_json,
    from_ballot_json,
    from_motion_json,
)
from comity.council.decision.statement_bloc import from_mandate_json, from_position_json
from comity.council.decision.statement_record import (
    from_challenge_json,
    from_receipt_json,
    from_result_json,
    from_roll_json,
)
from comity.council.instrument.statement import (
    act_from_predicate,
    adoption_from_predicate,
    difference_from_predicate,
)
from comity.council.programme.assignment import from_assignment_json
from comity.desk.law.duties import library
from comity.evidence.afterwards import (
    accreditation_from_predicate,
    appeal_from_predicate,
    countersignature_from_predicate,
    reply_from_predicate,
    withdrawal_from_predicate,
)
from comity.evidence.application import application_from_predicate, reveal_from_predicate
from comity.evidence.bank_statement import bank_from_predicate
from comity.evidence.contributor import draw_commitment_from_predicate
from comity.evidence.custody import custody_from_predicate
from comity.evidence.drift import drift_from_predicate, recheck_from_predicate
from comity.evidence.finding import finding_from_predicate
from comity.evidence.opening import opening_statement_from_predicate
from comity.evidence.plan import plan_from_predicate
from comity.evidence.recognition import policy_from_predicate, recognition_from_predicate
from comity.evidence.third import draw_reveal_from_predicate
from comity.evidence.unproven import unproven_from_predicate
from comity.exposure.cooperate.statement import (
    from_need_json,
    from_offer_json,
    from_project_json,
)
from comity.exposure.material.inventory import from_inventory_json
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.law.statement import Registration, from_system_json
from comity.ledger.erasure import consent_from, erasure_from
from comity.ledger.keyset import from_predicate as keyset_from_predicate

Reader: TypeAlias = Callable[[dict[str, Json]], object]


def read_registration(predicate: Mapping[str, Json]) -> Registration:
    """Read a system's predicate by the shipped vocabulary.

    Raises:
        InvalidDocument: With every fault.
    """
    return from_system_json(predicate, library().vocabulary.facts)


def find_reader(kind: str) -> Reader | None:
    """Return the codec of a kind, or None where no room reads it yet."""
    return _READERS.get(kind)


def _countersignature(predicate: dict[str, Json]) -> object:
    """Read one of a finding, or one of an erasure."""
    read = consent_from if "erasure" in predicate else countersignature_from_predicate
    return read(predicate)


def _dated(read: Reader) -> Reader:
    """Read what is said with the claim of when, which the council's own codecs leave aside."""

    def both(predicate: dict[str, Json]) -> object:
        fields = Fields(predicate, faults=[])
        fields.instant("issued")
        fields.finish("not dated", code="desk.issued")
        return read(predicate)

    return both


def _assignment(predicate: dict[str, Json]) -> object:
    return from_assignment_json("0" * 64, predicate)


_READERS: Mapping[str, Reader] = {
    "keyset": keyset_from_predicate,
    "system": read_registration,
    "inventory": from_inventory_json,
    "bank": bank_from_predicate,
    "application": application_from_predicate,
    "plan": plan_from_predicate,
    "draw-commitment": draw_commitment_from_predicate,
    "reveal": reveal_from_predicate,
    "draw-reveal": draw_reveal_from_predicate,
    "finding": finding_from_predicate,
    "custody": custody_from_predicate,
    "opening": opening_statement_from_predicate,
    "policy": policy_from_predicate,
    "recognition": recognition_from_predicate,
    "recheck": recheck_from_predicate,
    "drift": drift_from_predicate,
    "unproven": unproven_from_predicate,
    "withdrawal": withdrawal_from_predicate,
    "countersignature": _countersignature,
    "appeal": appeal_from_predicate,
    "reply": reply_from_predicate,
    "accreditation": accreditation_from_predicate,
    "erasure": erasure_from,
    "instrument-act": _dated(act_from_predicate),
    "difference": _dated(difference_from_predicate),
    "pack-adoption": _dated(adoption_from_predicate),
    "proposal": from_motion_json,
    "ballot": from_ballot_json,
    "amendment": _dated(from_amendment_json),
    "bloc-mandate": _dated(from_mandate_json),
    "bloc-position": _dated(from_position_json),
    "ballot-receipt": _dated(from_receipt_json),
    "roll-change": _dated(from_roll_json),
    "challenge": _dated(from_challenge_json),
    "result": _dated(from_result_json),
    "assignment": _assignment,
    "offer": _dated(from_offer_json),
    "need": _dated(from_need_json),
    "project": _dated(from_project_json),
    "consultation": from_consultation_json,
    "opinions": from_addition_json,
    "consultation-votes": from_count_json,
    "consultation-result": from_conclusion_json,
}
