# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What one node writes another reads the same, and what was written before still reads."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from tests.fakes.council import CLOSES, HALF, OPENS, STRANGER, TEXT, A, B, C, Scene

from comity.council.decision.comparison import finding_of
from comity.council.decision.docket import (
    Amendment,
    Ballot,
    BlocPosition,
    Challenge,
    Change,
    Mandate,
    Receipt,
    RollChange,
)
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import AT_ONCE, Motion, Terms, propose
from comity.council.decision.statement import (
    from_amendment_json,
    from_ballot_json,
    from_motion_json,
    to_amendment_json,
    to_ballot_json,
    to_motion_json,
)
from comity.council.decision.statement_bloc import (
    from_mandate_json,
    from_position_json,
    to_mandate_json,
    to_position_json,
)
from comity.council.decision.statement_record import (
    from_challenge_json,
    from_receipt_json,
    from_result_json,
    from_roll_json,
    to_challenge_json,
    to_receipt_json,
    to_result_json,
    to_roll_json,
)
from comity.council.rule.floor import Answer, Weights
from comity.council.rule.procedure import OnBreak, Procedure, Silence
from comity.council.rule.rule import AGAINST, Leaf, Number, double_majority, without_hegemon
from comity.errors import InvalidDocument
from comity.kernel.canonical import to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.reference import Reference, to_reference_json

WHERE = Reference(log=Origin("example/log"), index=3, sha256=sha256(b"entry"))
DIGEST = sha256(TEXT.encode())
PEOPLE = Weights(
    name="population", unit="people", source="an example", values={A: 3, B: 2, C: 1}
)
FULL = Electorate(
    members=frozenset({A, B, C}),
    groups={"region:North": frozenset({A}), "region:South": frozenset({B, C})},
    states={A: "KHM", C: "BRA"},
    weights={"population": PEOPLE},
)
SILENT = Procedure(
    adopts=double_majority(Fraction(55, 100), Fraction(65, 100), "population", 2),
    silence=Silence(
        period_h=72, broken_by=Leaf(need=Number(least=1), count=AGAINST), on_break=OnBreak.VOTE
    ),
    quorum=HALF,
    negative_needs_reason=True,
    challenge_days=3,
)


def motion() -> dict[str, Any]:
    """Return a plain proposal as it is written."""
    electorate = Electorate(members=frozenset({A, B}), groups={"region:North": frozenset({A})})
    return to_motion_json(propose("t", TEXT, Procedure(adopts=HALF), electorate))


def test_a_full_proposal_round_trips() -> None:
    """Groups, states, weights, procedure, times, topic and receipts survive."""
    terms = Terms(opens=OPENS, closes=CLOSES, topic="incidents", receipts=2)
    made = propose("Notice", TEXT, SILENT, FULL, terms)

    assert from_motion_json(to_motion_json(made)) == made


def test_a_text_in_a_blob_round_trips_by_its_digest() -> None:
    """A treaty is longer than a statement may be."""
    made = propose("Notice", TEXT, Procedure(adopts=HALF), FULL)
    made = Motion(title=made.title, text=None, proposal=made.proposal)
    written = to_motion_json(made)

    assert "text" not in written
    assert from_motion_json(written) == made


def test_a_proposal_of_the_first_form_reads_as_it_did() -> None:
    """Groups by member ids and no times: at once, without a close, the same seats."""
    old: dict[str, Any] = {
        "title": "t", "text": TEXT, "issued": "2026-11-21T19:19:24Z",
        "rule": {"leaf": {"share": {"num": 1, "den": 2}, "strict": True, "base": "members",
                          "group": None}},
        "electorate": {"members": [A, B], "groups": [{"name": "north", "members": [A]}]},
    }  # fmt: skip
    electorate = Electorate(members=frozenset({A, B}), groups={"north": frozenset({A})})

    assert from_motion_json(old) == propose("t", TEXT, Procedure(adopts=HALF), electorate)
    assert from_motion_json(old).proposal.terms == AT_ONCE


