# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every edge case of a vote, each row of the research's table as one claim or more."""

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.fakes.council import (
    CLOSES,
    NEW_TEXT,
    OPENS,
    STRANGER,
    A,
    B,
    C,
    D,
    E,
    Scene,
    answers,
    at,
    codes,
    origin_of,
)

from comity.council.decision.docket import Change, Logged, Mandate
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import AT_ONCE, Terms
from comity.council.decision.result import State
from comity.council.rule.floor import Answer, Base, Weights
from comity.council.rule.procedure import Departed, Procedure, Roll
from comity.council.rule.rule import Leaf, Number, Rule, Share
from comity.kernel.digest import sha256
from comity.kernel.reference import Reference

DECISION = sha256(b"the decision to expel")
TWO_THIRDS_CAST = Leaf(need=Share(of=Base.CAST, least=Fraction(2, 3)))


def under(rule: Rule, **more: object) -> Scene:
    """Return a scene under another rule."""
    return Scene(procedure=replace(Procedure(adopts=rule), **more))  # type: ignore[arg-type]  # by name


def test_more_than_half_of_the_members_adopt() -> None:
    """The base is the members, so silence weighs against."""
    scene = Scene()
    for member in (A, B, C):
        scene.vote(member)
    result = scene.tally()

    assert (result.state, result.passed) == (State.ADOPTED, True)
    assert (result.reason.counted, result.reason.base) == (3, 5)
    assert result.silent == (D, E)


def test_a_late_vote_does_not_count_and_is_listed_as_late() -> None:
    """Who receives it says when; whoever writes it could say anything."""
    scene = Scene()
    scene.vote(A, received=at(0, CLOSES))
    result = scene.tally(at(5, CLOSES))

    assert answers(result)["a"] == "silent"
    assert codes(result) == [("a", "late")]


def test_a_vote_nobody_received_in_time_does_not_count() -> None:
    """A ballot written afterwards and dated before must not turn a result."""
    scene = Scene()
    scene.vote_unreceived(A)
    before, after = scene.tally(at(1)), scene.tally(CLOSES)

    assert answers(before)["a"] == "yes"
    assert answers(after)["a"] == "silent"
    assert codes(after) == [("a", "not_received")]


def test_the_author_s_own_receipt_shows_nothing() -> None:
    """Else anybody could vote late."""
    scene = Scene()
    ballot = scene.vote_unreceived(B)
    scene.receive(ballot, B, at(1))

    assert codes(scene.tally()) == [("b", "not_received")]


def test_a_stranger_s_receipt_shows_nothing() -> None:
    """Members made up for the purpose must not move a close."""
    scene = Scene()
    scene.receive(scene.vote_unreceived(B), STRANGER, at(1))

    assert codes(scene.tally()) == [("b", "not_received")]


def test_as_many_receipts_as_the_proposal_asks_fix_the_time() -> None:
    """One colluding receiver is not enough where two are asked for."""
    scene = Scene(terms=Terms(opens=OPENS, closes=CLOSES, receipts=2))
    ballot = scene.vote(A, received=at(1))
    assert codes(scene.tally()) == [("a", "not_received")]
    scene.receive(ballot, C, at(1, CLOSES))
    assert codes(scene.tally(at(9, CLOSES))) == [("a", "late")]
    scene.receive(ballot, B, at(2))
    assert codes(scene.tally()) == []


def test_a_changed_vote_counts_by_its_highest_sequence() -> None:
    """A member may change its mind until the close; what it said before stays in its log."""
    scene = Scene()
    scene.vote(A, Answer.YES, sequence=0, received=at(5))
    scene.vote(A, Answer.NO, sequence=1, received=at(1))

    assert answers(scene.tally())["a"] == "no"


def test_a_change_after_the_close_leaves_the_vote_before_it() -> None:
    """Late is late, for a change as well."""
    scene = Scene()
    scene.vote(A, Answer.YES)
    scene.vote(A, Answer.NO, sequence=1, received=at(1, CLOSES))
    result = scene.tally(at(2, CLOSES))

    assert answers(result)["a"] == "yes"
    assert codes(result) == [("a", "late")]


