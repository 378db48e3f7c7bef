# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable

import pytest

from comity.errors import Fault
from comity.law.block import Document
from comity.law.norm import Role
from comity.law.pack import PackStatus
from comity.law.read import read_leniently

Faults = Callable[[str], tuple[Fault, ...]]
WithHead = Callable[[str], str]

NORM = """norm eu.x.1
  title "X"
  who {who}
  must marked
  from {start}
  until {end}
  cite "A"
  basis {basis}
  source "S"
  exceptions {exceptions}
"""


def _norm(**change: str) -> str:
    sound = {
        "who": "provider",
        "start": "2026-01-01",
        "end": "2027-01-01",
        "basis": "text",
        "exceptions": "researched",
    }
    return NORM.format(**{**sound, **change})


def test_a_sound_norm_has_no_fault(faults_of: Faults, pack_with: WithHead) -> None:
    """The cases below change one word of it."""
    assert faults_of(pack_with(_norm())) == ()


@pytest.mark.parametrize(
    ("change", "message", "near"),
    [
        ({"who": "[provider, deployr]"}, "is no role", "deployer"),
        ({"basis": "txt"}, "is none of text, secondary, memory, weak", "text"),
        ({"exceptions": "yes"}, "neither researched nor unresearched", None),
        ({"end": "2025-01-01"}, "before it begins", None),
        ({"end": "2026-01-01"}, "before it begins", None),
    ],
)
def test_a_slip_in_a_norm_is_named(
    faults_of: Faults,
    pack_with: WithHead,
    change: dict[str, str],
    message: str,
    near: str | None,
) -> None:
    """Every clause has its own words."""
    (fault,) = faults_of(pack_with(_norm(**change)))
    assert message in fault.message
    assert fault.near == near


def test_a_norm_without_a_demand_asks_nothing(faults_of: Faults, pack_with: WithHead) -> None:
    """It would bind nobody to anything."""
    faults = faults_of(pack_with(_norm().replace("  must marked\n", "")))
    assert any("must, must not, may, should" in fault.message for fault in faults)


@pytest.mark.parametrize(
    ("clause", "message"),
    [
        ("market   XX", "is no market"),
        ("status   bindng", "is none of binding, soft, bill, draft"),
        ("version  2026-02-30", "no calendar has the day"),
    ],
)
def test_a_slip_in_the_head_of_a_pack_is_named(
    faults_of: Faults, clause: str, message: str
) -> None:
    """A pack of the wrong market or force would mislead every answer."""
    lines = ['title "X"', "market EU", "status binding", "version 2026-11-21"]
    word = clause.split(maxsplit=1)[0]
    kept = [line for line in lines if not line.startswith(word)]
    text = "```comity\npack eu.x\n" + "".join(f"  {line}\n" for line in [*kept, clause]) + "```"
    assert [message in fault.message for fault in faults_of(text)] == [True]


def test_a_pack_and_a_norm_are_read_as_written(pack_with: WithHead) -> None:
    """Nothing of an entry is lost on the way."""
    text = pack_with('gap eu.x.g\n  about eu.x.d\n  says "S"\n\ndefine eu.x.d\n  when eu.x.e\n'
                     "\ndefine eu.x.e\n  when eu.x.d or eu.x.d")  # fmt: skip
    text = text.replace("when eu.x.d or eu.x.d", "when not eu.x.f")
    text = text.replace("```\n", '\ndefine eu.x.f "F" zh "己"\n  when (eu.x.f2)\n```\n')
    reading = read_leniently([Document(name="x.md", text=text)])
    assert [fault.message for fault in reading.faults] == [
        "no fact or definition is named 'eu.x.f2'"
    ]
    (pack,) = reading.library.packs
    assert (pack.name, pack.market, pack.status) == ("eu.x", "EU", PackStatus.BINDING)
    assert pack.gaps[0].about == ("eu.x.d",)


def test_roles_stand_once_in_the_order_of_the_text(pack_with: WithHead) -> None:
    """One row a role."""
    text = pack_with(_norm(who="[deployer, provider, deployer]").replace("must", "may"))
    text = text.replace("```\n", '\n```\n```comity\nconduct marked bool\n  label "L"\n'
                        '  means "M"\n```\n')  # fmt: skip
    (pack,) = read_leniently([Document(name="x.md", text=text)]).library.packs
    assert pack.norms[0].who == (Role.DEPLOYER, Role.PROVIDER)
