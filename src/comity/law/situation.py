# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a question is put to: a system, its markets and roles, and the answers that hold."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from comity.errors import Fault, InvalidDocument
from comity.kernel.ids import MarketCode
from comity.law.close import Closure, Contradiction, close
from comity.law.cursor import near_miss
from comity.law.fact import ASKED_ON, MARKETS, Answer, OpenSet, Silence, answer_to_json
from comity.law.market import UNION_MEMBERS, is_market
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.phrase import shown_number
from comity.law.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A system in the markets and on the days asked about.

    Args:
        on: The day whose law is asked about.
        facts_on: The day whose answers count.
        without_pack: Markets asked about for which no pack is held: not "no law".
        roles: None among them where nobody said what the author is to the system.
        closures: The answers with what follows from them, by market.
    """

    library: Library
    profile: Profile
    on: dt.date
    facts_on: dt.date
    markets: tuple[MarketCode, ...]
    without_pack: tuple[MarketCode, ...]
    roles: tuple[Role | None, ...]
    closures: Mapping[MarketCode, Closure]

    def said_not_applicable(self, market: MarketCode, fact: str) -> bool:
        """Tell whether a fact does not apply on the author's word alone."""
        closure = self.closures[market]
        is_so = closure.answers.get(fact) is Silence.NOT_APPLICABLE
        return is_so and fact not in closure.derived


def situation_of(
    library: Library,
    profile: Profile,
    *,
    markets: Sequence[str],
    on: dt.date,
    facts_on: dt.date | None = None,
    roles: Sequence[Role] = (),
) -> Situation:
    """Return which answers hold where, with what follows from them.

    Args:
        markets: ISO 3166-1 alpha-3 codes, EU, or bodies such as WAICO; asking assumes the
            system is there.
        facts_on: The day whose answers count; None for the day of the law.
        roles: What the author is to the system; without any, what the profile says.

    Raises:
        InvalidDocument: An unknown market (`law.market`), or answers that contradict an
            axiom (`law.inconsistent`).
    """
    asked = known_markets(markets, library)
    held = {pack.market for pack in library.packs}
    day = facts_on or on
    return Situation(
        library=library,
        profile=profile,
        on=on,
        facts_on=day,
        markets=asked,
        without_pack=tuple(market for market in asked if market not in held),
        roles=tuple(roles or profile.roles) or (None,),
        closures=_closures(library, profile, asked, (on, day)),
    )


def _closures(
    library: Library,
    profile: Profile,
    markets: Sequence[MarketCode],
    days: tuple[dt.date, dt.date],
) -> dict[MarketCode, Closure]:
    """Close the answers of each market; equal ones once, where no axiom speaks of markets."""
    on, facts_on = days
    found: dict[MarketCode, Closure] = {}
    shared: list[tuple[dict[str, Answer], Closure]] = []
    for market in markets:
        said: dict[str, Answer] = {**profile.answers_in(market, facts_on)}
        said[ASKED_ON] = on
        here: dict[str, Answer] = {MARKETS: _markets(profile, market)}
        if MARKETS in library.closing_rules:
            found[market] = _closed(library, {**said, **here})
            continue
        closure = next((known for other, known in shared if other == said), None)
        if closure is None:
            closure = _closed(library, said)
            shared.append((said, closure))
        found[market] = replace(closure, answers={**closure.answers, **here})
    return found


def _closed(library: Library, answers: Mapping[str, Answer]) -> Closure:
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
    if isinstance(answer, int | Decimal) and not isinstance(answer, bool):
        return shown_number(answer)
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