def test_equivocation_voids_both_shows_both_and_revives_no_older_vote() -> None:
    """Two votes under one number must not let an older, kinder vote through."""
    scene = Scene()
    scene.vote(A, Answer.YES)
    first = scene.vote(A, Answer.NO, sequence=1)
    second = scene.vote(A, Answer.YES, sequence=1)
    result = scene.tally()

    assert answers(result)["a"] == "void"
    flagged = {flag.reference for flag in result.flagged if flag.code == "equivocation"}
    assert flagged == {first.reference, second.reference}


def test_nobody_voids_its_own_vote_after_the_close() -> None:
    """A second ballot under the number of the first, received late, is only late."""
    scene = Scene()
    scene.vote(A, Answer.YES)
    scene.vote(A, Answer.NO, received=at(1, CLOSES))
    result = scene.tally(at(2, CLOSES))

    assert answers(result)["a"] == "yes"
    assert codes(result) == [("a", "late")]


def test_one_vote_said_twice_is_one_vote() -> None:
    """A repeated command is no lie."""
    scene = Scene()
    scene.vote(A)
    scene.vote(A)

    assert answers(scene.tally())["a"] == "yes"
    assert scene.tally().flagged == ()


def test_a_ballot_for_another_text_does_not_count() -> None:
    """Nobody votes on words it has not named."""
    scene = Scene()
    scene.vote(A, text="Something else.")
    result = scene.tally()

    assert answers(result)["a"] == "silent"
    assert codes(result) == [("a", "other_text")]


def test_an_amendment_makes_ballots_for_the_older_text_stale() -> None:
    """A yes to 72 hours is no yes to 48."""
    scene = Scene()
    scene.vote(A)
    scene.amend()
    scene.vote(B, text=NEW_TEXT)
    result = scene.tally()

    assert result.text == sha256(NEW_TEXT.encode())
    assert (answers(result)["a"], answers(result)["b"]) == ("silent", "yes")
    assert codes(result) == [("a", "stale_text")]


def test_a_ballot_for_the_first_text_is_no_equivocation_with_one_for_the_amended() -> None:
    """Both may bear the number 0; they are votes on two texts."""
    scene = Scene()
    scene.vote(A, Answer.YES)
    scene.amend()
    scene.vote(A, Answer.NO, text=NEW_TEXT)

    assert answers(scene.tally())["a"] == "no"


def test_only_the_proposer_amends_and_only_before_the_close() -> None:
    """Else anyone could void a vote that goes against it."""
    scene = Scene()
    scene.amend(by=B)
    scene.amend("Never.", received=at(1, CLOSES))
    result = scene.tally(at(2, CLOSES))

    assert result.text == scene.motion.proposal.text
    assert codes(result) == [("a", "amendment"), ("b", "amendment")]


def test_an_amendment_moves_the_close_later_and_never_earlier() -> None:
    """More time to read is fair; less is a trick."""
    scene = Scene()
    scene.amend(closes=at(24, CLOSES))
    assert scene.tally(CLOSES).state is State.VOTING
    scene.amend("Sooner.", closes=at(3))
    result = scene.tally(CLOSES)
    assert (result.closes, result.text) == (at(24, CLOSES), sha256(NEW_TEXT.encode()))


def test_who_joined_after_the_opening_is_not_on_the_roll_of_the_opening() -> None:
    """New members must not be made to turn a vote that runs."""
    scene = Scene()
    scene.adopt(DECISION)
    scene.change(STRANGER, Change.ADMITTED, decided=DECISION)
    scene.vote(STRANGER, received=at(4))
    result = scene.tally()

    assert len(result.standings) == 5
    assert codes(result) == [("f", "joined_later")]


def test_who_joined_has_a_seat_where_the_roll_is_that_of_the_close() -> None:
    """The body chose so, and the base grows with it."""
    half = Procedure(adopts=Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2))))
    scene = Scene(procedure=replace(half, roll=Roll.AT_CLOSE))
    scene.adopt(DECISION)
    scene.change(STRANGER, Change.ADMITTED, decided=DECISION)
    scene.vote(STRANGER, received=at(4))

    assert answers(scene.tally())["f"] == "yes"
    assert scene.tally().reason.base == 6


