# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of instruments: order, entry into force, pairs, readers."""

import datetime as dt
import random
from contextlib import suppress
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.treaty import GROUND, treaty

from comity.council.instrument.act import CONSENTS, Act, Basis, Deed, Ground
from comity.council.instrument.delay import Delay
from comity.council.instrument.difference import Stands, Stated
from comity.council.instrument.instrument import (
    ByOrgan,
    Entry,
    Instrument,
    Pairwise,
    Permitted,
    Prohibited,
    Reservations,
    Unknown,
)
from comity.council.instrument.pair import between
from comity.council.instrument.statement import (
    act_from_predicate,
    adoption_from_predicate,
    difference_from_predicate,
)
from comity.council.instrument.status import status
from comity.council.rule.floor import Base
from comity.council.rule.rule import All, Leaf, Number, Rule, Share
from comity.errors import InvalidDocument
from comity.files.instrument import instrument_from_toml
from comity.kernel.truth import Truth

STATES = ("BRA", "KHM", "LAO", "SGP", "ZAF")
DAYS = st.dates(dt.date(2019, 12, 1), dt.date(2024, 12, 31))
AS_OF = st.dates(dt.date(2021, 1, 1), dt.date(2026, 1, 1))
PROVISIONS = st.sampled_from([(), ("1",), ("2",), ("1", "2"), ("9",)])
GROUNDS = st.sampled_from(
    [GROUND, Ground(basis=Basis.STATEMENT, source="kh.example/log entry 1")]
)
ACTS = st.lists(
    st.builds(
        Act, state=st.sampled_from([*STATES, "EXA"]), deed=st.sampled_from(list(Deed)), on=DAYS,
        ground=GROUNDS, provisions=PROVISIONS, towards=st.sampled_from(["", *STATES]),
        opposes_entry=st.booleans(), amendment=st.sampled_from(["", "first"]),
        at_the_latest=st.booleans(),
    ),
    max_size=14,
)  # fmt: skip
STATED = st.lists(
    st.builds(
        Stated, state=st.sampled_from(STATES), provision=st.sampled_from(["1", "2", "9"]),
        stands=st.sampled_from(list(Stands)), text=st.sampled_from(["", "a", "b"]), since=DAYS,
        ground=GROUNDS,
    ),
    max_size=6,
)  # fmt: skip
RESERVING: st.SearchStrategy[Reservations] = st.sampled_from(
    [
        Pairwise(), Prohibited(), Permitted(provisions=frozenset({"1"})),
        ByOrgan(organ="EXA"), Unknown(reason="not public"),
    ]
)  # fmt: skip
RULES: st.SearchStrategy[Rule] = st.sampled_from(
    [
        Leaf(need=Number(least=2)),
        Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True)),
        All(parts=(Leaf(need=Number(least=2)), Leaf(need=Number(least=1), within="named"))),
    ]
)


AGREEMENTS = st.builds(
    lambda rule, reserving: treaty(
        entry=Entry(rule=rule, delay=Delay(days=30), ground=GROUND),
        reservations=reserving, groups={"named": frozenset({"KHM"})},
    ),
    RULES, RESERVING,
)  # fmt: skip


@settings(max_examples=60)
@given(acts=ACTS, said=STATED, agreement=AGREEMENTS, on=AS_OF, dice=st.randoms())
def test_the_order_of_acts_does_not_matter(
    acts: list[Act], said: list[Stated], agreement: Instrument, on: dt.date, dice: random.Random
) -> None:
    """Two nodes that read the same logs in another order show the same status."""
    mixed, spoken = list(acts), list(said)
    dice.shuffle(mixed)
    dice.shuffle(spoken)

    one = status(agreement, acts, on, said).to_json()
    other = status(agreement, mixed, on, spoken).to_json()
    assert one == other


@settings(max_examples=60)
@given(acts=ACTS, rule=RULES, on=AS_OF, more=ACTS)
def test_no_later_party_moves_entry_into_force(
    acts: list[Act], rule: Rule, on: dt.date, more: list[Act]
) -> None:
    """Once the condition held, what happens on later days changes nothing of that day."""
    agreement = treaty(entry=Entry(rule=rule, ground=GROUND),
                       groups={"named": frozenset({"KHM"})})  # fmt: skip
    before = status(agreement, acts, on).in_force
    if before.met_on is None:
        return
    joined = [
        act for act in more if act.on > before.met_on and act.deed in CONSENTS
    ]  # fmt: skip
    after = status(agreement, [*acts, *joined], on).in_force
    assert (after.on, after.met_on) == (before.on, before.met_on)


