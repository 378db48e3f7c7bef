# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An opened item is spent: it is counted, never asked again, and seen when it is."""

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.fakes.federation import (
    ASK,
    CATEGORIES,
    PER_CATEGORY,
    Federation,
    Stages,
    items,
    perfect,
    prospectus,
)

from comity.desk.assessment.keeping import commit_bank, held_bank
from comity.desk.assessment.opening import log_opening, open_items
from comity.desk.assessment.planning import draft_plan
from comity.desk.assessment.retiring import opened_positions, transcripts
from comity.desk.assessment.seed import drawn_seed
from comity.desk.assessment.testing import apply_for_test, run_test
from comity.desk.assessment.wear import Wanted, alarms, last_wanted, life_of_bank
from comity.desk.log.record import record
from comity.desk.log.shelf import Said, ViewShelf, get
from comity.errors import NotFound, NotPermitted
from comity.evidence.draw import draws
from comity.evidence.leak import Sign
from comity.evidence.life import Advice
from comity.evidence.opening import decode_openings, verify_openings
from comity.evidence.plan import Plan, plan_from_predicate
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.reference import Reference
from comity.node.node import Node

WANTED = Wanted(
    threshold=ASK.threshold, goal=ASK.goal, risk=Fraction(1, 40), power=Fraction(9, 10)
)


def bank_of(federation: Federation, node: Node) -> Said:
    """Return the bank's statement as one member sees it."""
    return get(ViewShelf(node.view()), federation.bank, "bank")


def planned_of(federation: Federation, reference: Reference) -> Plan:
    """Return a plan as it was logged."""
    said = get(ViewShelf(federation.kh.view()), reference, "plan")
    return plan_from_predicate(said.statement.predicate)