def test_a_stranger_s_ballot_is_flagged_and_not_counted() -> None:
    """Nothing is silently counted or silently dropped."""
    scene = Scene()
    scene.vote(STRANGER)

    assert codes(scene.tally()) == [("f", "stranger")]


@pytest.mark.parametrize(
    ("policy", "base", "answer"), [(Departed.REMOVE, 4, None), (Departed.KEEP, 5, "yes")]
)
def test_who_left_shrinks_base_and_count_or_keeps_both(
    policy: Departed, base: int, answer: str | None
) -> None:
    """The rule must say which, and the result shows it."""
    scene = Scene()
    scene = Scene(procedure=replace(scene.procedure, departed=policy))
    scene.vote(B)
    scene.change(B, Change.WITHDRAWN, by=B)
    result = scene.tally()

    assert (result.reason.base, answers(result).get("b")) == (base, answer)
    assert [member for member, _ in result.removed] == ([B] if base == 4 else [])


def test_an_expulsion_counts_only_by_a_decision_found_adopted_here() -> None:
    """Else one statement would take another's vote away."""
    scene = Scene()
    scene.vote(B)
    scene.change(B, Change.EXPELLED, decided=DECISION)
    scene.change(C, Change.EXPELLED)
    held = scene.tally()
    assert held.reason.base == 5
    assert codes(held) == [("a", "roll"), ("a", "roll")]
    scene.adopt(DECISION)
    result = scene.tally()
    assert (result.reason.base, codes(result)) == (4, [("a", "roll"), ("b", "departed")])


def test_who_was_expelled_after_the_close_still_counts() -> None:
    """What was decided stays decided."""
    scene = Scene()
    scene.adopt(DECISION)
    scene.vote(B)
    scene.change(B, Change.EXPELLED, decided=DECISION, received=at(1, CLOSES))

    assert answers(scene.tally(at(2, CLOSES)))["b"] == "yes"


@pytest.mark.parametrize(("policy", "base"), [(Departed.REMOVE, 4), (Departed.KEEP, 5)])
def test_whether_the_suspended_stay_in_the_base_is_the_rule_s_to_say(
    policy: Departed, base: int
) -> None:
    """By default they do not; and in no case do they vote while suspended."""
    scene = Scene(procedure=replace(Scene().procedure, suspended=policy))
    scene.adopt(DECISION)
    scene.change(B, Change.SUSPENDED, decided=DECISION)
    scene.vote(B, received=at(5))
    result = scene.tally()

    assert result.reason.base == base
    assert answers(result).get("b") != "yes"
    assert ("b", "departed") in codes(result)


def test_who_is_restored_before_the_close_votes_again() -> None:
    """The last change that took effect counts."""
    scene = Scene()
    scene.adopt(DECISION)
    scene.change(B, Change.SUSPENDED, decided=DECISION)
    scene.change(B, Change.RESTORED, decided=DECISION, on=at(20), received=at(21))
    scene.vote(B, received=at(30))

    assert answers(scene.tally())["b"] == "yes"


def test_abstaining_silence_a_void_ballot_and_recusal_are_four_things() -> None:
    """Which of them a base counts is the rule's to say, so they stay apart."""
    scene = Scene()
    scene.vote(A, Answer.ABSTAIN)
    scene.vote(B, Answer.RECUSED)
    scene.spoil(C)
    scene.vote(D, Answer.PRESENT)
    result = scene.tally()

    assert answers(result) == {
        "a": "abstain", "b": "recused", "c": "void", "d": "present",
        "e": "silent, not reached",
    }  # fmt: skip
    assert codes(result) == [("c", "unreadable")]


def test_silence_of_who_may_not_have_the_text_is_told_apart() -> None:
    """Nobody makes silence by not delivering."""
    scene = Scene()
    scene.receive(scene.docket.proposal, D, at(1))
    result = scene.tally()

    assert answers(result) == {
        "a": "silent", "d": "silent", "b": "silent, not reached",
        "c": "silent, not reached", "e": "silent, not reached",
    }  # fmt: skip
    assert result.counts == {"silent": 2, "silent_not_reached": 3}


