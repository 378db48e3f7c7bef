# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable

from comity.errors import Fault
from comity.law.check import in_order
from comity.law.condition import ALWAYS, Is, Not, Ref, conjunction

Faults = Callable[[str], tuple[Fault, ...]]
WithHead = Callable[[str], str]


def test_a_definition_in_a_circle_is_a_fault(faults_of: Faults, pack_with: WithHead) -> None:
    """It would have no truth, or any."""
    entries = (
        "define eu.x.a\n  when eu.x.b\n"
        "define eu.x.b\n  when not eu.x.c\n"
        "define eu.x.c\n  when biometric and eu.x.a"
    )
    faults = faults_of(pack_with(entries))
    assert [fault.message for fault in faults] == [
        "the definition rests on itself: eu.x.a → eu.x.b → eu.x.c → eu.x.a",
        "the definition rests on itself: eu.x.b → eu.x.c → eu.x.a → eu.x.b",
        "the definition rests on itself: eu.x.c → eu.x.a → eu.x.b → eu.x.c",
    ]


def test_a_name_that_stands_twice_is_a_fault(faults_of: Faults, pack_with: WithHead) -> None:
    """The second would silently win."""
    entries = "define eu.x.a\n  when biometric\ndefine eu.x.a\n  when watermarks"
    (fault,) = faults_of(pack_with(entries))
    assert (fault.line, fault.column) == (10, 8)
    assert "taken by line 8 of x.md" in fault.message


def test_a_definition_may_not_take_the_name_of_a_fact(
    faults_of: Faults, pack_with: WithHead
) -> None:
    """A condition could mean either."""
    (fault,) = faults_of(pack_with("define biometric\n  when watermarks"))
    assert "taken by" in fault.message


def test_a_gap_about_nothing_known_is_a_fault(faults_of: Faults, pack_with: WithHead) -> None:
    """An answer would not say that it leans on it."""
    entries = (
        'define eu.x.a\n  when biometric\ngap eu.x.g\n  about [eu.x.a, eu.x.b]\n  says "S"'
    )
    (fault,) = faults_of(pack_with(entries))
    assert "no norm or definition is named 'eu.x.b'" in fault.message
    assert fault.near == "eu.x.a"


def test_definitions_come_after_those_they_name() -> None:
    """The generated engine computes each once, in this order."""
    meanings = {
        "a": conjunction((Ref("b"), Ref("c"))),
        "b": Not(Ref("c")),
        "c": Is("x"),
        "d": Ref("d"),
        "e": Ref("nowhere"),
        "f": ALWAYS,
    }
    order = in_order(meanings)
    assert set(order) == {"a", "b", "c", "f"}
    assert order.index("c") < order.index("b") < order.index("a")


def test_a_tower_of_definitions_is_a_fault(faults_of: Faults, pack_with: WithHead) -> None:
    """A foreign pack must not exhaust whoever reads it."""
    tower = "define eu.x.d0\n  when biometric\n" + "".join(
        f"define eu.x.d{i}\n  when not eu.x.d{i - 1} or watermarks\n" for i in range(1, 3000)
    )
    faults = faults_of(pack_with(tower))
    assert faults
    assert all("levels deep" in fault.message for fault in faults)
    assert faults[0].line == 8 + 2 * 16
