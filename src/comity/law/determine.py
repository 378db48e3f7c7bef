# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Determining which norms bind a system, in which market, in which role, on which day."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.ids import MarketCode
from comity.kernel.truth import Truth
from comity.law.close import Closure, Contradiction, close
from comity.law.condition import Condition
from comity.law.cursor import near_miss
from comity.law.fact import ASKED_ON, MARKETS, Answer, OpenSet, Silence, answer_to_json
from comity.law.market import UNION_MEMBERS, is_market
from comity.law.norm import Norm, Role, Unencoded
from comity.law.pack import Library, Pack, PackStatus
from comity.law.phrase import in_words
from comity.law.profile import Profile
from comity.law.reason import Clause, Tracer, deciding, names_in, unsettled_facts

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
    """Every ruling on one system.

    Args:
        closures: The answers with what follows from them, by market.
        without_pack: Markets asked about for which no pack is held: not "no law".
    """

    profile: Profile
    library: Library
    on: dt.date
    markets: tuple[MarketCode, ...]
    without_pack: tuple[MarketCode, ...]
    roles: tuple[Role | None, ...]
    rulings: tuple[Ruling, ...]
    closures: Mapping[MarketCode, Closure]

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
        return {
            "system": self.profile.system,
            "version": self.profile.version,
            "on": self.on.isoformat(),
            "markets": list(self.markets),
            "without_pack": list(self.without_pack),
            "roles": [None if role is None else role.value for role in self.roles],
            "library": self.library.digest.hex(),
            "packs": [
                {
                    "pack": pack.name, "market": pack.market, "status": pack.status.value,
                    "version": pack.version.isoformat(), "sha256": pack.digest.hex(),
                }
                for pack in self.library.packs if pack.market in self.markets
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
    roles: Sequence[Role] = (),
) -> Determination:
    """Determine what each norm of the markets is to a system on a day.

    Args:
        markets: ISO 3166-1 alpha-3 codes, EU, or bodies such as WAICO; asking assumes the system is there.
        roles: What the author is to the system; without any, what the profile says.

    Raises:
        InvalidDocument: An unknown market (`law.market`), or answers that contradict an
            axiom (`law.inconsistent`).
    """
    asked = known_markets(markets, library)
    held = {pack.market for pack in library.packs}
    rows: tuple[Role | None, ...] = tuple(roles or profile.roles) or (None,)
    closures = {market: closure_in(library, profile, market, on) for market in asked}
    rulings = tuple(
        ruling
        for market in asked
        for ruling in _rulings(library, closures[market], market, on, rows)
    )
    return Determination(
        profile=profile,
        library=library,
        on=on,
        markets=asked,
        without_pack=tuple(market for market in asked if market not in held),
        roles=rows,
        rulings=rulings,
        closures=closures,
    )


def closure_in(library: Library, profile: Profile, market: MarketCode, on: dt.date) -> Closure:
    """Return the answers that hold for one market and day, with what follows from them.

    Raises:
        InvalidDocument: The answers contradict an axiom (`law.inconsistent`).
    """
    answers: dict[str, Answer] = dict(profile.answers)
    answers[ASKED_ON] = on
    answers[MARKETS] = _markets(profile, market)
    closure = close(answers, library.vocabulary, library.meanings)
    if closure.contradictions:
        raise inconsistent(closure.contradictions, answers)
    return closure


def inconsistent(
    contradictions: Sequence[Contradiction], answers: Mapping[str, Answer]
) -> InvalidDocument:
    """Return the error that names each broken axiom and the answers that break it."""
    faults = [Fault(message=contradiction_in_words(each, answers)) for each in contradictions]
    return InvalidDocument(
        "the answers contradict each other",
        code="law.inconsistent",
        hint='correct one of the answers named, or answer it "disputed"',
        faults=faults,
    )


def contradiction_in_words(contradiction: Contradiction, answers: Mapping[str, Answer]) -> str:
    """Say which answers break which axiom."""
    said = ", ".join(
        f"{fact} = {answer_in_words(answers.get(fact, Silence.NOT_ASKED))}"
        for fact in contradiction.facts
    )
    return f"{said}: together they break the axiom {contradiction.rule!r}"


def answer_in_words(answer: Answer) -> str:
    """Write an answer for a message."""
    plain = answer_to_json(answer)
    match plain:
        case bool():
            return "true" if plain else "false"
        case list():
            return f"[{', '.join(map(str, plain))}]"
        case dict():
            return f"at least [{', '.join(map(str, plain['known_in']))}]"
        case _:
            return str(plain)


def known_markets(codes: Sequence[str], library: Library) -> tuple[MarketCode, ...]:
    """Return the markets asked about, each once.

    Raises:
        InvalidDocument: A code that names no market, or a member state of the EU, whose
            market is EU; all are listed (code `law.market`).
    """
    held = sorted({pack.market for pack in library.packs})
    faults = [fault for code in codes for fault in _market_faults(code, held)]
    if not codes:
        faults = [Fault(message=f"no market is named; packs are held for {', '.join(held)}")]
    if faults:
        raise InvalidDocument(
            "unknown market",
            code="law.market",
            hint="markets are ISO 3166-1 alpha-3 codes, EU, or bodies such as WAICO, UN, ASEAN",
            faults=faults,
        )
    return tuple(dict.fromkeys(MarketCode(code) for code in codes))


def _market_faults(code: str, held: Sequence[str]) -> Iterator[Fault]:
    if code in UNION_MEMBERS:
        message = f"{code} is a member state of the EU, whose packs stand under EU"
        yield Fault(message=message, near="EU")
    elif not is_market(code):
        message = f"{code[:20]!r} is no market; packs are held for {', '.join(held)}"
        yield Fault(message=message, near=near_miss(code.upper(), held))


def _markets(profile: Profile, market: MarketCode) -> Answer:
    if profile.markets is not None:
        return frozenset({market, *profile.markets})
    return OpenSet(known_in=frozenset({market}), known_out=frozenset())


def _rulings(
    library: Library,
    closure: Closure,
    market: MarketCode,
    on: dt.date,
    roles: Sequence[Role | None],
) -> Iterator[Ruling]:
    tracer = Tracer(answers=closure.answers, meanings=library.meanings)
    for pack, norm in library.norms_of(market):
        gaps = library.gaps_of[norm.name]
        for role in roles:
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
    norm, closure = ruling.norm, determination.closures[ruling.market]
    return {
        "norm": norm.name,
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
        "decided_by": [_clause_json(clause, closure) for clause in ruling.decided_by],
        "unless": [
            {"says": in_words(proviso.condition), "holds": proviso.truth.value}
            for proviso in ruling.provisos
        ],
        "unsettled": list(ruling.unsettled),
        "gaps": [{"gap": gap.name, "says": dict(gap.says.by_tag)} for gap in ruling.gaps],
        "exceptions_researched": norm.exceptions_researched,
        "meaning": norm.meaning.hex(),
    }


def _clause_json(clause: Clause, closure: Closure) -> Json:
    names = names_in(clause.atom)
    return {
        "says": in_words(clause.atom),
        "holds": clause.truth.value,
        "through": list(clause.through),
        "answers": {
            name: answer_to_json(closure.answers.get(name, Silence.NOT_ASKED)) for name in names
        },
        "derived": [name for name in names if name in closure.derived],
    }
