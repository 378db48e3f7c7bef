# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Other questions than the committed ones: items put in, banks changed, answers learnt.

Each lie about a dossier by itself is in tests/unit/desk/finding/test_tampering.py; here stands
what it is worth, beside a twin that believes it.
"""

from fractions import Fraction
from math import comb
from typing import Any

import pytest
from tests.fakes.forgery import Lie, forge
from tests.fakes.lottery import (
    DESIGN,
    NULL,
    RISK,
    SIZE,
    THRESHOLD,
    bank_failing,
    design_at,
    dice_of,
    exact_rate,
    most_wrong,
    nonce_of,
    verdict_along,
)

from comity.desk.finding.verification import verify_dossier
from comity.errors import VerificationFailed
from comity.evidence.bundle import decode_bundle
from comity.evidence.draw import Nonces, draws, order, seed_of
from comity.evidence.finding import Finding, finding_from_predicate
from comity.evidence.statistics.design import Design, Verdict
from comity.evidence.statistics.eprocess import null_failures
from comity.files.dossier import Dossier, from_bytes
from comity.kernel.digest import sha256
from comity.ledger.envelope import from_bytes as envelope_from_bytes
from comity.ledger.statement import from_payload

Record = dict[str, Any]
RUNS = 80


def easy(record: Record) -> Record:
    """Put an item that anybody answers in the place of the one that was due."""
    item = {**record["item"], "prompt": "Say 2.", "reference": "2"}
    return {**record, "item": item, "answer": "2", "passed": True}


def hopeless(record: Record) -> Record:
    """Let the system fail."""
    return {**record, "answer": "wrong", "passed": False}


def finding_of(dossier: Dossier) -> Finding:
    """Return what the file's finding says."""
    sheet = next(one for one in dossier.sheets if one.reference == dossier.finding)
    payload = envelope_from_bytes(sheet.entry).payload
    return finding_from_predicate(from_payload(payload).predicate)


def believed(encoded: bytes) -> set[Verdict]:
    """Verify chain and verdicts, and open no item: the undefended twin of the audit."""
    dossier = from_bytes(encoded)
    finding, bundle = finding_of(dossier), decode_bundle(dossier.bundles[0])
    assert bundle.head == finding.transcript
    return {result.verdict for result in finding.results}


def test_a_system_that_answers_nothing_passes_no_easier_questions() -> None:
    """The questions are those under the committed root, or the finding is refuted."""
    swapped = forge(Lie(records=lambda rows: [easy(row) for row in rows]))

    with pytest.raises(VerificationFailed) as refused:
        verify_dossier(from_bytes(swapped))

    assert refused.value.code == "evidence.opening"


def test_the_twin_that_opens_no_item_believes_it() -> None:
    """Signatures, chain and arithmetic hold: the questions are what was swapped."""
    swapped = forge(Lie(records=lambda rows: [easy(row) for row in rows]))
    told = forge(Lie(records=lambda rows: [hopeless(row) for row in rows]))

    assert believed(swapped) == {Verdict.SHOWN}
    assert believed(told) == {Verdict.NOT_SHOWN}


def rearranged(due: tuple[int, ...], *, aside: int = NULL) -> frozenset[int]:
    """Return which positions fail once a draw is known and failures are moved to its end."""
    return frozenset(due[-aside:])


def test_a_bank_made_to_suit_a_draw_is_drawn_anew() -> None:
    """The root stands in the seed: another bank has other questions due."""
    shown = 0
    for run in range(RUNS):
        nonces = Nonces(provider=nonce_of("p", run), tester=nonce_of("t", run))
        plan = sha256(b"plan", run.to_bytes(4, "big"))
        first = bank_failing(dice_of(run).sample(range(SIZE), NULL)).commitment
        failing = rearranged(draws(seed_of(first.root, plan, nonces), first)["road"])
        other = bank_failing(failing).commitment
        due = draws(seed_of(other.root, plan, nonces), other)["road"]
        shown += verdict_along(due, failing) is Verdict.SHOWN

    assert shown <= most_wrong(RUNS)


def test_the_twin_whose_draw_does_not_bind_the_bank_shows_anything() -> None:
    """Who may fill the bank after the draw puts what fails where nobody asks."""
    for run in range(RUNS):
        due = order(sha256(nonce_of("p", run), nonce_of("t", run)), range(SIZE))
        assert verdict_along(due, rearranged(due)) is Verdict.SHOWN
    hopeless_of_the_rest = SIZE - DESIGN.cap
    assert verdict_along(due, rearranged(due, aside=hopeless_of_the_rest)) is Verdict.SHOWN


def wrong_after_learning(again: Design, *, forgets: bool) -> Fraction:
    """Return the exact chance that a second test shows what is false of the items not opened.

    A first test asked up to its cap, and the provider learnt every answer it opened.

    Args:
        forgets: The second test asks the whole bank again, as if nothing had been opened.
    """
    asked, rest = DESIGN.cap, SIZE - DESIGN.cap
    total = Fraction(0)
    for failed in range(NULL - null_failures(rest, THRESHOLD) + 1):
        ways = comb(NULL, failed) * comb(SIZE - NULL, asked - failed)
        shown = exact_rate(again, NULL - failed, stubborn=True)
        total += Fraction(ways, comb(SIZE, asked)) * shown
    assert again.size == (SIZE if forgets else rest)
    return total


def test_who_learnt_every_opened_answer_gains_nothing_on_the_rest() -> None:
    """Opened items are retired, and the claim and its design are of what is left."""
    again = design_at(size=SIZE - DESIGN.cap)

    assert wrong_after_learning(again, forgets=False) <= RISK


def test_the_twin_that_asks_opened_items_again_tests_a_memory() -> None:
    """Wrong in 13 of 100 tests, where with retired items it is 1."""
    assert wrong_after_learning(DESIGN, forgets=True) > Fraction(5, 2) * RISK
