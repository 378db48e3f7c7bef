# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What pages of rules, bodies and voting power show: plain values, the same as JSON."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.desk.register.sheet import Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule in a list.

    Args:
        words: The whole procedure in one sentence.
        body: Slug of the body it is for, or "".
    """

    slug: str
    title: str
    words: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesSheet:
    """The rules that come with Comity."""

    rules: tuple[RuleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """Where a rule comes from; *basis* says on whose word that is known."""

    article: str
    source: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One decision of record, or real votes taken under another rule, decided by the rule.

    Args:
        counts: Seats by answer.
        taken_under: The body and rule under which the votes were really taken and what came of
            it there, or "" where that was this rule.
        recorded: What is on record under this rule, or ""; *decided*, what the rule makes of
            the same answers.
        flip: What would turn it round, or "".
    """

    name: str
    on: dt.date | None
    counts: Mapping[str, int]
    taken_under: str
    recorded: str
    decided: str
    agrees: bool
    example: bool
    source: str
    basis: str
    note: str
    flip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedRuleSheet:
    """One rule.

    Args:
        as_data: The rule as a proposal carries it.
        gaps: What was looked for and not found.
        bodies: Of which the power it gives can be shown here.
    """

    rule: RuleLine
    about: str
    sha256: str
    as_data: Plain
    cautions: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    records: tuple[RecordLine, ...]
    gaps: tuple[str, ...]
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLine:
    """One body in a list; *basis* says on whose word its members are known."""

    slug: str
    title: str
    members: int
    source: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodiesSheet:
    """The bodies that come with Comity."""

    bodies: tuple[BodyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyGroup:
    """One group of a body, with where it comes from."""

    name: str
    members: tuple[str, ...]
    source: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyWeights:
    """One table of weights of a body."""

    name: str
    unit: str
    source: str
    total: int
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedBodySheet:
    """One body.

    Args:
        rules: Those whose power on it can be shown here.
        names: What it calls a member, where the usual name of its code is another's.
    """

    body: BodyLine
    members: tuple[str, ...]
    names: Mapping[str, str]
    groups: tuple[BodyGroup, ...]
    weights: tuple[BodyWeights, ...]
    cautions: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLine:
    """What a rule makes of one member's voice, to 12 digits.

    Args:
        shapley_ppm: Length of its bar, in millionths of the longest.
        ternary: Chance that yes or no decides when the others say yes, abstain or no alike
            often; None where an abstention works as a no, or it was not measured.
    """

    member: str
    weights: Mapping[str, int]
    shapley: float
    banzhaf: float
    share: float
    prevent: float
    initiate: float
    shapley_ppm: int
    ternary: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerChoice:
    """A rule, and the bodies in which a page may measure it; its own body first."""

    rule: RuleLine
    bodies: tuple[BodyLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VotingPowerSheet:
    """What a rule makes of each voice in a body.

    Args:
        weights: Counted in place of those the rule names; "" for those.
        clauses: Any one of these adopts, where they are few.
        decisiveness: Part of all votes that adopt.
        members: Greatest Shapley-Shubik index first.
        names: What the body calls a member, where the usual name of its code is another's.
    """

    rule: RuleLine
    body: BodyLine
    names: Mapping[str, str]
    weights: str
    sentence: str
    clauses: tuple[str, ...]
    method: str
    is_exact: bool
    decisiveness: float
    members: tuple[PowerLine, ...]
    cautions: tuple[str, ...]