def asked_in(federation: Federation, finding: Reference) -> set[int]:
    """Return the positions a finding's evidence opens."""
    records = federation.gathered(federation.kh, finding).case.bundle.records
    return {record.opening.item.position for record in records}


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return the finding on the first draw."""
    found = stages.tested.finding
    assert found is not None
    return found


def test_what_was_asked_is_opened_for_everyone_with_the_evidence(
    tested: Federation, finding: Reference
) -> None:
    """Keeper and strangers count the same items, for they stand in the transcript."""
    root = bank_of(tested, tested.kh).subject
    asked = asked_in(tested, finding)

    assert opened_positions(tested.kh, root) == asked
    assert opened_positions(tested.sg, root) == asked
    assert opened_positions(tested.kh, Digest(bytes(32))) == frozenset()


def test_a_run_that_was_never_reported_opens_items_too(
    revealed: Federation, stages: Stages
) -> None:
    """The system saw them, whatever its tester says later."""
    root = bank_of(revealed, revealed.kh).subject
    result = run_test(revealed.kh, stages.revealed.plan, perfect())

    (transcript,) = transcripts(revealed.kh, root)

    assert transcript.finding is None
    assert transcript.records == result.records
    assert opened_positions(revealed.kh, root)
    assert opened_positions(revealed.sg, root) == frozenset()


def test_what_was_on_its_way_when_a_run_broke_off_is_opened_too(
    revealed: Federation, stages: Stages
) -> None:
    """The system has seen it, though nobody has its answer."""
    plan = stages.revealed.plan
    root = bank_of(revealed, revealed.kh).subject
    said = get(ViewShelf(revealed.kh.view()), plan, "plan")
    seed = drawn_seed(ViewShelf(revealed.kh.view()), said, planned_of(revealed, plan))
    due = draws(seed, held_bank(revealed.kh, root).commitment)["rescue"]
    work = revealed.kh.folder / "work"
    work.mkdir(exist_ok=True)
    (work / f"{plan.sha256.hex()}.sent").write_text(
        f"comity/sent/v1 {plan.sha256.hex()}\nrescue 1\nrescue 3 timeout\nrescue 9999\nresc",
        "utf-8",
    )

    assert opened_positions(revealed.kh, root) == {due[0], due[2]}


def test_a_later_plan_never_asks_an_opened_item(tested: Federation, finding: Reference) -> None:
    """It could have been learnt from the evidence of the first test."""
    asked = asked_in(tested, finding)
    plan = tested.plan(tested.apply(tested.bank))
    read = planned_of(tested, plan)
    tested.reveal(plan)
    second = tested.test(plan)

    assert set(read.retired) == asked
    for name in CATEGORIES:
        start = CATEGORIES.index(name) * PER_CATEGORY
        gone = sum(start <= at < start + PER_CATEGORY for at in asked)
        assert read.design_of(name).size == PER_CATEGORY - gone
    assert not asked & asked_in(tested, second)


def test_a_category_whose_items_are_all_opened_is_not_planned(planned: Federation) -> None:
    """The remedy is a new edition of the bank."""
    bank = bank_of(planned, planned.kh)
    found = open_items(planned.kh, bank, f"0-{PER_CATEGORY - 1}")
    log_opening(planned.kh, found, to="Appeals Board", reason="", now=planned.now())

    with pytest.raises(NotPermitted, match="every item has been opened of medical") as refused:
        draft_plan(planned.kh, planned.apply(planned.bank), ASK, now=planned.now())

    assert "--replaces" in refused.value.hint


def test_items_opened_to_somebody_check_without_the_key_and_are_spent(
    planned: Federation,
) -> None:
    """Only the keeper can open them; only the digest of the file is published."""
    bank = bank_of(planned, planned.kh)
    found = open_items(planned.kh, bank, "3,9-11")
    reference = log_opening(
        planned.kh, found, to="Appeals Board", reason="appeal 12", now=planned.now()
    )
    planned.publish(planned.kh)

    openings = decode_openings(found.encoded)
    verify_openings(openings, bank.subject)
    said = get(ViewShelf(planned.sg.view()), reference, "opening").statement.predicate

    assert openings.positions == (3, 9, 10, 11)
    assert (said["to"], said["count"], said["reason"]) == ("Appeals Board", 4, "appeal 12")
    assert opened_positions(planned.kh, bank.subject) == {3, 9, 10, 11}
    with pytest.raises(NotFound):
        open_items(planned.sg, bank, "3")


def test_the_life_of_a_bank_falls_with_each_test(
    tested: Federation, finding: Reference
) -> None:
    """What is left is what nobody has seen."""
    before = PER_CATEGORY
    life = life_of_bank(tested.kh, bank_of(tested, tested.kh), WANTED)

    left = {one.name: one.unopened for one in life.categories}
    assert sum(left.values()) == before * len(CATEGORIES) - len(asked_in(tested, finding))
    assert life.perfect >= life.goal >= life.worst >= 1
    assert last_wanted(tested.kh, bank_of(tested, tested.kh).subject) == WANTED
    assert last_wanted(tested.kh, Digest(bytes(32))) is None


def test_a_test_that_needs_the_whole_category_is_the_last(tested: Federation) -> None:
    """To tell 99 % from 99.5 % all of sixty items are asked."""
    strict = replace(WANTED, threshold=Fraction(99, 100), goal=Fraction(995, 1000))

    life = life_of_bank(tested.kh, bank_of(tested, tested.kh), strict)

    assert life.worst == life.perfect == 1
    assert life.advice is Advice.PREPARE


def test_an_item_asked_in_two_tests_raises_an_alarm_and_no_verdict(
    tested: Federation, finding: Reference
) -> None:
    """A tester that leaves the opened items in is seen by whoever holds both transcripts."""
    first, second = tested.gathered(tested.kh, finding), tested.plan(tested.apply(tested.bank))
    said = get(ViewShelf(tested.kh.view()), second, "plan")
    about = get(ViewShelf(tested.kh.view()), finding, "finding")
    predicate: dict[str, Json] = {
        **about.statement.predicate,
        "plan": {"log": second.log, "index": second.index, "sha256": second.sha256.hex()},
    }
    record(tested.kh, "finding", predicate, subject=said.subject, now=tested.now())

    noticed = list(alarms(tested.kh, first.case.plan.bank_root))

    assert noticed[0].alarms == ()
    assert {one.sign for one in noticed[1].alarms} == {Sign.SEEN_BEFORE}
    assert len(noticed[1].alarms) == len(first.case.bundle.records)
    assert noticed[1].left_out == ()


def test_items_left_out_though_nobody_opened_them_raise_an_alarm(
    tested: Federation, finding: Reference
) -> None:
    """Leaving out the hard ones would be choosing the questions."""
    kh, first = tested.kh, tested.gathered(tested.kh, finding)
    spared = next(at for at in range(PER_CATEGORY) if at not in asked_in(tested, finding))
    retired = tuple(sorted({spared, *asked_in(tested, finding)}))
    said = get(ViewShelf(kh.view()), first.plan.reference, "plan")
    read = replace(first.case.plan, retired=retired, issued=tested.now())
    lying = record(kh, "plan", read.to_predicate(), subject=said.subject, now=tested.now())
    about = replace(first.case.finding, plan=lying)
    record(kh, "finding", about.to_predicate(), subject=said.subject, now=tested.now())
    tested.publish(kh)

    noticed = list(alarms(kh, first.case.plan.bank_root))

    assert [one.left_out for one in noticed] == [(), (spared,)]


def test_an_edition_replaces_one_of_its_own_claim_only(planned: Federation) -> None:
    """Attempts are counted by the claim, so a claim is not changed on the way."""
    kh, root = planned.kh, bank_of(planned, planned.kh).subject
    changed = [replace(item, reference=f"{item.reference}!") for item in items()]

    def commit(name: str, replaces: Digest) -> Reference:
        about = replace(prospectus(name), replaces=replaces)
        return commit_bank(kh, changed, about, now=planned.now(), entropy=planned.entropy)

    edition = commit("flood", root)
    planned.publish(kh)
    said = get(ViewShelf(kh.view()), edition, "bank")
    assert said.statement.predicate["replaces"] == root.hex()
    with pytest.raises(NotPermitted, match="has another name"):
        commit("heat", root)
    with pytest.raises(NotFound):
        commit("flood", Digest(bytes(32)))


def test_a_bank_for_practice_is_neither_applied_for_nor_planned_on(
    planned: Federation,
) -> None:
    """Everyone may have learnt it by heart."""
    about = replace(prospectus("drill"), practice=True)
    bank = commit_bank(
        planned.kh, list(items()), about, now=planned.now(), entropy=planned.entropy
    )
    planned.publish(planned.kh)
    said = get(ViewShelf(planned.maker.view()), bank, "bank")

    with pytest.raises(NotPermitted, match="for practice") as refused:
        apply_for_test(
            planned.maker,
            said,
            planned.register(),
            now=planned.now(),
            entropy=planned.entropy,
        )

    assert refused.value.code == "desk.practice"
