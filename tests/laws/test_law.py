# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of the law room: totality, round trips, and engines that agree."""

import datetime as dt
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.system import random_system

from comity.errors import InvalidDocument
from comity.files.library import shipped_library
from comity.files.toml import read_toml
from comity.kernel.canonical import to_canonical
from comity.kernel.ids import NormId
from comity.kernel.localtext import LocalText
from comity.kernel.truth import Truth
from comity.law.answer import read_answer, to_plain
from comity.law.block import Document
from comity.law.close import close
from comity.law.condition import (
    And,
    Cmp,
    Condition,
    Gap,
    Has,
    In,
    Is,
    Not,
    Or,
    conjunction,
    disjunction,
    to_json,
)
from comity.law.cursor import Cursor, number_from
from comity.law.evaluate import evaluate
from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence
from comity.law.generate import generate
from comity.law.grammar import Scope, read_condition
from comity.law.pack import Axiom, Library, Vocabulary
from comity.law.phrase import in_words
from comity.law.read import read_leniently
from comity.law.reason import Tracer, deciding, names_in, unsettled_facts
from comity.law.token import Sort, Token, tokens_of

TEXT = LocalText(by_tag={"en": "x"})
VALUES = ("p", "q", "r")


def _fact(name: str, kind: Kind) -> Fact:
    values = VALUES if kind in {Kind.ENUM, Kind.SET} else ()
    return Fact(
        name=name,  # type: ignore[arg-type] # a FactName for the test
        kind=kind,
        values=values,
        label=TEXT,
        question=TEXT,
        means=TEXT,
    )


KINDS = {"b": Kind.BOOL, "e": Kind.ENUM, "s": Kind.SET, "n": Kind.NUMBER, "d": Kind.DATE}
FACTS = {f"{letter}{i}": _fact(f"{letter}{i}", kind) for letter, kind in KINDS.items()
         for i in range(3)}  # fmt: skip
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
NUMBERS: st.SearchStrategy[int | Decimal] = st.sampled_from(
    [0, 1, 5, 10**25 - 1, 10**25, 10**25 + 1, Decimal("0.5")]
)
SOME = st.sets(st.sampled_from(VALUES), min_size=1).map(lambda chosen: tuple(sorted(chosen)))


def _named(letter: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"{letter}{i}" for i in range(3)])


@st.composite
def _has(draw: st.DrawFn) -> Condition:
    values = draw(SOME)
    return Has(draw(_named("s")), values, every=len(values) > 1 and draw(st.booleans()))


ATOMS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Is, _named("b")),
    st.builds(In, _named("e"), SOME),
    _has(),
    st.builds(Cmp, _named("n"), st.booleans(), NUMBERS),
    st.builds(Cmp, _named("d"), st.booleans(), DAYS),
    st.builds(Gap, _named("d"), _named("d"), st.integers(0, 40),
              st.sampled_from(["day", "month", "year"])),
)  # fmt: skip
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(conjunction),
        st.lists(inner, min_size=2, max_size=4).map(disjunction),
        st.builds(Not, inner),
    ),
    max_leaves=12,
)


@st.composite
def _open_set(draw: st.DrawFn) -> OpenSet:
    inside = draw(st.frozensets(st.sampled_from(VALUES)))
    outside = draw(st.frozensets(st.sampled_from(VALUES))) - inside
    return OpenSet(known_in=inside, known_out=outside)


KNOWN: Mapping[Kind, st.SearchStrategy[Answer]] = {
    Kind.BOOL: st.booleans(),
    Kind.ENUM: st.sampled_from(VALUES),
    Kind.SET: st.frozensets(st.sampled_from(VALUES)),
    Kind.NUMBER: NUMBERS,
    Kind.DATE: DAYS,
}


@st.composite
def _answers(draw: st.DrawFn) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for name, fact in FACTS.items():
        kinds = [KNOWN[fact.kind], st.sampled_from(Silence)]
        if fact.kind is Kind.SET:
            kinds.append(_open_set())
        if draw(st.booleans()):
            found[name] = draw(st.one_of(kinds))
    return found


