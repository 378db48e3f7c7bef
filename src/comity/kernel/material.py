# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One material a system or a state rests on, with its JSON form in statements.

Source:
    The three questions (territory, owner, chips): Hawkins, Lehdonvirta and Wu (2025) on
    compute sovereignty.
"""

from dataclasses import dataclass

from comity.kernel.canonical import Json
from comity.kernel.fields import Fields

PPM = 1_000_000
"""Shares on the wire are whole numbers of millionths."""

MAX_DAYS = 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """What a material rests on in its turn.

    Args:
        name: Another material of the same bill.
        need: Which need it meets; those that meet one need are alternatives. "" for its layer.
        share_ppm: What part of that need it meets; None where unknown.
        need_ppm: What is lost where that need is wholly unmet; None where unknown.
    """

    name: str
    need: str = ""
    share_ppm: int | None = None
    need_ppm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One component, as whoever states the bill names it; None is unknown, never "none".

    Args:
        layer: Where in the stack, such as "chips"; a word of one's own stands for itself.
        jurisdiction: ISO 3166-1 alpha-3 code, or "EU", of the supplier.
        share_ppm: Share of its layer in this bill.
        territory: On whose territory it stands.
        owner: Whose firm owns it.
        chips: Whose firm made the chips it runs on.
        substitutability_ppm: What part of its loss others make good at short notice.
        recovery_days: Until its loss is made good.
        source: Where this is known from, and by which basis (text, secondary, memory, weak).
    """

    layer: str
    name: str
    supplier: str | None = None
    jurisdiction: str | None = None
    share_ppm: int | None = None
    territory: str | None = None
    owner: str | None = None
    chips: str | None = None
    substitutability_ppm: int | None = None
    recovery_days: int | None = None
    upstream: tuple[Upstream, ...] = ()
    source: str = ""
    basis: str = ""


def to_material_json(material: Material) -> dict[str, Json]:
    """Write a material; what says nothing is left out, but for the first five fields."""
    more: dict[str, Json] = {
        "territory": material.territory,
        "owner": material.owner,
        "chips": material.chips,
        "substitutability_ppm": material.substitutability_ppm,
        "recovery_days": material.recovery_days,
        "upstream": [_upstream_json(one) for one in material.upstream] or None,
        "source": material.source or None,
        "basis": material.basis or None,
    }
    return {
        "layer": material.layer,
        "name": material.name,
        "supplier": material.supplier,
        "jurisdiction": material.jurisdiction,
        "share_ppm": material.share_ppm,
        **{name: value for name, value in more.items() if value is not None},
    }


def from_material_json(row: Fields) -> Material:
    """Read a material; faults gather in *row*."""

    def ppm(name: str) -> int | None:
        return row.optional(name, lambda field: row.integer(field, high=PPM))

    return Material(
        layer=row.text("layer"),
        name=row.text("name"),
        supplier=row.optional("supplier", row.text),
        jurisdiction=row.optional("jurisdiction", row.text),
        share_ppm=ppm("share_ppm"),
        territory=row.optional("territory", row.text),
        owner=row.optional("owner", row.text),
        chips=row.optional("chips", row.text),
        substitutability_ppm=ppm("substitutability_ppm"),
        recovery_days=row.optional(
            "recovery_days", lambda field: row.integer(field, high=MAX_DAYS)
        ),
        upstream=tuple(
            _upstream(one) for one in (row.rows("upstream") if row.has("upstream") else ())
        ),
        source=row.optional("source", row.text) or "",
        basis=row.optional("basis", row.text) or "",
    )


def _upstream_json(upstream: Upstream) -> Json:
    more: dict[str, Json] = {
        "need": upstream.need or None,
        "share_ppm": upstream.share_ppm,
        "need_ppm": upstream.need_ppm,
    }
    said = {name: value for name, value in more.items() if value is not None}
    return {"name": upstream.name, **said}


def _upstream(row: Fields) -> Upstream:
    return Upstream(
        name=row.text("name"),
        need=row.optional("need", row.text) or "",
        share_ppm=row.optional("share_ppm", lambda name: row.integer(name, high=PPM)),
        need_ppm=row.optional("need_ppm", lambda name: row.integer(name, high=PPM)),
    )
