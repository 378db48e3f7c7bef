# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A provider's registration of one version of a system, as its statement says it.

Source:
    docs/spec/statements.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.desk.sheet import Material, Plain, Texts
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields

_CODE = "desk.statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A provider's statement about one version of a system.

    Args:
        identity: What the version digest is of, in words.
        facts: Answers by name of the fact, as in a profile.
    """

    system: str
    name: Texts
    version: str
    purpose: Texts
    identity: str
    identity_method: str
    facts: Mapping[str, Plain]
    markets: tuple[str, ...]
    materials: tuple[Material, ...]
    example: bool


def to_registration(predicate: Mapping[str, Json]) -> Registration:
    """Read a system's registration.

    Raises:
        InvalidDocument: With every fault.
    """
    fields = Fields(predicate, faults=[])
    identity = fields.inner("identity")
    facts = fields.value("facts")
    if not isinstance(facts, Mapping):
        fields.fault("facts", "is not an object of answers by fact name")
        facts = {}
    registration = Registration(
        system=fields.text("system"),
        name=dict(fields.local_text("name").by_tag),
        version=fields.text("version"),
        purpose=dict(fields.local_text("purpose").by_tag),
        identity=identity.text("what"),
        identity_method=identity.text("method"),
        facts=dict(facts),
        markets=fields.texts("markets"),
        materials=tuple(_material(row) for row in fields.rows("materials")),
        example=fields.flag("example"),
    )
    fields.finish("not a system's registration", code=_CODE)
    return registration


def _material(row: Fields) -> Material:
    return Material(
        layer=row.text("layer"),
        name=row.text("name"),
        supplier=row.text("supplier"),
        jurisdiction=row.text("jurisdiction"),
        share_ppm=row.optional("share_ppm", lambda name: row.integer(name, high=1_000_000)),
    )
