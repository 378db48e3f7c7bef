# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is said once a finding stands, and what falls with what is withdrawn."""

from fractions import Fraction
from typing import Any

import pytest
from tests.fakes.federation import ASK, Federation, Stages

from comity.desk.assessment.planning import draft_plan
from comity.desk.case.afterwards import (
    accredit,
    appeal,
    changes,
    countersign,
    lapsed,
    recognitions_of,
    reply,
    voices,
    withdraw,
)
from comity.desk.case.bundles import bundles_of
from comity.desk.finding.relying import (
    decide,
    log_policy,
    log_recognition,
    own_continuation,
    policy_for,
)
from comity.desk.log.shelf import MemoryShelf, ViewShelf, get
from comity.errors import Conflict, InvalidDocument, NotFound, NotPermitted
from comity.evidence.afterwards import (
    Accreditation,
    Outcome,
    accreditation_from_predicate,
    appeal_from_predicate,
    countersignature_from_predicate,
    reply_from_predicate,
    withdrawal_from_predicate,
)
from comity.evidence.recognition import (
    Decision,
    Policy,
    Recognition,
    Route,
    policy_from_predicate,
)
from comity.kernel.canonical import Json
from comity.kernel.instant import from_posix
from comity.kernel.reference import Reference
from comity.node.node import Node


def rely(federation: Federation, node: Node, finding: Reference, **asked: Any) -> Recognition:
    """Log a policy of a node's and decide by it."""
    plain: dict[str, Any] = {
        "issued": federation.now(), "bank": "flood", "trusts": (federation.kh.member,),
        "route": Route.PLAN, "risk": Fraction(1, 20), "requires": (), "note": "",
    }  # fmt: skip
    log_policy(node, Policy(**plain | asked), now=federation.now())
    return again(federation, node, finding)


def again(federation: Federation, node: Node, finding: Reference) -> Recognition:
    """Decide by the policy logged last."""
    return decide(
        ViewShelf(node.view()), policy_for(node, "flood"),
        federation.gathered(node, finding),
        own_continuation(node, finding, bundles_of(node)), now=federation.now(),
    )  # fmt: skip


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return a finding that shows two categories."""
    assert stages.tested.finding is not None
    return stages.tested.finding


def test_a_withdrawn_finding_is_recognised_no_more_and_takes_recognitions_with_it(
    tested: Federation, finding: Reference
) -> None:
    """At every member that follows the log; the entries stay."""
    first = rely(tested, tested.sg, finding)
    test = tested.gathered(tested.sg, finding)
    logged = log_recognition(tested.sg, first, test, now=tested.now())
    shelf = ViewShelf(tested.sg.view())
    assert [why for _, why in recognitions_of(shelf, tested.sg.member)] == [[]]

    withdraw(tested.kh, finding, "The scorer was wrong.", now=tested.now())
    tested.publish(tested.kh)

    shelf = ViewShelf(tested.sg.view())
    (fallen,) = lapsed(shelf, get(shelf, logged, "recognition"))
    assert "The scorer was wrong." in fallen
    second = again(tested, tested.sg, finding)
    assert second.decision is Decision.DECLINED
    assert any("was withdrawn" in reason for reason in second.reasons)
    changed = changes(shelf, tested.sg.member, second)
    assert "the whole: recognised before, declined now" in changed


def test_no_test_is_planned_on_a_withdrawn_bank(tested: Federation) -> None:
    """Its keeper said that it is no longer good for one."""
    application = tested.apply(tested.bank)
    assert draft_plan(tested.kh, application, ASK, now=tested.now()).designs
    withdraw(tested.kh, tested.bank, "It leaked.", now=tested.now())
    with pytest.raises(NotPermitted, match="It leaked"):
        draft_plan(tested.kh, application, ASK, now=tested.now())


def test_only_who_said_it_withdraws_it_and_once(tested: Federation, finding: Reference) -> None:
    """Another member's withdrawal says nothing, even if somebody logs one by hand."""
    with pytest.raises(NotPermitted, match="only who said it"):
        withdraw(tested.sg, finding, "I do not like it.", now=tested.now())
    withdraw(tested.kh, finding, "Wrong bank.", now=tested.now())
    with pytest.raises(Conflict, match="withdrawn already"):
        withdraw(tested.kh, finding, "Again.", now=tested.now())


def test_both_shelves_know_what_is_about_a_thing(
    tested: Federation, finding: Reference
) -> None:
    """One asks the node's index and one looks through a file: of several only what is meant."""
    for one in (finding, tested.bank):
        withdraw(tested.kh, one, "Wrong.", now=tested.now())
    shelf = ViewShelf(tested.kh.view())
    every = list(shelf.of_kind("withdrawal"))
    memory = MemoryShelf(every)

    for one in (finding, tested.bank):
        (found,) = shelf.of_kind("withdrawal", about=one.sha256)
        assert withdrawal_from_predicate(found.statement.predicate).of == one
        assert list(memory.of_kind("withdrawal", about=one.sha256)) == [found]
    assert len(every) == 2


def test_a_countersigned_transcript_meets_a_policy_that_asks_for_it(
    tested: Federation, finding: Reference
) -> None:
    """Only the provider's counts, and a disputed record speaks against the finding."""
    asked = rely(tested, tested.sg, finding, countersigned=True)
    assert "it has not" in asked.reasons[0]

    test = tested.gathered(tested.maker, finding)
    with pytest.raises(NotPermitted, match="only the provider"):
        countersign(tested.sg, test, disputed=(), note="", now=tested.now())
    with pytest.raises(InvalidDocument, match="no such records"):
        countersign(tested.maker, test, disputed=(9_999,), note="", now=tested.now())
    countersign(tested.maker, test, disputed=(), note="", now=tested.now())
    tested.publish(tested.maker)
    assert again(tested, tested.sg, finding).decision is Decision.RECOGNISED

    countersign(tested.maker, test, disputed=(2,), note="Not ours.", now=tested.now())
    tested.publish(tested.maker)
    disputed = again(tested, tested.sg, finding)
    assert disputed.decision is Decision.DECLINED
    assert "disputes that records 2" in disputed.reasons[0]


