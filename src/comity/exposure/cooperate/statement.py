# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The JSON of offers, needs and projects.

Source:
    docs/spec/cooperation.md.
"""

import datetime as dt
from collections.abc import Mapping

from comity.errors import Fault, InvalidDocument
from comity.exposure.cooperate.matter import Matter, Need, Offer, Project, Weights
from comity.exposure.cooperate.word import KINDS, is_target
from comity.exposure.material.bill import flaws_of
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.instant import from_iso_date
from comity.kernel.material import from_material_json, to_material_json
from comity.kernel.reference import Reference, to_reference_json

WEIGHTS_METHOD = "model-signing/1"
"""How weights that are offered are named: the root of an OpenSSF model-signing manifest."""


def to_offer_json(offer: Offer) -> dict[str, Json]:
    """Write the predicate of an `offer`, without `issued`."""
    weights: Json = None
    if offer.weights is not None:
        named = offer.weights
        weights = {"method": named.method, "sha256": named.sha256.hex(), "signed": named.signed}
    more: dict[str, Json] = {
        "materials": [to_material_json(one) for one in offer.materials] or None,
        "weights": weights,
        "recipients_unstated": offer.recipients_unstated or None,
        "example": offer.example or None,
    }
    return {**offer.rest, **_matter_json(offer.matter), **_said(more)}


def to_need_json(need: Need) -> dict[str, Json]:
    """Write the predicate of a `need`, without `issued`."""
    more: dict[str, Json] = {
        "requires": list(need.requires) or None,
        "example": need.example or None,
    }
    return {**need.rest, **_matter_json(need.matter), **_said(more)}


def to_project_json(project: Project) -> dict[str, Json]:
    """Write the predicate of a `project`, without `issued`."""
    more: dict[str, Json] = {
        "markets": list(project.markets) or None,
        "terms": list(project.terms) or None,
        "systems": _references_json(project.systems) or None,
        "note": project.note or None,
        "example": project.example or None,
    }
    return {
        **project.rest,
        "title": dict(project.title.by_tag),
        "kind": project.kind,
        "parties": list(project.parties),
        "offers": _references_json(project.offers),
        "needs": _references_json(project.needs),
        "status": project.status,
        "goals": list(project.goals),
        **_said(more),
    }


def from_offer_json(predicate: Mapping[str, Json]) -> Offer:
    """Read the predicate of an `offer`.

    Raises:
        InvalidDocument: With every fault of it (`exposure.offer`).
    """
    fields = _open(predicate)
    matter = _matter(fields)
    offer = Offer(
        matter=matter,
        materials=tuple(from_material_json(row) for row in _rows(fields, "materials")),
        weights=_weights(fields),
        recipients_unstated=_flag(fields, "recipients_unstated"),
        example=_flag(fields, "example"),
        rest=fields.rest(),
    )
    for fault in faults_of_offer(offer):
        fields.faults.append(fault)
    fields.finish("not an offer", code="exposure.offer")
    return offer


def from_need_json(predicate: Mapping[str, Json]) -> Need:
    """Read the predicate of a `need`.

    Raises:
        InvalidDocument: With every fault of it (`exposure.need`).
    """
    fields = _open(predicate)
    matter = _matter(fields)
    need = Need(
        matter=matter,
        requires=_texts(fields, "requires"),
        example=_flag(fields, "example"),
        rest=fields.rest(),
    )
    fields.faults.extend(Fault(message=said) for said in flaws_in(need.matter))
    fields.finish("not a need", code="exposure.need")
    return need


def from_project_json(predicate: Mapping[str, Json]) -> Project:
    """Read the predicate of a `project`.

    Raises:
        InvalidDocument: With every fault of it (`exposure.project`).
    """
    fields = _open(predicate)
    project = Project(
        title=fields.local_text("title"),
        kind=fields.text("kind"),
        parties=fields.texts("parties"),
        offers=fields.references("offers"),
        needs=fields.references("needs"),
        status=fields.text("status"),
        goals=_goals(fields),
        markets=_texts(fields, "markets"),
        terms=_texts(fields, "terms"),
        systems=fields.references("systems") if fields.has("systems") else (),
        note=fields.optional("note", fields.text) or "",
        example=_flag(fields, "example"),
        rest=fields.rest(),
    )
    if not project.parties:
        fields.fault("parties", "names nobody")
    fields.finish("not a project", code="exposure.project")
    return project


def faults_of_offer(offer: Offer) -> list[Fault]:
    """List what contradicts itself in an offer."""
    found = [Fault(message=said) for said in flaws_in(offer.matter)]
    for flaw in flaws_of(offer.materials):
        message = f"materials[{flaw.position}]: {flaw.message}"
        found.append(Fault(message=message, near=flaw.near))
    if offer.weights is not None and offer.matter.what != "open weights":
        found.append(
            Fault(message='weights are named, and what is offered is not "open weights"')
        )
    return found


def flaws_in(matter: Matter) -> list[str]:
    """Say what contradicts itself in what is offered or needed."""
    found: list[str] = []
    if matter.amount is not None and matter.unit is None:
        found.append("an amount without its unit: amounts are compared only like with like")
    if matter.since and matter.until and matter.until < matter.since:
        found.append("it ends before it begins")
    return found


def _open(predicate: Mapping[str, Json]) -> Fields:
    fields = Fields(predicate, faults=[])
    fields.optional("issued", fields.text)
    return fields


def _matter(fields: Fields) -> Matter:
    return Matter(
        title=fields.local_text("title"),
        what=fields.choice("what", KINDS),
        sector=fields.text("sector"),
        goals=_goals(fields),
        amount=fields.nullable("amount", lambda name: fields.integer(name, low=1)),
        unit=fields.nullable("unit", fields.text),
        markets=fields.texts("markets"),
        since=fields.nullable("from", lambda name: _day(fields, name)),
        until=fields.nullable("until", lambda name: _day(fields, name)),
        terms=fields.texts("terms"),
        languages=_texts(fields, "languages"),
    )


def _matter_json(matter: Matter) -> dict[str, Json]:
    languages: Json = list(matter.languages) or None
    return {
        "title": dict(matter.title.by_tag),
        "what": matter.what,
        "sector": matter.sector,
        "goals": list(matter.goals),
        "amount": matter.amount,
        "unit": matter.unit,
        "markets": list(matter.markets),
        "from": _day_json(matter.since),
        "until": _day_json(matter.until),
        "terms": list(matter.terms),
        **_said({"languages": languages}),
    }


def _goals(fields: Fields) -> tuple[str, ...]:
    goals = fields.texts("goals")
    for goal in goals:
        if not is_target(goal):
            fields.fault("goals", f"names no target: {goal[:20]!r}; one is 9.5 or 9.b")
    return goals


def _weights(fields: Fields) -> Weights | None:
    if not fields.has("weights"):
        _ = fields.optional("weights", fields.text)
        return None
    row = fields.inner("weights")
    return Weights(
        method=row.text("method"),
        sha256=row.digest("sha256"),
        signed=_flag(row, "signed"),
    )


def _day(fields: Fields, name: str) -> dt.date:
    try:
        return from_iso_date(fields.text(name))
    except InvalidDocument as error:
        fields.fault(name, f"is wrong: {error.message}")
        return dt.date.min


def _day_json(day: dt.date | None) -> Json:
    return None if day is None else day.isoformat()


def _flag(fields: Fields, name: str) -> bool:
    return fields.optional(name, fields.flag) or False


def _texts(fields: Fields, name: str) -> tuple[str, ...]:
    return fields.optional(name, fields.texts) or ()


def _rows(fields: Fields, name: str) -> list[Fields]:
    return list(fields.rows(name)) if fields.has(name) else []


def _references_json(references: tuple[Reference, ...]) -> list[Json]:
    return [to_reference_json(one) for one in references]


def _said(more: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in more.items() if value is not None}