def _completed(answers: Mapping[str, Answer], draw: st.DataObject) -> dict[str, Answer]:
    """Answer everything that is open, in any way that fits what is known."""
    whole: dict[str, Answer] = {}
    for name, fact in FACTS.items():
        answer = answers.get(name, Silence.NOT_ASKED)
        match answer:
            case Silence.NOT_APPLICABLE:
                whole[name] = answer
            case Silence():
                whole[name] = draw.draw(KNOWN[fact.kind])
            case OpenSet():
                rest = frozenset(VALUES) - answer.known_in - answer.known_out
                more = draw.draw(st.frozensets(st.sampled_from(sorted(rest)))) if rest else rest
                whole[name] = answer.known_in | more
            case _:
                whole[name] = answer
    return whole


@given(condition=CONDITIONS, answers=_answers())
def test_the_generated_engine_is_the_interpreter(
    condition: Condition, answers: dict[str, Answer]
) -> None:
    """The interpreter is the specification, on unknowns too."""
    name = NormId("n")
    decided = generate({name: condition}, FACTS, {}).decide(answers)
    truth = evaluate(condition, answers, {})
    assert (name in decided.applies) is (truth is Truth.TRUE)
    assert (name in decided.undetermined) is (truth is Truth.UNDETERMINED)


@given(condition=CONDITIONS, answers=_answers())
def test_a_trace_is_the_interpreter(condition: Condition, answers: dict[str, Answer]) -> None:
    """What explains a ruling is what decided it."""
    trace = Tracer(answers=answers, meanings={}).trace(condition)
    assert trace.truth is evaluate(condition, answers, {})


@given(condition=CONDITIONS, answers=_answers(), draw=st.data())
def test_what_is_determined_stays_so_however_the_rest_is_answered(
    condition: Condition, answers: dict[str, Answer], draw: st.DataObject
) -> None:
    """Kleene's logic is monotone: an answer never takes back a ruling."""
    truth = evaluate(condition, answers, {})
    whole = evaluate(condition, _completed(answers, draw), {})
    assert whole is not Truth.UNDETERMINED
    assert truth in {whole, Truth.UNDETERMINED}


@given(condition=CONDITIONS, answers=_answers())
def test_the_reasons_alone_decide(condition: Condition, answers: dict[str, Answer]) -> None:
    """Forget every answer that no reason names, and the truth is the same."""
    trace = Tracer(answers=answers, meanings={}).trace(condition)
    if trace.truth is Truth.UNDETERMINED:
        return
    named = {name for clause in deciding(trace) for name in names_in(clause.atom)}
    kept = {name: answer for name, answer in answers.items() if name in named}
    assert evaluate(condition, kept, {}) is trace.truth


@given(condition=CONDITIONS, answers=_answers(), draw=st.data())
def test_only_unsettled_facts_can_settle(
    condition: Condition, answers: dict[str, Answer], draw: st.DataObject
) -> None:
    """Answering everything else leaves an undetermined condition undetermined."""
    trace = Tracer(answers=answers, meanings={}).trace(condition)
    if trace.truth is not Truth.UNDETERMINED:
        return
    asked = unsettled_facts(trace)
    assert asked
    whole = _completed(answers, draw)
    rest = {name: answer for name, answer in whole.items() if name not in asked}
    kept = {name: answers[name] for name in asked if name in answers}
    assert evaluate(condition, {**rest, **kept}, {}) is Truth.UNDETERMINED


@given(condition=CONDITIONS, language=st.sampled_from(["en", "zh"]))
def test_a_condition_in_words_reads_back_the_same(condition: Condition, language: str) -> None:
    """In every language of the lexicon."""
    end = Token(sort=Sort.END, text="", keyword=None, leads=False, line=1, column=1)
    words = in_words(condition, language=language)
    cursor = Cursor(source="x", tokens=[*tokens_of(words, 1, language), end])
    scope = Scope(facts=FACTS, definitions=frozenset())
    assert read_condition(cursor, scope) == condition
    assert cursor.at_end


@given(one=CONDITIONS, other=CONDITIONS)
def test_two_conditions_share_their_json_only_if_they_are_one(
    one: Condition, other: Condition
) -> None:
    """The digest is over the JSON."""
    same = to_canonical(to_json(one)) == to_canonical(to_json(other))
    assert same is (one == other)