def test_an_appeal_is_heard_by_who_made_the_finding(
    tested: Federation, finding: Reference
) -> None:
    """Others may reply to it; the outcome is the tester's, and all of it is listed."""
    test = tested.gathered(tested.maker, finding)
    made = appeal(
        tested.maker, test, "Record 1 timed out.", records=(1,), asks=("Ask it again.",),
        now=tested.now(),
    )  # fmt: skip
    tested.publish(tested.maker)
    with pytest.raises(NotPermitted, match="who made the finding decides"):
        reply(tested.sg, made, "Upheld!", outcome=Outcome.UPHELD, now=tested.now())
    with pytest.raises(NotPermitted, match="only an appeal"):
        reply(tested.kh, finding, "Upheld!", outcome=Outcome.UPHELD, now=tested.now())
    with pytest.raises(NotFound):
        reply(tested.kh, tested.bank, "What?", outcome=None, now=tested.now())
    answer = reply(tested.kh, made, "It holds.", outcome=Outcome.DISMISSED, now=tested.now())
    reply(tested.kh, answer, "And that was all.", outcome=None, now=tested.now())
    tested.publish(tested.kh)
    withdraw(tested.maker, made, "Settled.", now=tested.now())
    tested.publish(tested.maker)

    found = voices(ViewShelf(tested.sg.view()), finding)

    kinds = [voice.said.statement.kind for voice in found]
    assert kinds == ["appeal", "reply", "reply", "withdrawal"]
    assert [voice.is_withdrawn for voice in found] == [True, False, False, False]


def test_an_accreditation_stands_in_for_trust_as_long_as_it_holds(
    tested: Federation, finding: Reference
) -> None:
    """For its banks, until its day, by those the policy believes, unless it is withdrawn."""
    asked: dict[str, Any] = {"trusts": (), "accreditors": (tested.br.member,)}
    assert "accredits the tester" in rely(tested, tested.sg, finding, **asked).reasons[0]

    def vouch(node: Node, bank: str, seconds: int) -> Reference:
        made = Accreditation(
            issued=tested.now(), member=tested.kh.member, banks=(bank,),
            until=from_posix(tested.seconds + seconds),
        )  # fmt: skip
        reference = accredit(node, made, now=tested.now())
        tested.publish(node)
        return reference

    vouch(tested.maker, "flood", 10**6)
    vouch(tested.br, "another", 10**6)
    vouch(tested.br, "flood", 1)
    assert again(tested, tested.sg, finding).decision is Decision.DECLINED
    good = vouch(tested.br, "flood", 10**6)
    assert again(tested, tested.sg, finding).decision is Decision.RECOGNISED
    withdraw(tested.br, good, "No longer.", now=tested.now())
    tested.publish(tested.br)
    assert again(tested, tested.sg, finding).decision is Decision.DECLINED


def test_a_policy_bounds_age_and_asks_for_several_testers(
    tested: Federation, finding: Reference
) -> None:
    """One laboratory is one laboratory, however long ago it tested."""
    alone = rely(tested, tested.sg, finding, testers=2)
    assert alone.decision is Decision.DECLINED
    assert "shown by 1 of the 2 testers" in alone.categories[0].reason
    tested.seconds += 40 * 86_400
    old = rely(tested, tested.sg, finding, max_age_days=30)
    assert "40 days old; the policy takes 30" in old.reasons[0]
    assert rely(tested, tested.sg, finding, max_age_days=41).decision is Decision.RECOGNISED


def test_a_policy_may_ask_for_a_third_in_the_draw(
    tested: Federation, finding: Reference
) -> None:
    """Two parties that agree steer a draw of theirs alone."""
    alone = rely(tested, tested.sg, finding, third=True)
    assert alone.decision is Decision.DECLINED
    assert "a third be heard" in alone.reasons[0]


def test_a_policy_that_asks_nothing_more_is_written_as_before(tested: Federation) -> None:
    """So that its bytes, and what cites them, stay."""
    plain = Policy(
        issued=tested.now(), bank="flood", trusts=(tested.kh.member,), route=Route.PLAN,
        risk=Fraction(1, 20), requires=(), note="",
    )  # fmt: skip
    assert not {"accreditors", "testers", "max_age_days", "countersigned", "third"} & set(
        plain.to_predicate()
    )
    assert policy_from_predicate(plain.to_predicate()) == plain


FAULTS: list[tuple[Any, dict[str, Json]]] = [
    (withdrawal_from_predicate, {"reason": ""}),
    (withdrawal_from_predicate, {"reason": "x" * 4_001}),
    (countersignature_from_predicate, {"disputed": [2, 1]}),
    (countersignature_from_predicate, {"disputed": [0]}),
    (reply_from_predicate, {"outcome": "maybe"}),
    (appeal_from_predicate, {"grounds": 7}),
    (accreditation_from_predicate, {"until": "tomorrow"}),
]


@pytest.mark.parametrize(("read", "said"), FAULTS)
def test_a_malformed_statement_is_refused(read: Any, said: dict[str, Json]) -> None:
    """With every fault and its field."""
    with pytest.raises(InvalidDocument) as refused:
        read(said)
    assert any(next(iter(said)) in str(fault) for fault in refused.value.faults)
