# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Shipped rules, bodies and voting power as pages and programs see them.

Only what comes with Comity has a page: a name from an address opens no file. Each is read and
counted once, so that no reader can make a node work twice for one page.
"""

import threading
from collections.abc import Mapping
from functools import cache

from comity.council.body.body import Body, floor_of
from comity.council.power.reweigh import adopting, weights_in
from comity.council.rule.check import check
from comity.council.rule.codec import to_whole_json
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Rule
from comity.desk.council.bodies import body_sheet_of
from comity.desk.council.power.measuring import HALVES, PowerRequest, measure_power
from comity.desk.council.power.sheet import PowerRow, PowerSheet
from comity.desk.council.rule.rules import Replayed, RuleSheet, rule_sheet, rule_sheets
from comity.desk.council.rule.sheet import (
    BodiesSheet,
    BodyGroup,
    BodyLine,
    BodyWeights,
    PowerChoice,
    PowerLine,
    RecordLine,
    RuleLine,
    RulesSheet,
    ShippedBodySheet,
    ShippedRuleSheet,
    SourceLine,
    VotingPowerSheet,
)
from comity.errors import NotFound, NotPermitted
from comity.files.body import shipped_bodies
from comity.law.cursor import near_miss

MOST_WEIGHED = 34
MOST_PACKED = 60
"""Between the first and `HALVES`, and beyond the second, weights take over 0.5 s of CPU."""

_one_at_a_time = threading.Lock()


@cache
def rules_sheet() -> RulesSheet:
    """List the rules that come with Comity."""
    return RulesSheet(rules=tuple(map(_rule_line, _rules().values())))


@cache
def bodies_sheet() -> BodiesSheet:
    """List the bodies that come with Comity."""
    return BodiesSheet(bodies=tuple(map(_body_line, _bodies().values())))


def shipped_rule_sheet(name: str) -> ShippedRuleSheet:
    """Show a shipped rule with the decisions of record, each decided again.

    Raises:
        NotFound: No rule that comes with Comity is called so.
    """
    return _rule_page(_rule(name).rule.slug)


def shipped_body_sheet(name: str) -> ShippedBodySheet:
    """Show a shipped body.

    Raises:
        NotFound: No body that comes with Comity is called so.
    """
    return _body_page(_body(name).slug)


def voting_power_sheet(rule: str, body: str, weights: str = "") -> VotingPowerSheet:
    """Show what a shipped rule makes of each voice in a shipped body.

    Args:
        body: "" for the one the rule is for.
        weights: "" for those the rule names.

    Raises:
        NotFound: No such rule, body or weights, or the rule is for no body and none is given.
        InvalidDocument: The rule does not fit the body.
        NotPermitted: It would take this node long; the command line counts it.
    """
    held = _rule(rule)
    seated = _body(body or held.rule.body)
    if weights and weights not in seated.weights:
        raise NotFound(
            f"{seated.title} has no weights called {weights[:40]!r}",
            code="council.no_weights",
            hint=f"it has {', '.join(seated.weights) or 'none'}",
        )
    if not _is_quick(adopting(held.rule.procedure), seated):
        raise NotPermitted(
            f"this node does not count {held.rule.title} in {seated.title} for a page",
            code="council.costly",
            hint=f"count it yourself: comity council power {rule} --body {seated.slug}",
        )
    with _one_at_a_time:
        return _power(held.rule.slug, seated.slug, weights)


def power_choices(rule: str = "") -> tuple[PowerChoice, ...]:
    """List what a page can measure: each shipped rule with the bodies it fits.

    Args:
        rule: Only this one; "" for all.

    Raises:
        NotFound: No rule that comes with Comity is called so.
    """
    held = (_rule(rule),) if rule else tuple(_rules().values())
    return tuple(_choice(one.rule.slug) for one in held)


@cache
def _choice(slug: str) -> PowerChoice:
    held = _rules()[slug]
    bodies = (body for body in _bodies().values() if _may_show(held.rule.procedure, body))
    own_first = sorted(map(_body_line, bodies), key=lambda body: body.slug != held.rule.body)
    return PowerChoice(rule=_rule_line(held), bodies=tuple(own_first))


@cache
def _rules() -> Mapping[str, RuleSheet]:
    return {sheet.rule.slug: sheet for sheet in rule_sheets()}


@cache
def _bodies() -> Mapping[str, Body]:
    return {body.slug: body for body in shipped_bodies()}


def _rule(name: str) -> RuleSheet:
    if name in _rules():
        return _rules()[name]
    raise _unknown("rule", name, _rules())


def _body(name: str) -> Body:
    if name in _bodies():
        return _bodies()[name]
    raise _unknown("body", name, _bodies())


def _unknown(kind: str, name: str, known: Mapping[str, object]) -> NotFound:
    near = near_miss(name, known)
    return NotFound(
        f"no {kind} that comes along is called {name[:60]!r}",
        code=f"files.no_{kind}",
        hint=f"did you mean {near!r}?" if near else f"there are {', '.join(known)}",
    )


@cache
def _rule_page(slug: str) -> ShippedRuleSheet:
    sheet = rule_sheet(slug)
    file = sheet.rule
    return ShippedRuleSheet(
        rule=_rule_line(sheet),
        about=file.about,
        sha256=sheet.sha256,
        as_data=to_whole_json(file.procedure),
        cautions=file.cautions,
        sources=tuple(
            SourceLine(article=one.article, source=one.source, basis=one.basis.value)
            for one in file.sources
        ),
        records=tuple(map(_record, sheet.replayed)),
        gaps=sheet.gaps,
        bodies=tuple(
            body.slug for body in _bodies().values() if _may_show(file.procedure, body)
        ),
    )


@cache
def _body_page(slug: str) -> ShippedBodySheet:
    body = _bodies()[slug]
    sheet = body_sheet_of(body)
    return ShippedBodySheet(
        body=_body_line(body),
        members=body.members,
        names=body.names,
        groups=tuple(
            BodyGroup(name=one.name, members=one.members, source=one.source, basis=one.basis)
            for one in sheet.groups
        ),
        weights=tuple(
            BodyWeights(
                name=one.name,
                unit=one.unit,
                source=one.source,
                total=one.total,
                values=one.values,
            )
            for one in sheet.weights
        ),
        cautions=sheet.cautions,
        rules=tuple(
            held.rule.slug for held in _rules().values() if _may_show(held.rule.procedure, body)
        ),
    )


@cache
def _power(rule: str, body: str, weights: str) -> VotingPowerSheet:
    request = PowerRequest(rule=rule, body=body, weights=weights)
    found = measure_power(request, lambda *_: None)
    return _power_page(_rules()[rule], _bodies()[body], weights, found)


def _power_page(
    rule: RuleSheet, body: Body, weights: str, found: PowerSheet
) -> VotingPowerSheet:
    rows = sorted(found.rows, key=lambda row: (-row.shapley.value, row.player))
    ternary = {row.player: _decimal(float(row.banzhaf)) for row in found.abstention.rows}
    return VotingPowerSheet(
        rule=_rule_line(rule),
        body=_body_line(body),
        names=body.names,
        weights=weights,
        sentence=found.sentence,
        clauses=found.clauses,
        method=found.method,
        is_exact=found.is_exact,
        decisiveness=_decimal(float(found.decisiveness.value)),
        members=tuple(_power_line(row, ternary.get(row.player)) for row in rows),
        cautions=found.cautions,
    )


def _power_line(row: PowerRow, ternary: float | None) -> PowerLine:
    return PowerLine(
        member=row.player,
        weights=row.weights,
        shapley_ppm=row.shapley_ppm,
        ternary=ternary,
        **{name: _decimal(float(one.value)) for name, one in row.figures().items()},
    )


def _decimal(value: float) -> float:
    return float(f"{value:.12g}")


def _rule_line(sheet: RuleSheet) -> RuleLine:
    rule = sheet.rule
    return RuleLine(slug=rule.slug, title=rule.title, words=sheet.words, body=rule.body)


def _body_line(body: Body) -> BodyLine:
    return BodyLine(
        slug=body.slug,
        title=body.title,
        members=len(body.members),
        source=body.source,
        basis=body.basis.value,
    )


def _record(one: Replayed) -> RecordLine:
    decision, flip = one.decision, one.outcome.flip
    return RecordLine(
        name=decision.name,
        on=decision.on,
        counts={answer.value: count for answer, count in one.counts},
        taken_under=decision.taken_under,
        recorded=one.recorded,
        decided=one.outcome.state.value,
        agrees=one.agrees,
        example=decision.is_example,
        source=decision.source,
        basis=decision.basis.value,
        note=decision.note,
        flip="" if flip is None else flip.words(),
    )


def _may_show(procedure: Procedure, body: Body) -> bool:
    rule = adopting(procedure)
    has_weights = all(name in body.weights for name in weights_in(rule))
    fits = has_weights and _has_groups(rule, body) and _is_quick(rule, body)
    return fits and not check(procedure, floor_of(body))


def _is_quick(rule: Rule, body: Body) -> bool:
    """Tell whether a rule counts on a body about as quickly as a page may take, once."""
    members = len(body.members)
    is_long = MOST_WEIGHED < members <= HALVES or members > MOST_PACKED
    return not (is_long and weights_in(rule))


def _has_groups(rule: Rule, body: Body) -> bool:
    return all(
        any(own == name or own.startswith(f"{name}:") for own in body.groups)
        for name in _groups_in(rule)
    )


def _groups_in(rule: Rule) -> tuple[str, ...]:
    match rule:
        case Leaf(within=within):
            return () if within is None else (within,)
        case All(parts=parts) | AtLeast(parts=parts):
            return tuple(name for part in parts for name in _groups_in(part))
        case Not(part=part):
            return _groups_in(part)
        case Across(family=family):
            return (family,)
