# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Codecs of blocs: a member's mandate, a bloc's position (docs/spec/council.md)."""

from collections.abc import Mapping

from comity.council.decision.docket import SAYABLE, BlocPosition, Mandate
from comity.council.rule.floor import Answer
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import to_rfc3339
from comity.kernel.reference import to_reference_json


def to_mandate_json(mandate: Mandate) -> dict[str, Json]:
    """Write a mandate's predicate, without `issued`."""
    return {
        "bloc": mandate.bloc,
        "holder": mandate.holder,
        "scope": list(mandate.scope),
        "until": None if mandate.until is None else to_rfc3339(mandate.until),
        "rule": mandate.rule,
    }


def from_mandate_json(predicate: Mapping[str, Json]) -> Mandate:
    """Read a mandate's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    mandate = Mandate(
        bloc=fields.text("bloc"),
        holder=MemberId(fields.digest("holder").hex()),
        scope=fields.texts("scope"),
        until=fields.nullable("until", fields.instant),
        rule=fields.text("rule"),
    )
    fields.finish("not a bloc's mandate", code="council.mandate")
    return mandate


def to_position_json(position: BlocPosition) -> dict[str, Json]:
    """Write a bloc position's predicate, without `issued`."""
    written: dict[str, Json] = {
        "bloc": position.bloc,
        "proposal": to_reference_json(position.proposal),
        "text": position.text.hex(),
        "choice": None if position.choice is None else position.choice.value,
        "sequence": position.sequence,
    }
    return written | ({"reason": position.reason} if position.reason else {})


def from_position_json(predicate: Mapping[str, Json]) -> BlocPosition:
    """Read a bloc position's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    words = [choice.value for choice in SAYABLE]
    choice = fields.nullable("choice", lambda name: fields.choice(name, words))
    position = BlocPosition(
        bloc=fields.text("bloc"),
        proposal=fields.reference("proposal"),
        text=fields.digest("text"),
        choice=None if choice is None else Answer(choice),
        sequence=fields.integer("sequence"),
        reason=fields.optional("reason", fields.text) or "",
    )
    fields.finish("not a bloc's position", code="council.position")
    return position
