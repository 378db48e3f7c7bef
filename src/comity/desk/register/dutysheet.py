# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which duties bind a system, as the register shows them: counts, clauses, open questions."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comity.desk.law.duties import Inquiry, duties_of, library, questions_for
from comity.desk.register.sheet import (
    MarketCount,
    NodeSheet,
    Plain,
    Provenance,
    SystemRow,
    Texts,
)
from comity.errors import Fault, InvalidDocument
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.answer import read_answer
from comity.law.conduct import Relation
from comity.law.determine import ROLE, Determination, Ruling, Status
from comity.law.fact import ASKED_ON, MARKETS, Answer, Fact
from comity.law.norm import Demand, Role
from comity.law.phrase import demand_in_words, in_words
from comity.law.profile import Profile

ROLES = tuple(role.value for role in Role)
QUESTIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question about duties.

    Args:
        role: One of `ROLES`, or "" where nobody said.
        answers: By fact, as a profile or a statement carries them.
        in_market: Answers for one market each, which take precedence there.
        show: The market whose norms are listed; "" for all of them.
        questions: How many of the questions that would tell most are worked out.
    """

    markets: tuple[str, ...]
    on: dt.date
    role: str
    answers: Mapping[str, Plain]
    in_market: Mapping[str, Mapping[str, Plain]] = field(default_factory=dict)
    show: str = ""
    questions: int = QUESTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing a norm asks, with its force ("must", "must not", "may", "should", …)."""

    modality: str
    text: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A clause that decided, in the words of the pack language."""

    says: str
    holds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """What one norm is to the system.

    Args:
        status: "applies", "does not apply", "cannot tell", "not yet in force" or "ended".
        force: "binding", "soft", "bill" or "draft": only the first binds.
        permits: Whether it only allows something and asks nothing.
        basis: On whose word the encoding rests: "text", "secondary", "memory", "weak", "".
        unsettled: Facts whose answers could settle it.
        gaps: What its text says and nobody could encode.
    """

    norm: str
    market: str
    status: str
    force: str
    permits: bool
    title: Texts
    instrument: Texts
    asks: tuple[Ask, ...]
    cite: str
    basis: str
    source: str
    valid_from: dt.date | None
    decided_by: tuple[Reason, ...]
    unsettled: tuple[str, ...]
    gaps: tuple[Texts, ...]
    exceptions_researched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A fact that matters and is not known.

    Args:
        kind: "bool", "enum", "set", "number" or "date".
        settles_milli: Thousandths of norms an answer settles on average.
        concerns: Undetermined norms in which it still matters.
    """

    fact: str
    text: Texts
    means: Texts
    kind: str
    values: tuple[str, ...]
    unit: str
    settles_milli: int
    concerns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFault:
    """What is wrong with one field of the question."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesSheet:
    """The answer to a question about duties.

    Args:
        faults: Where this is not empty nothing was determined.
        show: The market whose norms are listed, or "" for all.
        questions: What would settle most, best first.
        labels: Name of each fact that is named here, in words.
        library: Digest of the packs and the vocabulary.
    """

    on: dt.date
    role: str
    answers: Mapping[str, Plain]
    faults: tuple[AnswerFault, ...]
    markets: tuple[MarketCount, ...]
    show: str
    duties: tuple[DutyRow, ...]
    questions: tuple[OpenQuestion, ...]
    labels: Mapping[str, Texts]
    library: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemDutiesSheet:
    """The duties of one registered system on the facts its provider states."""

    node: NodeSheet
    row: SystemRow
    duties: DutiesSheet
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class DetermineSheet:
    """The form and, once it was sent, its answer.

    Args:
        known_markets: Markets for which packs are held.
        asked: Questions answered so far, in the order of the form.
        duties: None before anything was asked.
    """

    node: NodeSheet
    known_markets: tuple[str, ...]
    known_roles: tuple[str, ...]
    asked: tuple[OpenQuestion, ...]
    duties: DutiesSheet | None


def duties_sheet(query: Query) -> DutiesSheet:
    """Determine the duties of a query, or say what is wrong with it, field by field."""
    answers, faults = read_answers(query.answers)
    in_market: dict[MarketCode, dict[str, Answer]] = {}
    for market, said in query.in_market.items():
        in_market[MarketCode(market)], wrong_there = read_answers(said)
        faults = (*faults, *wrong_there)
    if query.role not in ("", *ROLES):
        faults = (*faults, AnswerFault(field=ROLE, message=f"{query.role[:40]!r} is no role"))
    if faults:
        return _sheet(query, faults, None)
    nobody = LocalText(by_tag={"en": ""})
    profile = Profile(
        system="", name=nobody, purpose=nobody, answers=answers, in_market=in_market
    )
    roles = (Role(query.role),) if query.role else ()
    try:
        asked = Inquiry(markets=query.markets, on=query.on, roles=roles)
        return _sheet(query, (), duties_of(profile, asked))
    except InvalidDocument as error:
        field = "market" if error.code == "law.market" else "facts"
        wrong = tuple(AnswerFault(field=field, message=str(each)) for each in error.faults)
        return _sheet(query, wrong, None)


def read_answers(
    plain: Mapping[str, Plain],
) -> tuple[dict[str, Answer], tuple[AnswerFault, ...]]:
    """Read plain answers by fact name, and say which cannot be read."""
    facts = library().vocabulary.facts
    answers: dict[str, Answer] = {}
    faults: list[AnswerFault] = []
    for name, value in plain.items():
        if name not in facts or name in {ASKED_ON, MARKETS}:
            message = f"{name[:60]!r} is no fact that can be answered"
            faults.append(AnswerFault(field=name, message=message))
            continue
        answer, wrong = read_answer(facts[name], value)
        answers[name] = answer
        faults.extend(AnswerFault(field=name, message=each.message) for each in wrong)
    return answers, tuple(faults)


def as_error(faults: Iterable[AnswerFault]) -> InvalidDocument:
    """Return the faults of a question as one error."""
    return InvalidDocument(
        "the question cannot be answered",
        code="desk.question",
        hint="markets, roles and facts are those of the shipped packs and vocabulary",
        faults=[Fault(message=f"{fault.field}: {fault.message}") for fault in faults],
    )


def labels_of() -> Mapping[str, Texts]:
    """Return the name of each fact in words."""
    facts = library().vocabulary.facts
    return {name: dict(fact.label.by_tag) for name, fact in facts.items()}


def known_markets() -> tuple[str, ...]:
    """Return the markets for which packs are held."""
    return tuple(sorted({pack.market for pack in library().packs}))


def questions_of(names: Iterable[str]) -> tuple[OpenQuestion, ...]:
    """Return the questions behind some facts, names of no fact left out."""
    facts = library().vocabulary.facts
    return tuple(_question(facts[name], 0, 0) for name in names if name in facts)


def _sheet(
    query: Query, faults: tuple[AnswerFault, ...], found: Determination | None
) -> DutiesSheet:
    markets: tuple[MarketCount, ...] = ()
    duties: tuple[DutyRow, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    if found is not None:
        markets = tuple(_count(found, market) for market in found.markets)
        shown = [each for each in found.rulings if query.show in {"", each.market}]
        duties = tuple(_row(each) for each in shown)
        questions = tuple(_questions(found, query.questions))
    labels = labels_of()
    named = {name for duty in duties for name in duty.unsettled}
    return DutiesSheet(
        on=query.on,
        role=query.role,
        answers=dict(query.answers),
        faults=faults,
        markets=markets,
        show=query.show,
        duties=duties,
        questions=questions,
        labels={name: labels[name] for name in sorted(named & labels.keys())},
        library=library().digest.hex(),
    )


def _count(found: Determination, market: str) -> MarketCount:
    rulings = [ruling for ruling in found.rulings if ruling.market == market]

    def count(status: Status) -> int:
        return sum(ruling.status is status for ruling in rulings)

    applying = [ruling for ruling in rulings if ruling.status is Status.APPLIES]
    binding = [ruling for ruling in applying if ruling.is_binding]
    permits = sum(ruling.norm.only_permits for ruling in binding)
    return MarketCount(
        market=market,
        held=market not in found.without_pack,
        applies=len(binding) - permits,
        permits=permits,
        cannot_tell=count(Status.CANNOT_TELL),
        not_yet=count(Status.NOT_YET_IN_FORCE),
        does_not_apply=count(Status.DOES_NOT_APPLY) + count(Status.ENDED),
        unbinding=len(applying) - len(binding),
    )


def _row(ruling: Ruling) -> DutyRow:
    norm, grounds = ruling.norm, ruling.norm.grounds
    return DutyRow(
        norm=norm.name,
        market=ruling.market,
        status=ruling.status.value,
        force=ruling.pack.status.value,
        permits=norm.only_permits,
        title=dict(norm.title.by_tag),
        instrument=dict(ruling.pack.title.by_tag),
        asks=tuple(_ask(demand) for demand in norm.demands),
        cite=grounds.cite,
        basis="" if grounds.basis is None else grounds.basis.value,
        source=grounds.source,
        valid_from=norm.valid_from,
        decided_by=tuple(
            Reason(says=in_words(clause.atom), holds=clause.truth.value)
            for clause in ruling.decided_by
        ),
        unsettled=ruling.unsettled,
        gaps=tuple(dict(gap.says.by_tag) for gap in ruling.gaps),
        exceptions_researched=norm.exceptions_researched,
    )


def _ask(demand: Demand) -> Ask:
    conduct = library().vocabulary.conducts[demand.constraint.conduct]
    whole = demand.constraint.relation is Relation.YES
    text = {"en": demand_in_words(demand.constraint, conduct)}
    return Ask(
        modality=demand.modality.value,
        text=dict(conduct.label.by_tag) if whole else text,
    )


def _questions(found: Determination, limit: int) -> Iterable[OpenQuestion]:
    facts = found.library.vocabulary.facts
    for each in questions_for(found, limit=limit) if limit else ():
        yield _question(facts[each.fact], int(each.settles * 1000), each.concerns)


def _question(fact: Fact, settles_milli: int, concerns: int) -> OpenQuestion:
    return OpenQuestion(
        fact=fact.name,
        text=dict(fact.question.by_tag),
        means=dict(fact.means.by_tag),
        kind=fact.kind.value,
        values=fact.values,
        unit=fact.unit or "",
        settles_milli=settles_milli,
        concerns=concerns,
    )