@given(fact=st.sampled_from(sorted(FACTS)), draw=st.data())
def test_an_answer_written_is_read_back(fact: str, draw: st.DataObject) -> None:
    """A statement carries what the profile said."""
    known = FACTS[fact]
    answer = draw.draw(KNOWN[known.kind])
    assert read_answer(known, to_plain(known, answer)) == (answer, ())


PLAIN = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), DAYS,
        st.decimals(), st.datetimes(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["known_in", "known_out", "x"]), inner, max_size=3),
    ),
    max_leaves=5,
)  # fmt: skip


@given(fact=st.sampled_from(sorted(FACTS)), plain=PLAIN)
def test_reading_an_answer_is_total(fact: str, plain: object) -> None:
    """Anything may stand in a statement; a fault is a value."""
    answer, faults = read_answer(FACTS[fact], plain)
    assert not faults or answer is Silence.NOT_ASKED


@given(st.text(max_size=30))
def test_reading_a_number_is_total(text: str) -> None:
    """And never makes a monster of a short text."""
    value = number_from(text)
    assert value is None or 0 <= value < 10**61


WORDS = st.sampled_from([
    "pack", "fact", "norm", "define", "gap", "axiom", "conduct", "when", "must", "who", "is",
    "has any of", "[", "]", "(", ")", ",", "not", "and", "or", "at least", "x", "eu.x", "10^25",
    '"text"', '"', "2026-08-02", "bool", "enum", "set", "number", "\n", "\n  ", "#", "```",
    "```comity", "规范", "当", "含", "自", "title", "market", "EU", "FLOP", "rows", "before",
])  # fmt: skip


@given(st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=60))
def test_reading_a_pack_is_total(words: list[str]) -> None:
    """Whatever stands in a file, it is read or its faults are told with their lines."""
    text = "```comity\n" + " ".join(words)
    reading = read_leniently([Document(name="x.md", text=text)])
    assert all(fault.line is not None for fault in reading.faults)
    assert len(reading.library.digest) == 32


@given(st.text(max_size=200))
def test_reading_toml_is_total(text: str) -> None:
    """A parser raises nothing but ours."""
    with suppress(InvalidDocument):
        assert read_toml(text, source="x").source == "x"


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return shipped_library()


def test_engines_agree_on_ten_thousand_cells_of_real_law(library: Library) -> None:
    """Random systems, every norm that ships, from all known to nothing known."""
    dice = random.Random(20261121)  # noqa: S311 - a test that can be repeated
    cells = 0
    seen = set()
    while cells < 10_000:
        answers = random_system(library.vocabulary.facts, dice)
        decided = library.engine.decide(answers)
        applies, undetermined = set(decided.applies), set(decided.undetermined)
        for name, norm in library.norms.items():
            truth = evaluate(norm.applies_when, answers, library.meanings)
            assert (name in applies) is (truth is Truth.TRUE), name
            assert (name in undetermined) is (truth is Truth.UNDETERMINED), name
            seen.add(truth)
            cells += 1
    assert seen == set(Truth)


def test_closing_real_answers_twice_is_closing_them_once(library: Library) -> None:
    """A fixpoint: what follows has followed."""
    dice = random.Random(7)  # noqa: S311 - a test that can be repeated
    for _ in range(40):
        answers = random_system(library.vocabulary.facts, dice)
        closure = close(answers, library.vocabulary, library.meanings)
        if not closure.contradictions:
            again = close(closure.answers, library.vocabulary, library.meanings)
            assert again.answers == closure.answers
            assert again.contradictions == ()


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_closing_real_answers_only_adds(library: Library, seed: int) -> None:
    """No answer that was given is changed, but a "no" to what does not apply."""
    dice = random.Random(seed)  # noqa: S311 - repeatable
    answers = random_system(library.vocabulary.facts, dice)
    after = close(answers, library.vocabulary, library.meanings).answers
    for name, answer in answers.items():
        if isinstance(answer, Silence | OpenSet) or after[name] is Silence.NOT_APPLICABLE:
            continue
        assert after[name] == answer


