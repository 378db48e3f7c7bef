# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable

import pytest

from comity.errors import Fault
from comity.law.block import Document
from comity.law.conduct import Division
from comity.law.fact import Kind
from comity.law.pack import Library
from comity.law.read import read_leniently

Faults = Callable[[str], tuple[Fault, ...]]


def _faults(text: str) -> tuple[Fault, ...]:
    document = Document(name="vocabulary/x.md", text=f"```comity\n{text}\n```")
    return read_leniently([document]).faults


FACT = '\n  label "L"\n  question "Q"\n  means "M"'
CONDUCT = '\n  label "L"\n  means "M"'


def test_a_number_carries_unit_and_step(library: Library) -> None:
    """The words "more than" has an exact meaning only with a step."""
    fact = library.vocabulary.facts["training_compute"]
    assert (fact.kind, fact.unit, fact.step) == (Kind.NUMBER, "FLOP", 1)


def test_values_keep_the_order_of_the_vocabulary(library: Library) -> None:
    """Forms show them in that order; codes in bulk runs follow it."""
    assert library.vocabulary.facts["sector"].values == ("health", "finance", "other")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("fact x", "expected bool, enum, set, number or date"),
        ("fact x boolean", "is no type"),
        ("fact X bool", "is not a name"),
        ("fact x.y bool", "is not a name"),
        ("fact from bool", "is a word of the language"),
        ("fact x enum", "expected a value"),
        ("fact x enum [a, b, a]", "stands twice"),
        ("fact x number FLOP steps 1", "one word too many"),
        ("fact x bool y", "one word too many"),
    ],
)
def test_a_type_of_another_shape_is_refused(head: str, message: str) -> None:
    """The type decides what every condition may ask."""
    faults = _faults(head + FACT)
    assert [message in fault.message for fault in faults] == [True]


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ("markd", "no conduct variable is named"),
        ("marked is visible", "one word too many"),
        ("method has visible", "expected one of is, one of, within, is not, not one of"),
        ("method is invisible", "is not a value of 'method'"),
        ("log_retention 180 day", "expected one of at least, at most"),
        ("log_retention at least 180", "the unit is missing"),
        ("log_retention at least 6 month", "does not convert exactly to day"),
        ("place is EU", "expected one of has, all of, any of, none of, within"),
    ],
)
def test_a_demand_of_another_shape_is_refused(
    faults_of: Faults, pack_with: Callable[[str], str], constraint: str, message: str
) -> None:
    """A duty asks for what the conduct vocabulary can say."""
    entry = f'norm eu.x.1\n  title "X"\n  who provider\n  must {constraint}\n  cite "A"'
    faults = faults_of(pack_with(entry + '\n  basis text\n  source "S"'))
    assert [message in fault.message for fault in faults] == [True]


@pytest.mark.parametrize(
    ("constraint", "relation", "values"),
    [
        ("method is visible", "is one of", ["visible"]),
        ("method is not visible", "has none of", ["visible"]),
        ("place has EU", "has all of", ["EU"]),
        ("place has any of [EU, CHN]", "has any of", ["CHN", "EU"]),
        ("place within [EU, CHN]", "within", ["CHN", "EU"]),
    ],
)
def test_each_relation_has_its_words(constraint: str, relation: str, values: list[str]) -> None:
    """The solver sees relations, the author words."""
    text = (
        "conduct method enum [visible, hidden]" + CONDUCT
        + "\nconduct place set [EU, CHN]" + CONDUCT
        + f"\nconduct x bool{CONDUCT}\n  entails {constraint}"
    )  # fmt: skip
    document = Document(name="v.md", text=f"```comity\n{text}\n```")
    reading = read_leniently([document])
    assert reading.faults == ()
    (entailed,) = reading.library.vocabulary.conducts["x"].entails
    assert (entailed.relation.value, list(entailed.values)) == (relation, values)


def test_conduct_is_no_date() -> None:
    """What is done has no day of its own; norms have."""
    text = f"conduct x date{CONDUCT}\nconduct z bool{CONDUCT}\n  entails x"
    assert any("is a date" in fault.message for fault in _faults(text))


def test_an_axiom_may_stand_before_its_facts() -> None:
    """Order in the files is free."""
    assert (
        _faults(f"axiom a\n  when x\n  implies z\nfact x bool{FACT}\nfact z bool{FACT}") == ()
    )


def test_a_guard_may_name_a_fact_that_comes_later() -> None:
    """Order in the files is free."""
    assert _faults(f"fact x bool{FACT}\n  guard z\nfact z bool{FACT}") == ()


TWO = (
    "conduct kept bool\n  divisible [place, design]" + CONDUCT + "\nconduct gone bool" + CONDUCT
)


def test_an_exclusion_says_what_cannot_be_done_together() -> None:
    """Two different conducts collide for no other reason than this."""
    said = f'{TWO}\nexclusion e\n  together kept\n  together gone\n  because "Gone is gone."'
    document = Document(name="vocabulary/x.md", text=f"```comity\n{said}\n```")
    reading = read_leniently([document])
    (found,) = reading.library.vocabulary.exclusions
    assert reading.faults == ()
    assert [one.conduct for one in found.together] == ["kept", "gone"]
    assert found.because.in_language("en") == "Gone is gone."


@pytest.mark.parametrize(
    ("clauses", "message"),
    [
        ('together kept\n  because "B"', "two lines or more"),
        ('together kept\n  together lost\n  because "B"', "no conduct variable is named"),
        ("together kept\n  together gone", "needs a `because` clause"),
        ('when x\n  together kept\n  together gone\n  because "B"', "no fact or definition"),
    ],
)
def test_an_exclusion_of_another_shape_is_refused(clauses: str, message: str) -> None:
    """It needs two conducts that are known, and a reason."""
    faults = _faults(f"{TWO}\nexclusion e\n  {clauses}")
    assert [message in fault.message for fault in faults] == [True]


def test_conduct_says_along_what_it_can_be_divided() -> None:
    """Whether a conflict can be avoided is computed from this."""
    document = Document(name="vocabulary/x.md", text=f"```comity\n{TWO}\n```")
    conducts = read_leniently([document]).library.vocabulary.conducts
    assert conducts["kept"].divisible == (Division.DESIGN, Division.PLACE)
    assert conducts["gone"].divisible == ()


def test_conduct_is_divided_along_nothing_else() -> None:
    """A third word would have no meaning to the prover."""
    faults = _faults("conduct kept bool\n  divisible [plaice]" + CONDUCT)
    assert [(fault.message, fault.near) for fault in faults] == [
        ("'plaice' is neither place nor design", "place")
    ]
