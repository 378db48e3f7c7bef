# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""On every follower's pages, what was taken back takes with it what rests on it."""

from fractions import Fraction

import pytest
from tests.fakes.federation import Federation, Stages
from tests.unit.desk.finding.test_verification import go_on

from comity.desk.case.afterwards import withdraw
from comity.desk.case.bundles import bundles_of
from comity.desk.finding.relying import (
    decide,
    log_policy,
    log_recognition,
    own_continuation,
    policy_for,
)
from comity.desk.log.record import record
from comity.desk.log.shelf import ViewShelf
from comity.desk.register.lookout import lookout_of
from comity.desk.register.register import Register
from comity.desk.register.standing import fallen_answer, fallen_finding, tally_of
from comity.evidence.afterwards import Withdrawal
from comity.evidence.recognition import Decision, Policy, Route
from comity.kernel.reference import Reference
from comity.node.node import Node


@pytest.fixture
def finding(stages: Stages) -> Reference:
    """Return a finding that shows two categories."""
    assert stages.tested.finding is not None
    return stages.tested.finding


def seen_by(federation: Federation, reader: str) -> Register:
    """Return the register a member's pages are cut from."""
    return lookout_of(federation.nodes[reader], federation.now).register()


def recognise(
    federation: Federation, node: Node, finding: Reference, requires: tuple[str, ...] = ()
) -> None:
    """Let a member decide on a finding, and publish that."""
    policy = Policy(
        issued=federation.now(), bank="flood", trusts=(federation.kh.member,),
        route=Route.PLAN, risk=Fraction(1, 20), requires=requires, note="",
    )  # fmt: skip
    log_policy(node, policy, now=federation.now())
    test = federation.gathered(node, finding)
    decided = decide(
        ViewShelf(node.view()), policy_for(node, "flood"), test,
        own_continuation(node, finding, bundles_of(node)), now=federation.now(),
    )  # fmt: skip
    log_recognition(node, decided, test, now=federation.now())
    federation.publish(node)


@pytest.mark.parametrize("kind", ["finding", "bank", "plan", "system"])
def test_a_finding_falls_with_what_it_rests_on(
    tested: Federation, finding: Reference, kind: str
) -> None:
    """Each part, taken back by its own issuer, empties the count and names itself."""
    recognise(tested, tested.sg, finding)
    before = seen_by(tested, "br").findings[finding.sha256.hex()]
    assert tally_of(seen_by(tested, "br"), before.subject).recognised == 1
    of, owner = {
        "finding": (finding, tested.kh),
        "bank": (tested.bank, tested.kh),
        "plan": (before.said.plan, tested.kh),
        "system": (registration(seen_by(tested, "br"), before.subject), tested.maker),
    }[kind]
    withdraw(owner, of, "It was wrong.", now=tested.now())
    tested.publish(owner)

    register = seen_by(tested, "br")
    held = register.findings[finding.sha256.hex()]
    (answer,) = register.answers_to[held.id]

    assert [(one.kind, one.reason) for one in fallen_finding(register, held)] == [
        (kind, "It was wrong.")
    ]
    assert [one.kind for one in fallen_answer(register, answer)] == [kind]
    tally = tally_of(register, held.subject)
    assert (tally.findings, tally.shown, tally.recognised) == (0, 0, 0)


def test_a_continuation_falls_with_the_first_test_and_with_what_handed_it_over(
    tested: Federation, finding: Reference
) -> None:
    """The first test stands without the one that goes on with it, not the other way round."""
    own = go_on(tested, finding)
    (custody,) = ViewShelf(tested.kh.view()).of_kind("custody")
    withdraw(tested.kh, custody.reference, "Handed over by mistake.", now=tested.now())
    tested.publish(tested.kh)

    register = seen_by(tested, "sg")
    first, second = (register.findings[one.sha256.hex()] for one in (finding, own))
    assert fallen_finding(register, first) == ()
    assert [one.kind for one in fallen_finding(register, second)] == ["custody"]

    withdraw(tested.kh, tested.bank, "It leaked.", now=tested.now())
    tested.publish(tested.kh)

    register = seen_by(tested, "sg")
    assert [one.kind for one in fallen_finding(register, register.findings[second.id])] == [
        "custody",
        "bank",
    ]


def test_who_declined_relies_on_nothing_that_could_fall(
    tested: Federation, finding: Reference
) -> None:
    """A decision against a finding stands when the finding is gone."""
    recognise(tested, tested.sg, finding, requires=("shelter",))
    withdraw(tested.kh, finding, "It was wrong.", now=tested.now())
    tested.publish(tested.kh)

    register = seen_by(tested, "br")
    (answer,) = register.answers_to[finding.sha256.hex()]

    assert answer.said.decision is Decision.DECLINED
    assert fallen_answer(register, answer) == ()


def test_nobody_else_takes_it_back(tested: Federation, finding: Reference) -> None:
    """A withdrawal that another logs by hand says nothing."""
    for of in (finding, tested.bank):
        said = Withdrawal(issued=tested.now(), of=of, reason="I do not like it.")
        record(
            tested.sg, "withdrawal", said.to_predicate(), subject=of.sha256, now=tested.now()
        )
    tested.publish(tested.sg)

    register = seen_by(tested, "br")
    held = register.findings[finding.sha256.hex()]

    assert fallen_finding(register, held) == ()
    assert tally_of(register, held.subject).shown == 2


def registration(register: Register, system: str) -> Reference:
    """Return where a version is registered."""
    return register.systems[system][0].entry.reference
