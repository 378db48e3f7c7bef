# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Systems as rows of a register and as profiles, side by side: what a sweep is held against."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from tests.fakes.system import random_answer

from comity.errors import InvalidDocument
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.close import close
from comity.law.determine import Status, determine
from comity.law.fact import ASKED_ON, MARKETS, Answer, Fact, Kind, OpenSet
from comity.law.market import BODIES
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile
from comity.law.sweep.cell import KNOWN_OUT
from comity.law.sweep.layout import ROLE

TEXT = LocalText(by_tag={"en": "x"})

WORDS = {
    Status.APPLIES: "applies",
    Status.DOES_NOT_APPLY: "does_not_apply",
    Status.CANNOT_TELL: "cannot_tell",
    Status.NOT_YET_IN_FORCE: "not_in_force",
    Status.ENDED: "not_in_force",
}
_STRONGEST = ("applies", "cannot_tell", "not_in_force", "does_not_apply")

_COLUMNS: Mapping[Kind, pl.DataType] = {
    Kind.BOOL: pl.Boolean(),
    Kind.ENUM: pl.String(),
    Kind.SET: pl.List(pl.String()),
    Kind.NUMBER: pl.Decimal(38, 0),
    Kind.DATE: pl.Date(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One system: what its author is, where it is, and what is known of it."""

    roles: tuple[Role, ...]
    markets: tuple[str, ...] | None
    answers: Mapping[str, Answer]


def random_entries(library: Library, dice: random.Random, count: int) -> list[Entry]:
    """Make systems, most of which contradict no axiom."""
    facts = {n: f for n, f in library.vocabulary.facts.items() if n not in {ASKED_ON, MARKETS}}
    return [
        Entry(
            roles=dice.choice([(), (Role.PROVIDER,), (Role.DEPLOYER, Role.STATE)]),
            markets=dice.choice([None, (), ("EU",), ("EU", "CHN"), ("BRA", "FJI")]),
            answers=_answers(facts, library, dice),
        )
        for _ in range(count)
    ]


def _answers(
    facts: Mapping[str, Fact], library: Library, dice: random.Random
) -> dict[str, Answer]:
    share = dice.random()
    found = {
        name: random_answer(fact, dice) for name, fact in facts.items() if dice.random() < share
    }
    for _ in range(40 if dice.random() < 0.8 else 0):
        wrong = close(found, library.vocabulary, library.meanings).contradictions
        for contradiction in wrong:
            for fact in contradiction.facts:
                found.pop(fact, None)
        if not wrong:
            break
    return found


def register_of(entries: Sequence[Entry], library: Library) -> pl.DataFrame:
    """Write systems as the rows of a register, with the ids S0, S1 and so on."""
    facts = {n: f for n, f in library.vocabulary.facts.items() if n not in {ASKED_ON, MARKETS}}
    schema: dict[str, pl.DataType] = {"id": pl.String(), "roles": pl.List(pl.String())}
    schema[MARKETS] = pl.List(pl.String())
    for name, fact in facts.items():
        schema[name] = _COLUMNS[fact.kind]
        if fact.kind is Kind.SET:
            schema[f"{name}{KNOWN_OUT}"] = pl.List(pl.String())
    rows = [_row(f"S{number}", entry) for number, entry in enumerate(entries)]
    return pl.DataFrame(rows, schema=schema)


def _row(name: str, entry: Entry) -> dict[str, object]:
    row: dict[str, object] = {"id": name, "roles": [role.value for role in entry.roles] or None}
    row[MARKETS] = None if entry.markets is None else list(entry.markets)
    for fact, answer in entry.answers.items():
        match answer:
            case OpenSet():
                row[fact] = sorted(answer.known_in)
                row[f"{fact}{KNOWN_OUT}"] = sorted(answer.known_out)
            case frozenset():
                row[fact] = sorted(answer)
            case _:
                row[fact] = answer
    return row


def raw(register: pl.DataFrame) -> pl.DataFrame:
    """Return a register as a plan takes it: roles under their own name, no ids."""
    return register.drop("id").rename({"roles": ROLE})


def expected(
    entry: Entry, library: Library, markets: Sequence[str], on: dt.date
) -> dict[str, str] | None:
    """Rule on one system with `determine`; None where its answers contradict an axiom.

    What a register adds: a norm of a market the system is not on does not apply; where its
    markets are unknown, what would apply cannot be told; a norm that binds none of its
    roles does not apply.
    """
    profile = Profile(
        system="x", name=TEXT, purpose=TEXT, roles=entry.roles, answers=entry.answers,
        markets=None if entry.markets is None else tuple(map(MarketCode, entry.markets)),
    )  # fmt: skip
    try:
        determination = determine(library, profile, markets=markets, on=on)
    except InvalidDocument:
        return None
    found = {
        str(norm.name): "does_not_apply"
        for market in markets
        for _, norm in library.norms_of(MarketCode(market))
    }
    for ruling in determination.rulings:
        word = WORDS[ruling.status]
        if ruling.market not in BODIES:
            if entry.markets is None:
                word = "cannot_tell" if word == "applies" else word
            elif ruling.market not in entry.markets:
                word = "does_not_apply"
        name = str(ruling.norm.name)
        found[name] = min(found[name], word, key=_STRONGEST.index)
    return found
