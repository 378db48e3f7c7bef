# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Determining which norms bind a system, in which market, in which role, on which day."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode
from comity.kernel.truth import Truth
from comity.law.close import Closure
from comity.law.condition import Condition
from comity.law.fact import Silence, answer_to_json
from comity.law.norm import Norm, Role, Unencoded
from comity.law.pack import Library, Pack, PackStatus
from comity.law.phrase import in_words
from comity.law.profile import Profile
from comity.law.reason import Clause, Tracer, deciding, names_in, unsettled_facts
from comity.law.situation import Situation, situation_of

ROLE = "role"
"""Stands among the unsettled facts where nobody said what the author is to the system."""


class Status(Enum):
    """What a norm is to one system, role and market on one day."""

    APPLIES = "applies"
    DOES_NOT_APPLY = "does not apply"
    CANNOT_TELL = "cannot tell"
    NOT_YET_IN_FORCE = "not yet in force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proviso:
    """One exception of a norm and whether it holds."""

    condition: Condition
    truth: Truth
    decided_by: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What one norm is to one row (market, role), and why.

    Args:
        role: None where nobody said what the author is to the system.
        truth: Whether its conditions hold, the day left aside.
        decided_by: The fewest clauses that decide; what is open, where it cannot be told.
        unsettled: Facts whose answers could still settle it.
        gaps: What its text says and nobody could encode.
    """

    norm: Norm
    pack: Pack
    role: Role | None
    status: Status
    truth: Truth
    scope: Truth
    decided_by: tuple[Clause, ...]
    provisos: tuple[Proviso, ...]
    unsettled: tuple[str, ...]
    gaps: tuple[Unencoded, ...]

    @property
    def market(self) -> MarketCode:
        """The market of the norm."""
        return self.pack.market

    @property
    def is_binding(self) -> bool:
        """Whether the text has binding force: a bill, a draft or soft law has none."""
        return self.pack.status is PackStatus.BINDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """Every ruling on one system."""

    situation: Situation
    rulings: tuple[Ruling, ...]

    @property
    def profile(self) -> Profile:
        """The system asked about."""
        return self.situation.profile

    @property
    def library(self) -> Library:
        """The packs it rests on."""
        return self.situation.library

    @property
    def on(self) -> dt.date:
        """The day whose law is asked about."""
        return self.situation.on

    @property
    def markets(self) -> tuple[MarketCode, ...]:
        """The markets asked about."""
        return self.situation.markets

    @property
    def without_pack(self) -> tuple[MarketCode, ...]:
        """Markets asked about for which no pack is held: not "no law"."""
        return self.situation.without_pack

    @property
    def roles(self) -> tuple[Role | None, ...]:
        """In which roles; None where nobody said."""
        return self.situation.roles

    @property
    def closures(self) -> Mapping[MarketCode, Closure]:
        """The answers with what follows from them, by market."""
        return self.situation.closures

    def of(
        self, *, market: MarketCode | None = None, status: Status | None = None,
        force: PackStatus | None = None,
    ) -> tuple[Ruling, ...]:  # fmt: skip
        """Return the rulings of a market, a status, or the texts of one force."""
        return tuple(
            ruling
            for ruling in self.rulings
            if market in {None, ruling.market}
            and status in {None, ruling.status}
            and force in {None, ruling.pack.status}
        )

    def to_json(self) -> Json:
        """Write the determination as plain JSON values."""
        library, known_on = self.library, self.library.known_on
        return {
            "system": self.profile.system,
            "version": self.profile.version,
            "on": self.on.isoformat(),
            "facts_on": self.situation.facts_on.isoformat(),
            "known_on": None if known_on is None else known_on.isoformat(),
            "markets": list(self.markets),
            "without_pack": list(self.without_pack),
            "unrecorded": [
                {"pack": pack.name, "market": pack.market, "from": pack.version.isoformat()}
                for pack in library.unrecorded if pack.market in self.markets
            ],
            "roles": [None if role is None else role.value for role in self.roles],
            "library": library.digest.hex(),
            "packs": [
                {
                    "pack": pack.name, "title": dict(pack.title.by_tag), "market": pack.market,
                    "status": pack.status.value, "version": pack.version.isoformat(),
                    "sha256": pack.digest.hex(),
                    **({"adopted": pack.adopted} if pack.adopted else {}),
                }
                for pack in library.packs if pack.market in self.markets
            ],
            "derived": [
                {
                    "market": market, "fact": derived.fact, "rule": derived.rule,
                    "answer": answer_to_json(derived.answer), "from": list(derived.from_facts),
                }
                for market, closure in self.closures.items()
                for derived in closure.derived.values()
            ],
            "rulings": [ruling_to_json(ruling, self) for ruling in self.rulings],
        }  # fmt: skip


def determine(
    library: Library,
    profile: Profile,
    *,
    markets: Sequence[str],
    on: dt.date,
    facts_on: dt.date | None = None,
    roles: Sequence[Role] = (),
) -> Determination:
    """Determine what each norm of the markets is to a system on a day.

    Args:
        markets: ISO 3166-1 alpha-3 codes, EU, or bodies such as WAICO; asking assumes the
            system is there.
        facts_on: The day whose answers count; None for the day of the law.
        roles: What the author is to the system; without any, what the profile says.

    Raises:
        InvalidDocument: An unknown market (`law.market`), or answers that contradict an
            axiom (`law.inconsistent`).
    """
    return rule_on(
        situation_of(library, profile, markets=markets, on=on, facts_on=facts_on, roles=roles)
    )


def rule_on(situation: Situation) -> Determination:
    """Determine what each norm of the markets is to a system in a situation."""
    rulings = tuple(
        ruling for market in situation.markets for ruling in _rulings(situation, market)
    )
    return Determination(situation=situation, rulings=rulings)


def _rulings(situation: Situation, market: MarketCode) -> Iterator[Ruling]:
    library, on = situation.library, situation.on
    answers = situation.closures[market].answers
    tracer = Tracer(answers=answers, meanings=library.meanings)
    for pack, norm in library.norms_of(market):
        gaps = library.gaps_of[norm.name]
        for role in situation.roles:
            if role is None or role in norm.who:
                yield _ruling(tracer, (pack, norm), gaps, on, role)


def _ruling(
    tracer: Tracer,
    pack_norm: tuple[Pack, Norm],
    gaps: tuple[Unencoded, ...],
    on: dt.date,
    role: Role | None,
) -> Ruling:
    pack, norm = pack_norm
    whole = tracer.trace(norm.applies_when)
    unsettled = unsettled_facts(whole)
    truth = whole.truth
    if role is None and truth is not Truth.FALSE:
        truth, unsettled = Truth.UNDETERMINED, (ROLE, *unsettled)
    return Ruling(
        norm=norm,
        pack=pack,
        role=role,
        status=_status(norm, truth, on),
        truth=truth,
        scope=tracer.trace(norm.when).truth,
        decided_by=deciding(whole),
        provisos=tuple(_proviso(tracer, condition) for condition in norm.unless),
        unsettled=unsettled,
        gaps=gaps,
    )


def _proviso(tracer: Tracer, condition: Condition) -> Proviso:
    trace = tracer.trace(condition)
    return Proviso(condition=condition, truth=trace.truth, decided_by=deciding(trace))


def _status(norm: Norm, truth: Truth, on: dt.date) -> Status:
    if truth is Truth.FALSE:
        return Status.DOES_NOT_APPLY
    if norm.valid_from is not None and on < norm.valid_from:
        return Status.NOT_YET_IN_FORCE
    if norm.valid_until is not None and on >= norm.valid_until:
        return Status.ENDED
    return Status.APPLIES if truth is Truth.TRUE else Status.CANNOT_TELL


def ruling_to_json(ruling: Ruling, determination: Determination) -> Json:
    """Write one ruling as plain JSON values."""
    norm = ruling.norm
    return {
        "norm": norm.name,
        "pack": ruling.pack.name,
        "market": ruling.market,
        "role": None if ruling.role is None else ruling.role.value,
        "status": ruling.status.value,
        "force": ruling.pack.status.value,
        "title": dict(norm.title.by_tag),
        "asks": [demand.to_json() for demand in norm.demands],
        "cite": norm.grounds.cite,
        "basis": None if norm.grounds.basis is None else norm.grounds.basis.value,
        "source": norm.grounds.source,
        "from": None if norm.valid_from is None else norm.valid_from.isoformat(),
        "until": None if norm.valid_until is None else norm.valid_until.isoformat(),
        "decided_by": [
            _clause_json(clause, ruling.market, determination) for clause in ruling.decided_by
        ],
        "unless": [
            {"says": in_words(proviso.condition), "holds": proviso.truth.value}
            for proviso in ruling.provisos
        ],
        "unsettled": list(ruling.unsettled),
        "gaps": [{"gap": gap.name, "says": dict(gap.says.by_tag)} for gap in ruling.gaps],
        "exceptions_researched": norm.exceptions_researched,
        "meaning": norm.meaning.hex(),
        **({"adopted": ruling.pack.adopted} if ruling.pack.adopted else {}),
    }


def _clause_json(clause: Clause, market: MarketCode, determination: Determination) -> Json:
    names, situation = names_in(clause.atom), determination.situation
    closure = determination.closures[market]
    return {
        "says": in_words(clause.atom),
        "holds": clause.truth.value,
        "through": list(clause.through),
        "answers": {
            name: answer_to_json(closure.answers.get(name, Silence.NOT_ASKED)) for name in names
        },
        "derived": [name for name in names if name in closure.derived],
        "said_not_applicable": [
            name for name in names if situation.said_not_applicable(market, name)
        ],
    }
