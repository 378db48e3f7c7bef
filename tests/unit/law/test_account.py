# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The account of the collected provisions."""

from fractions import Fraction

import pytest

from comity.law.account import (
    Account,
    Outcome,
    account_faults,
    coverage,
    entries_by_provision,
)
from comity.law.block import Document
from comity.law.pack import Library
from comity.law.read import read_library

PACK = """
```comity
pack ata.ice
  title   "Ice"
  market  ATA
  status  binding
  version 2026-11-22

fact cold bool
  label    "Cold"
  question "Is it cold?"
  means    "Below freezing."
fact wet bool
  label    "Wet"
  question "Is it wet?"
  means    "Not dry."
conduct warning bool
  label    "Warn"
  means    "People are warned."

define ata.ice.slippery "Slippery"
  when     cold and wet
  rows     A.1

norm ata.ice.warn
  title    "Warn"
  who      provider
  must     warning
  when     ata.ice.slippery
  cite     "Art. 1"
  basis    text
  source   "S"
  rows     A.1 A.2

norm ata.ice.warn_again
  title    "Warn again"
  who      provider
  must     warning
  when     wet
  cite     "Art. 2"
  basis    text
  source   "S"
  rows     A.3

gap ata.ice.g.snow
  about    ata.ice.warn
  says     "Snow."
  rows     A.4
```
"""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return a pack of four provisions, one of them a gap."""
    return read_library([Document(name="ice.md", text=PACK)])


def _said(outcome: Outcome, provision: str, *names: str, line: int = 2) -> Account:
    return Account(provision=provision, outcome=outcome, names=names, reason="", line=line)


TRUE_ACCOUNT = (
    _said(Outcome.NORM, "A.1", "ata.ice.slippery", "ata.ice.warn", line=2),
    _said(Outcome.NORM, "A.2", "ata.ice.warn", line=3),
    _said(Outcome.NORM, "A.3", "ata.ice.warn_again", line=4),
    _said(Outcome.GAP, "A.4", "ata.ice.g.snow", line=5),
    Account(provision="A.5", outcome=Outcome.NONE, names=(), reason="A date.", line=6),
)


def test_a_provision_counts_as_the_strongest_entry_that_rests_on_it(library: Library) -> None:
    """A row of a norm and of a definition is encoded as a norm."""
    held = entries_by_provision(library)
    assert held["A.1"] == (Outcome.NORM, ("ata.ice.slippery", "ata.ice.warn"))
    assert held["A.4"] == (Outcome.GAP, ("ata.ice.g.snow",))


def test_a_true_account_has_no_faults(library: Library) -> None:
    """Every provision once, as the packs say."""
    assert list(account_faults(TRUE_ACCOUNT, library)) == []


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (_said(Outcome.GAP, "A.2", "ata.ice.warn"), "A.2 is 'norm' by the packs, not 'gap'"),
        (_said(Outcome.NORM, "A.2", "ata.ice.gone"), "by the packs ata.ice.warn rest on it"),
        (_said(Outcome.NONE, "A.9"), "A.9 is not a norm, and no reason says why"),
    ],
)
def test_an_account_that_the_packs_deny_is_a_fault(
    library: Library, account: Account, said: str
) -> None:
    """The account cannot claim what the packs do not hold."""
    others = [each for each in TRUE_ACCOUNT if each.provision != account.provision]
    faults = list(account_faults([account, *others], library))
    assert [fault.line for fault in faults if said in fault.message] == [2]


def test_an_id_that_is_no_provision_is_a_fault(library: Library) -> None:
    """An entry cannot rest on a row that does not exist."""
    accounts = [each for each in TRUE_ACCOUNT if each.provision != "A.4"]
    (fault,) = account_faults(accounts, library)
    assert "ata.ice.g.snow: rests on A.4, which no provision" in fault.message


def test_a_provision_accounted_for_twice_is_a_fault(library: Library) -> None:
    """The second line is named, and where the first stands."""
    again = _said(Outcome.NORM, "A.2", "ata.ice.warn", line=9)
    (fault,) = account_faults([*TRUE_ACCOUNT, again], library)
    assert (fault.line, "on line 3 already" in fault.message) == (9, True)


def test_coverage_counts_gaps_and_norms_on_facts_used_once(library: Library) -> None:
    """Only one norm asks whether it is cold; both ask whether it is wet."""
    (found,) = coverage(library).values()
    assert (found.rows, found.gap_rows, found.lonely) == (4, 1, 1)
    assert found.gap_share == Fraction(1, 4)