def test_without_a_quorum_nothing_is_rejected_either() -> None:
    """A meeting that could not decide may try again; one that said no has answered."""
    present = Leaf(
        need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True),
        count=frozenset({Answer.YES, Answer.NO, Answer.ABSTAIN, Answer.PRESENT}),
    )
    scene = under(TWO_THIRDS_CAST, quorum=present)
    scene.vote(A)
    scene.vote(B)

    result = scene.tally()
    assert (result.state, result.passed, result.is_decided) == (State.NO_QUORUM, False, True)
    scene.vote(C, Answer.PRESENT)
    assert scene.tally().state is State.ADOPTED


def test_an_empty_base_adopts_nothing() -> None:
    """Nobody voting is not everybody agreeing."""
    result = under(TWO_THIRDS_CAST).tally()

    assert (result.state, result.reason.base) == (State.REJECTED, 0)


def test_weights_are_those_of_the_proposal_whatever_is_published_later() -> None:
    """A census during the vote must not move a threshold."""
    heavy = Weights(
        name="population", unit="people", source="an example, 2024",
        values={A: 60, B: 10, C: 10, D: 10, E: 10},
    )  # fmt: skip
    rule = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)), by="population")
    electorate = Electorate(members=frozenset({A, B, C, D, E}), weights={"population": heavy})
    scene = Scene(procedure=Procedure(adopts=rule), electorate=electorate)
    scene.vote(A)
    result = scene.tally()

    assert (result.passed, result.reason.counted, result.reason.base) == (True, 60, 100)


def test_a_ballot_counts_though_its_key_was_rotated_later() -> None:
    """A ballot is signed by the key of its own place in the log; the ledger has checked it."""
    scene = Scene()
    scene.vote(A)
    scene.sizes[A] += 1  # the keyset that rotates the key stands after the ballot
    scene.vote(B, received=at(5))

    assert answers(scene.tally())["a"] == "yes"


def test_a_thief_s_ballot_is_none_once_the_owner_says_so_before_the_close() -> None:
    """Whatever number the thief gave it, the owner's own ballot counts."""
    scene = Scene()
    scene.vote(A, Answer.NO, sequence=2**53 - 1, disputed_by=7)
    scene.vote(A, Answer.YES, sequence=0)
    before = scene.tally(at(3))
    assert answers(before)["a"] == "yes"
    assert codes(before) == [("a", "disputed")]


def test_nobody_undoes_its_vote_by_declaring_a_key_stolen_after_the_close() -> None:
    """The key was valid when the ballot was received; what is doubted may be challenged."""
    scene = Scene()
    scene.vote(A, Answer.YES, disputed_by=7)
    result = scene.tally(CLOSES)

    assert answers(result)["a"] == "yes"
    assert codes(result) == [("a", "disputed_later")]


def test_a_receipt_in_a_log_that_told_two_stories_shows_nothing() -> None:
    """Who lies about its log may lie about a clock."""
    scene = Scene()
    scene.vote(A)
    scene.fork(E)

    assert ("a", "not_received") in codes(scene.tally())


def test_a_negative_without_a_reason_abstains_where_reasons_are_asked() -> None:
    """ISO's ballots: an unreasoned negative is not counted."""
    scene = under(TWO_THIRDS_CAST, negative_needs_reason=True)
    scene.vote(A, Answer.NO)
    scene.vote(B, Answer.NO, reason="Clause 4 contradicts clause 2.")
    result = scene.tally()

    assert (answers(result)["a"], answers(result)["b"]) == ("abstain", "no")
    assert codes(result) == [("a", "no_reason")]


def test_blanks_are_no_reason() -> None:
    """A space would else turn an unreasoned negative into a counted one."""
    scene = under(TWO_THIRDS_CAST, negative_needs_reason=True)
    scene.vote(A, Answer.NO, reason=" \t")

    assert answers(scene.tally())["a"] == "abstain"


def test_an_unreadable_ballot_after_the_close_voids_nothing() -> None:
    """Else a member that its bloc speaks for undoes the result when it is known."""
    scene = Scene()
    scene.mandate(A, "mekong", D)
    scene.position(D, "mekong")
    scene.spoil(A, received=at(1, CLOSES))
    result = scene.tally(at(2, CLOSES))

    assert answers(result)["a"] == "yes"
    assert ("a", "late") in codes(result)