@settings(max_examples=60)
@given(acts=ACTS, reserving=RESERVING, on=AS_OF)
def test_what_holds_between_two_is_the_same_from_both_sides(
    acts: list[Act], reserving: Reservations, on: dt.date
) -> None:
    """Vienna Convention 21(1): a reservation works to the same extent for the other party."""
    found = status(treaty(reservations=reserving), acts, on)
    for one in STATES:
        for other in STATES:
            if one != other:
                here = between((one, other), found.reservations, on)
                assert here == between((other, one), found.reservations, on)


@settings(max_examples=60)
@given(acts=ACTS, said=STATED, on=AS_OF)
def test_every_act_counts_or_is_flagged_or_is_to_come(
    acts: list[Act], said: list[Stated], on: dt.date
) -> None:
    """Nothing is silently dropped, and every cell of the matrix says something."""
    found = status(treaty(), acts, on, said)
    shown = {act for row in found.members for act in row.acts}
    flagged = {one.act for one in found.anomalies}
    reserved = {one.state for one in found.reservations}
    for act in acts:
        about_reserving = (
            act.deed.value.endswith("reservation") or "objection" in act.deed.value
        )
        spoken_of = about_reserving and bool(reserved)
        assert act in shown or act in flagged or act in found.later or spoken_of
    cells = [cell for row in found.matrix.cells for cell in row]
    assert len(cells) == len(found.matrix.states) * len(found.matrix.provisions)
    assert sum(found.matrix.count(stands) for stands in Stands) == len(cells)


@settings(max_examples=60)
@given(acts=ACTS, on=AS_OF)
def test_nobody_is_bound_before_the_instrument_is(acts: list[Act], on: dt.date) -> None:
    """And nobody without having consented."""
    found = status(treaty(), acts, on)
    bound = [row for row in found.members if row.is_bound(on)]
    assert all(row.consented is not None for row in bound)
    assert not bound or found.in_force.truth is Truth.TRUE


DELAYS = st.builds(
    Delay, months=st.integers(0, 1_200), days=st.integers(0, 36_500),
    to_first_of_month=st.booleans(),
)  # fmt: skip


@settings(max_examples=100)
@given(delay=DELAYS, one=st.dates(dt.date(1800, 1, 1), dt.date(2200, 12, 31)),
       more=st.integers(0, 400))  # fmt: skip
def test_time_runs_forward(delay: Delay, one: dt.date, more: int) -> None:
    """A later act never has an earlier effect."""
    other = one + dt.timedelta(days=more)
    assert one <= delay.after(one) <= delay.after(other)


WORDS = st.sampled_from(
    ["slug", "title", "basis", "known_to", "entry", "rule", "number", "act", "states", "= []",
     "[[act]]", "[entry]", "[reservations]", "= 3", '= "x"', "= 2026-01-01", "= {}", "\n"]
)  # fmt: skip


@settings(max_examples=60)
@given(words=st.lists(WORDS, max_size=20))
def test_the_reader_of_instruments_raises_nothing_but_ours(words: list[str]) -> None:
    """Whatever somebody typed."""
    with suppress(InvalidDocument):
        instrument_from_toml(" ".join(words))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3), max_leaves=4,
)  # fmt: skip
FIELDS = st.sampled_from(
    ["instrument", "act", "on", "provisions", "text", "state", "towards", "provision", "stands",
     "from", "norm", "pack", "version", "market", "note", "through", "force", "opposes_entry"]
)  # fmt: skip


@settings(max_examples=60)
@given(predicate=st.dictionaries(FIELDS, VALUES))
def test_the_readers_of_statements_raise_nothing_but_ours(predicate: dict[str, object]) -> None:
    """A stranger's statement is read as it comes."""
    for read in (act_from_predicate, difference_from_predicate, adoption_from_predicate):
        with suppress(InvalidDocument):
            read(predicate)  # type: ignore[arg-type] # that is the question
