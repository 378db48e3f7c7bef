# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages of the council: proposals, one decision, rules, bodies, voting power."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from comity.desk.council.decision.page import council_sheet, proposal_sheet
from comity.desk.council.rule.page import (
    bodies_sheet,
    power_choices,
    rules_sheet,
    shipped_body_sheet,
    shipped_rule_sheet,
    voting_power_sheet,
)
from comity.desk.council.rule.sheet import PowerLine
from comity.desk.register.register import Register
from comity.web.render import Page
from comity.web.site import Asked
from comity.web.tilemap import draw_tiles

T = TypeVar("T")

ROWS = 50
"""Seats of one page; the map above and the JSON have all of them."""

_BAR_PX = 480
_ROW_PX = 20

KINDS: Mapping[str, tuple[str, str, str]] = {
    "yes": ("yes", "good", "M0 4h8"),
    "no": ("no", "bad", "M4 0v8"),
    "object": ("object", "bad", "M0 0l8 8M8 0l-8 8"),
    "abstain": ("abstain", "open", "M0 2h4M4 6h4"),
    "recused": ("recused", "open", "M2 2h2v2h-2z"),
    "present": ("present", "open", "M0 4h3"),
    "void": ("void", "soft", "M0 8l8-8"),
    "silent": ("silent", "soft", ""),
    "silent, not reached": ("unreached", "soft", "M3 3h1"),
    "voted, not shown yet": ("hidden", "ink", "M0 2h8M0 6h8"),
    "mixed": ("mixed", "ink", "M0 0l8 8"),
}
"""What is drawn for each answer, in which colour and with which pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerBar:
    """One horizontal bar, in pixels."""

    member: str
    value: str
    y: int
    length: int


def council(register: Register, asked: Asked) -> Page:
    """List the proposals."""
    sheet = council_sheet(register, page=asked.page())
    return _page("council.html", sheet, register, page_url=_pager({}))


def proposal(register: Register, asked: Asked) -> Page:
    """Show one decision."""
    sheet = proposal_sheet(register, asked.parts["proposal"])
    seats, page, pages = _cut(sheet.seats, asked.page())
    drawn = draw_tiles({state: KINDS[said][0] for state, said in sheet.states.items()})
    here = {tile.kind for tile in drawn.tiles}
    return _page(
        "proposal.html",
        sheet,
        register,
        drawn=drawn,
        kinds=[(said, *kind) for said, kind in KINDS.items() if kind[0] in here],
        counts=Counter(sheet.states.values()),
        seats=seats,
        page=page,
        pages=pages,
        page_url=_pager({}, "#seats"),
    )


def rules(register: Register, _asked: Asked) -> Page:
    """List the rules."""
    return _page("rules.html", rules_sheet(), register, bodies=bodies_sheet().bodies)


def rule(register: Register, asked: Asked) -> Page:
    """Show one rule."""
    sheet = shipped_rule_sheet(asked.parts["rule"])
    shown = [body for body in bodies_sheet().bodies if body.slug in sheet.bodies]
    return _page("rule.html", sheet, register, bodies=shown)


def body(register: Register, asked: Asked) -> Page:
    """Show one body."""
    sheet = shipped_body_sheet(asked.parts["body"])
    return _page(
        "body.html",
        sheet,
        register,
        drawn=draw_tiles(dict.fromkeys(sheet.members, "member")),
        kinds=[("member", "member", "good", "M0 4h8")],
        counts=Counter(),
        rules=[one for one in rules_sheet().rules if one.slug in sheet.rules],
    )


def bodies(register: Register, _asked: Asked) -> Page:
    """List the bodies."""
    return _page("bodies.html", bodies_sheet(), register)


def power(register: Register, asked: Asked) -> Page:
    """Show what a rule makes of each voice in a body; without both, offer what there is."""
    asked_for = {name: asked.one(name)[:60] for name in ("rule", "body", "weights")}
    if not asked_for["body"]:
        choices = power_choices(asked_for["rule"])
        if not asked_for["rule"] or not choices[0].rule.body:
            return _page("powers.html", choices, register)
    sheet = voting_power_sheet(**asked_for)
    kept = {name: value for name, value in asked_for.items() if value}
    members, page, pages = _cut(sheet.members, asked.page())
    return _page(
        "power.html",
        sheet,
        register,
        bars=_bars(members),
        height=_ROW_PX * len(members) + 8,
        members=members,
        weighed=tuple(sheet.members[0].weights) if sheet.members else (),
        thirds=any(one.ternary is not None for one in sheet.members),
        page=page,
        pages=pages,
        page_url=_pager(kept, "#members"),
        figure="{:.4g}".format,
    )


def _page(template: str, sheet: object, register: Register, **more: Any) -> Page:
    return Page(
        template=template,
        section="council",
        sheet=sheet,
        more={"node": register.node(), **more},
    )


def _cut(rows: Sequence[T], page: int) -> tuple[Sequence[T], int, int]:
    pages = max(1, -(-len(rows) // ROWS))
    page = min(max(1, page), pages)
    return rows[(page - 1) * ROWS : page * ROWS], page, pages


def _pager(kept: Mapping[str, str], anchor: str = "") -> Any:
    return lambda page: "?" + urlencode({**kept, "page": page}) + anchor


def _bars(members: Sequence[PowerLine]) -> tuple[PowerBar, ...]:
    return tuple(
        PowerBar(
            member=one.member,
            value=f"{one.shapley:.4g}",
            y=_ROW_PX * place + 4,
            length=_BAR_PX * one.shapley_ppm // 1_000_000,
        )
        for place, one in enumerate(members)
    )