def test_every_real_condition_reads_back_from_its_words(library: Library) -> None:
    """What a ruling shows of real law is what was evaluated."""
    facts = library.vocabulary.facts
    scope = Scope(facts=facts, definitions=frozenset(library.definitions))
    end = Token(sort=Sort.END, text="", keyword=None, leads=False, line=1, column=1)
    for norm in library.norms.values():
        for condition in (norm.when, *norm.unless):
            if isinstance(condition, And | Or) and not condition.parts:
                continue
            words = in_words(condition, facts)
            cursor = Cursor(source="x", tokens=[*tokens_of(words, 1, "en"), end])
            assert read_condition(cursor, scope) == condition, norm.name


SMALL = {
    **{f"b{i}": _fact(f"b{i}", Kind.BOOL) for i in range(4)},
    "e0": replace(_fact("e0", Kind.ENUM), values=("p", "q"), guard=Is("b0")),
    "s0": replace(_fact("s0", Kind.SET), values=("p", "q"), guard=Not(Is("b1"))),
}
PAIR = st.sets(st.sampled_from(["p", "q"]), min_size=1).map(lambda few: tuple(sorted(few)))
SIMPLE: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(
        st.sampled_from([Is(f"b{i}") for i in range(4)]),
        st.builds(In, st.just("e0"), PAIR),
        st.builds(lambda few, every: Has("s0", few, every), PAIR, st.booleans()),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=2).map(conjunction),
        st.lists(inner, min_size=2, max_size=2).map(disjunction),
        st.builds(Not, inner),
    ),
    max_leaves=3,
)
SUBSETS: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset("p"),
    frozenset("q"),
    frozenset("pq"),
)


def _worlds() -> list[dict[str, Answer]]:
    """Return every way the small vocabulary can be, guards obeyed."""
    found: list[dict[str, Answer]] = []
    for bools in product([True, False], repeat=4):
        known: dict[str, Answer] = {f"b{i}": value for i, value in enumerate(bools)}
        sectors: tuple[Answer, ...] = ("p", "q") if bools[0] else (Silence.NOT_APPLICABLE,)
        sets: tuple[Answer, ...] = (Silence.NOT_APPLICABLE,) if bools[1] else SUBSETS
        found.extend({**known, "e0": e, "s0": s} for e, s in product(sectors, sets))
    return found


WORLDS = _worlds()


def _fits(answer: Answer, world: Answer) -> bool:
    """Tell whether a world is one of those an answer allows."""
    match answer:
        case Silence.NOT_APPLICABLE:
            return world is answer
        case Silence():
            return True
        case OpenSet():
            inside = world if isinstance(world, frozenset) else frozenset()
            return answer.known_in <= inside and answer.known_out.isdisjoint(inside)
        case _:
            denied = answer == frozenset() and world is Silence.NOT_APPLICABLE
            return answer == world or denied


@given(
    axioms=st.lists(st.tuples(SIMPLE, SIMPLE), max_size=4),
    answers=st.fixed_dictionaries(
        {},
        optional={
            **{f"b{i}": st.booleans() for i in range(4)},
            "e0": st.sampled_from(["p", "q"]),
            "s0": st.sampled_from(
                [*SUBSETS, OpenSet(known_in=SUBSETS[1], known_out=SUBSETS[0])]
            ),
        },
    ),
)
def test_closing_derives_only_what_holds_in_every_world(
    axioms: list[tuple[Condition, Condition]], answers: dict[str, Answer]
) -> None:
    """Held against every world that obeys axioms, guards and answers; none, if contradicted."""
    named = [Axiom(name=f"a{i}", when=a, implies=b) for i, (a, b) in enumerate(axioms)]
    vocabulary = Vocabulary(facts=SMALL, conducts={}, axioms=tuple(named))
    closure = close(answers, vocabulary, {})
    rules = [Or((Not(axiom.when), axiom.implies)) for axiom in named]
    possible = [
        world
        for world in WORLDS
        if all(_fits(answer, world[name]) for name, answer in answers.items())
        and all(evaluate(rule, world, {}) is Truth.TRUE for rule in rules)
    ]
    if closure.contradictions:
        assert possible == []
        return
    for world in possible:
        for name, answer in closure.answers.items():
            assert _fits(answer, world[name]), (name, answer, world)