def test_an_unreadable_ballot_of_a_stolen_key_voids_nothing() -> None:
    """It is not the member's, readable or not."""
    scene = Scene()
    scene.spoil(A, disputed_by=9)

    assert answers(scene.tally(at(-1, CLOSES)))["a"].startswith("silent")


def test_one_witness_is_one_however_often_it_says_so() -> None:
    """Two receipts with two digests for one place are one member's word."""
    scene = Scene(terms=replace(Scene().terms, receipts=2))
    logged = scene.vote(B, disputed_by=7)
    scene.receive(logged, C, at(1))
    for said in (b"one", b"two"):
        place = Reference(log=origin_of(B), index=7, sha256=sha256(said))
        scene.receive(Logged(reference=place, member=B, said=None), C, at(2))

    assert answers(scene.tally(at(1, CLOSES)))["b"] == "yes"


def test_without_a_close_a_proposal_is_adopted_as_soon_as_its_rule_holds() -> None:
    """So the first proposals of this software read, and they still do."""
    scene = Scene(terms=AT_ONCE)
    scene.vote_unreceived(A)
    scene.vote_unreceived(B)
    assert scene.tally().state is State.VOTING
    scene.vote_unreceived(C)
    assert (scene.tally().state, scene.tally().passed) == (State.ADOPTED, True)


def test_votes_on_another_proposal_change_nothing() -> None:
    """A reader holds the ballots of every vote there is."""
    scene = Scene()
    ballot = scene.vote(A)
    moved = replace(scene.proposal, index=77)
    other = replace(ballot, said=replace(ballot.said, proposal=moved))
    scene.docket = replace(scene.docket, ballots=(other,))
    result = scene.tally()

    assert answers(result)["a"] == "silent"
    assert result.flagged == ()


def test_a_result_says_which_base_counted_and_what_abstention_did() -> None:
    """Users of every other tool ask it, and none answers."""
    scene = under(TWO_THIRDS_CAST)
    scene.vote(A)
    scene.vote(B, Answer.ABSTAIN)
    result = scene.tally()

    assert any("the votes cast" in words for words in result.outcome.bases)
    assert "abstained" in result.outcome.abstention
    assert result.outcome.flip is not None
    assert result.outcome.flip.count == 1


def test_a_vote_by_number_needs_no_base() -> None:
    """Nine of fifteen is nine, whoever stays away."""
    scene = under(Leaf(need=Number(least=2)))
    scene.vote(A)
    scene.vote(B)

    assert scene.tally().passed


def test_what_both_stories_of_a_log_share_still_counts() -> None:
    """Nobody takes its vote back by telling a second story afterwards."""
    scene = Scene()
    ballot = scene.vote(B)
    scene.fork(B, first=ballot.reference.index + 1)
    scene.fork(E, first=50)
    result = scene.tally()

    assert answers(result)["b"] == "yes"
    assert set(codes(result)) == {("b", "forked_log"), ("e", "forked_log")}


def test_a_proposal_in_doubt_says_so() -> None:
    """Another reader may have other words in the same place."""
    scene = Scene()
    scene.fork(A)

    assert ("a", "forked") in codes(scene.tally())


def test_mandates_and_departures_of_later_days_are_no_fault_of_an_old_vote() -> None:
    """Else every result would change for ever."""
    scene = Scene()
    scene.vote(A)
    before = scene.tally(at(1, CLOSES))
    late = at(9, CLOSES)
    scene._add("mandates", scene._log(B, _mandate()), late)
    scene.change(C, Change.WITHDRAWN, by=C, received=late)
    scene.change(D, Change.EXPELLED, received=late)

    assert scene.tally(at(20, CLOSES)).flagged == before.flagged == ()


def _mandate() -> Mandate:
    return Mandate(bloc="mekong", holder=D, scope=(), until=None, rule="-")


def test_what_came_after_the_instant_asked_about_is_to_come() -> None:
    """A count of last week does not know of this week's ballots."""
    scene = Scene()
    scene.vote(A, received=at(50))
    result = scene.tally(at(40))

    assert answers(result)["a"] == "silent"
    assert codes(result) == [("a", "to_come")]
    assert answers(scene.tally(at(60)))["a"] == "yes"
