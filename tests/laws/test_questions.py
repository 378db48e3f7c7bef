# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of what comes in about a system: every reader is total, every amendment is alone."""

import datetime as dt
import json
from collections.abc import Callable, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import Fault, InvalidDocument
from comity.files.amendment import Amendment, amended
from comity.files.answer import read_sayings
from comity.files.library import shipped_library
from comity.files.materials.document import told_by
from comity.files.profile import profile_from_toml
from comity.files.toml import read_toml
from comity.kernel.ids import MarketCode
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.told import Told, weigh

LIBRARY = shipped_library()
FACTS = LIBRARY.vocabulary.facts
NAMES = ["generates", "is_ai_system", "training_compute", "placed_on_market", "autonomy", "x"]
VALUES = st.sampled_from(
    [
        "true", '"text"', '["text"]', '"not known"', '"not applicable"', "1e400", "nan",
        "2026-01-01", '"10 FLOP"', "{ value = true }", '{ value = true, note = "n" }',
        '{ known_in = ["text"], known_out = [] }', "[1]", "{}", "'x'", '"""\nx"""',
    ]
)  # fmt: skip
PAIRS = st.builds(lambda name, value: f"{name} = {value}", st.sampled_from(NAMES), VALUES)
LINES = st.one_of(
    PAIRS,
    st.sampled_from(
        [
            "[facts]", "[facts.VNM]", "[facts.FRA]", "[facts.generates]", "[[change]]",
            "on = 2026-12-01", "[change.facts]", "[change.facts.VNM]", "[change]",
            'roles = ["provider"]', "# note", "", "facts = 1", "change = [1]", "[[facts]]",
        ]
    ),
)  # fmt: skip
TEXTS = st.lists(LINES, max_size=14).map(lambda lines: "\n".join(('system = "x"', *lines)))
MARKETS = st.sampled_from([None, MarketCode("VNM")])
JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["components", "type", "metadata", "@graph", "annexIII", "status",
                         "placedOnMarket", "modelCard", "modelParameters", "task", "supplier",
                         "name", "provider", "country"]),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip
HEADS = [
    {"bomFormat": "CycloneDX"},
    {"registration": "EU AI Act Annex VIII"},
    {"@graph": [{"type": "ai_AIPackage", "suppliedBy": 3}]},
    {},
]


def _faults(read: Callable[[], object]) -> tuple[Fault, ...] | None:
    """Return the faults a text is refused with; None where it is read."""
    try:
        read()
    except InvalidDocument as error:
        return error.faults
    return None


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_profile_or_is_refused(text: str) -> None:
    """With faults that have places, and nothing else."""
    assert _faults(lambda: profile_from_toml(text, LIBRARY)) != ()


@given(st.one_of(TEXTS, st.text(max_size=60)))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_batch_or_is_refused(text: str) -> None:
    """As of a profile."""
    assert _faults(lambda: read_sayings(text, LIBRARY, source="x")) != ()


@given(TEXTS, st.sampled_from(NAMES[:-1]), MARKETS, st.integers(0, 1))
@settings(max_examples=300, deadline=None)
def test_an_amendment_changes_one_answer_or_nothing(
    text: str, name: str, market: MarketCode | None, later: int
) -> None:
    """All that stood there before still stands; the same answer again changes nothing."""
    amendment = Amendment(
        fact=FACTS[name],
        answer=Silence.NOT_KNOWN,
        facts_on=dt.date(2026, 11, 21) + dt.timedelta(days=30 * later),
        market=market,
    )
    try:
        new = amended(text, amendment)
    except InvalidDocument:
        return
    before = _leaves(read_toml(text, source="x").values)
    after = _leaves(read_toml(new, source="x").values)
    kept = {path: value for path, value in before.items() if name not in path}
    assert {path: value for path, value in after.items() if name not in path} == kept
    assert "not known" in {value for path, value in after.items() if name in path}
    assert amended(new, amendment) == new


def _leaves(value: object, path: tuple[object, ...] = ()) -> dict[tuple[object, ...], object]:
    match value:
        case Mapping():
            parts = [_leaves(each, (*path, name)) for name, each in value.items()]
        case list():
            parts = [_leaves(each, (*path, name)) for name, each in enumerate(value)]
        case _:
            return {path: str(value)}
    return {place: leaf for part in parts for place, leaf in part.items()}


@given(JSON, st.sampled_from(HEADS))
@settings(max_examples=300, deadline=None)
def test_any_document_answers_or_is_refused(body: object, head: Mapping[str, object]) -> None:
    """What it answers is typed by the vocabulary."""
    document = {**body, **head} if isinstance(body, dict) else body
    text = json.dumps(document)
    faults = _faults(lambda: told_by(text, FACTS, source="x"))
    assert faults != ()
    if faults is None:
        told = told_by(text, FACTS, source="x")
        assert all(each.fact in FACTS and each.place for each in told)


SETS = st.sets(st.sampled_from("abc")).map(frozenset)
ANSWERS: st.SearchStrategy[Answer] = st.one_of(
    st.booleans(),
    SETS,
    st.builds(
        lambda inside, outside: OpenSet(known_in=inside, known_out=outside - inside), SETS, SETS
    ),
)


@given(st.permutations(range(4)), st.lists(ANSWERS, min_size=4, max_size=4))
def test_what_documents_say_together_does_not_depend_on_their_order(
    order: list[int], answers: list[Answer]
) -> None:
    """Nobody gains by being read first."""
    told = [
        Told(fact="f", answer=each, market=None, source=str(number), place="p", why="w",
             evidence="e")
        for number, each in enumerate(answers)
    ]  # fmt: skip
    (one,) = weigh(told)
    (other,) = weigh(told[position] for position in order)
    assert one.answer == other.answer