def test_193_members_in_groups_with_two_weights_fit_into_one_statement() -> None:
    """The largest body there is votes like any other."""
    members = [sha256(b"%d" % number).hex() for number in range(193)]
    groups = {f"region:{name}": frozenset(members[name::5]) for name in range(5)}
    weights = {
        name: Weights(
            name=name, unit="people", source="s", values=dict.fromkeys(members, 10**9)
        )
        for name in ("population", "tonnage")
    }
    body = Electorate(
        members=frozenset(members),  # type: ignore[arg-type]  # ids by shape
        groups=groups,  # type: ignore[arg-type]  # the same
        states=dict.fromkeys(members, "KHM"),  # type: ignore[arg-type]  # the same
        weights=weights,
    )
    made = propose("t", TEXT, Procedure(adopts=without_hegemon()), body)

    assert len(str(to_motion_json(made)).encode()) < 28_000
    assert from_motion_json(to_motion_json(made)) == made


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": 1}, "title is not a text"),
        ({"blob": "ab" * 32}, "stands beside a text"),
        ({"opens": "2026-12-08T09:00:00Z", "closes": "2026-12-08T09:00:00Z"}, "is not after"),
        ({"closes": "2026-12-08T09:00:00Z", "receipts": 2}, "are more than there are"),
        ({"rule": {"leaf": {"number": 5, "by": "gold"}}}, "speaks of weights 'gold'"),
        ({"procedure": {"silence": {"period_h": 1, "on_break": "fail",
          "broken_by": {"leaf": {"number": 1}}}}}, "silence is counted from it"),
        ({"opens": "2026-12-01T09:00:00Z", "closes": "2026-12-04T09:00:00Z",
          "procedure": {"silence": {"period_h": 72, "on_break": "vote",
          "broken_by": {"leaf": {"number": 1}}}}}, "no time for a vote after 72 hours"),
        ({"procedure": {"quorrum": 1}}, "quorrum is no part"),
    ],
)  # fmt: skip
def test_each_fault_of_a_proposal_is_said(change: dict[str, Any], words: str) -> None:
    """An official mends a text once, not once per fault."""
    with pytest.raises(InvalidDocument) as refused:
        from_motion_json(motion() | change)

    assert any(words in str(fault) for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"members": [A, A, B]}, "2 times"),
        ({"members": [A, A.upper()]}, "is no member's id"),
        ({"groups": [{"name": "g", "members": [STRANGER]}]}, "who is not a member"),
        ({"groups": [{"name": "g", "seats": [2]}]}, "place 2 of 2"),
        ({"groups": [{"name": "g", "seats": [0], "members": [A]}]}, "beside members"),
        ({"groups": [{"name": "g", "seats": [0]}, {"name": "g", "seats": [1]}]}, "twice"),
        ({"groups": [{"name": "r:N", "seats": [0, 1]}, {"name": "r:S", "seats": [1]}]},
         "share members"),
        ({"states": ["KHM"]}, "not one for each member"),
        ({"states": ["KHM", "kh"]}, "states[1] is no ISO"),
        ({"weights": [{"name": "w", "unit": "u", "source": "s", "values": [1]}]}, "1 for 2"),
        ({"weights": [{"name": "w", "unit": "u", "source": "s", "values": [1, -1]}]},
         "not a list of integers from 0"),
        ({"weights": [{"name": "w", "unit": "u", "source": "s", "values": [1, 2]}] * 2},
         "twice"),
    ],
)  # fmt: skip
def test_each_fault_of_an_electorate_is_said(change: dict[str, Any], words: str) -> None:
    """Unknown members, negative or missing weights, overlapping regions: none is counted."""
    said = motion()
    said["electorate"] = said["electorate"] | change
    with pytest.raises(InvalidDocument) as refused:
        from_motion_json(said)

    assert any(words in str(fault) for fault in refused.value.faults)


def test_what_is_said_in_a_vote_round_trips() -> None:
    """Ballot, amendment, mandate, position, receipt, change of the roll, challenge."""
    ballot = Ballot(proposal=WHERE, text=DIGEST, choice=Answer.OBJECT, sequence=3, reason="No.")
    amendment = Amendment(proposal=WHERE, text=TEXT, digest=DIGEST, closes=CLOSES)
    mandate = Mandate(bloc="mekong", holder=A, scope=("x",), until=CLOSES, rule="Consensus.")
    position = BlocPosition(bloc="m", proposal=WHERE, text=DIGEST, choice=None, sequence=1)
    change = RollChange(member=B, change=Change.EXPELLED, on=OPENS, by=WHERE)
    receipt = Receipt(of=WHERE, received=CLOSES)
    challenge = Challenge(of=WHERE, reason="Count again.")

    assert from_ballot_json(to_ballot_json(ballot)) == ballot
    assert from_amendment_json(to_amendment_json(amendment)) == amendment
    assert from_mandate_json(to_mandate_json(mandate)) == mandate
    assert from_position_json(to_position_json(position)) == position
    assert from_roll_json(to_roll_json(change)) == change
    assert from_roll_json(to_roll_json(replace(change, by=None))).by is None
    assert from_receipt_json(to_receipt_json(receipt)) == receipt
    assert from_challenge_json(to_challenge_json(challenge)) == challenge


def test_a_result_round_trips_to_what_of_it_is_signed() -> None:
    """Its reasons follow from the logs it names; it need not carry them."""
    scene = Scene()
    scene.vote(A)
    scene.fork(B)
    result = scene.tally()

    assert from_result_json(to_result_json(result)) == finding_of(result)


@pytest.mark.parametrize("choice", ["void", "silent", "maybe", None])
def test_nobody_says_that_it_is_silent_or_void(choice: str | None) -> None:
    """Both are found by who counts."""
    said = {"proposal": to_reference_json(WHERE), "text": DIGEST.hex(), "choice": choice,
            "sequence": 0}  # fmt: skip
    with pytest.raises(InvalidDocument) as refused:
        from_ballot_json(said)

    assert "choice" in str(refused.value)


@pytest.mark.parametrize(
    "read",
    [
        from_motion_json, from_ballot_json, from_amendment_json, from_mandate_json,
        from_position_json, from_receipt_json, from_roll_json, from_challenge_json,
        from_result_json,
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [{}, {"electorate": {"states": 5}, "rule": [], "on": 1}])
def test_what_is_none_of_it_is_refused_with_all_its_faults(read: Any, value: Any) -> None:
    """A parser raises nothing but ours."""
    with pytest.raises(InvalidDocument) as refused:
        read(value)

    assert refused.value.faults


def test_the_bytes_on_the_wire_are_these() -> None:
    """What is signed must not change by a change of our code."""
    terms = Terms(opens=OPENS, closes=CLOSES, topic="incidents", receipts=2)
    made = propose("Notice", TEXT, Procedure(adopts=HALF, challenge_days=3), FULL, terms)
    ballot = Ballot(proposal=WHERE, text=DIGEST, choice=Answer.YES, sequence=0)
    cited = f'{{"index":3,"log":"example/log","sha256":"{WHERE.sha256.hex()}"}}'

    assert to_canonical(to_motion_json(made)).decode() == (
        '{"closes":"2026-12-08T09:00:00Z","electorate":{"groups":[{"name":"region:North",'
        '"seats":[0]},{"name":"region:South","seats":[1,2]}],"members":['
        f'"{A}","{B}","{C}"],"states":["KHM","","BRA"],"weights":[{{"name":"population",'
        '"source":"an example","unit":"people","values":[3,2,1]}]},'
        '"opens":"2026-12-01T09:00:00Z","procedure":{"challenge_days":3},"receipts":2,'
        '"rule":{"leaf":{"base":"members","group":null,"share":{"den":2,"num":1},'
        '"strict":true}},"text":"Notice is given within 72 hours.","title":"Notice",'
        '"topic":"incidents"}'
    )
    assert to_canonical(to_ballot_json(ballot)).decode() == (
        f'{{"choice":"yes","proposal":{cited},"sequence":0,"text":"{DIGEST.hex()}"}}'
    )
    assert to_canonical(to_receipt_json(Receipt(of=WHERE, received=CLOSES))).decode() == (
        f'{{"of":{cited},"received":"2026-12-08T09:00:00Z"}}'
    )
