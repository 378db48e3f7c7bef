# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a bloc's position does for its members, and when it does nothing."""

from tests.fakes.council import (
    CLOSES,
    HALF,
    NEW_TEXT,
    OPENS,
    TIMED,
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

from comity.council.decision.docket import Logged
from comity.council.decision.proposal import Terms
from comity.council.rule.floor import Answer
from comity.council.rule.procedure import Procedure
from comity.kernel.digest import sha256
from comity.kernel.reference import Reference


def bloc(
    *members: str, choice: Answer | None = Answer.YES, scope: tuple[str, ...] = ("incidents",)
) -> Scene:
    """Return a scene in which members gave D a mandate for a bloc that has a position."""
    scene = Scene()
    for member in {"a": A, "b": B, "c": C}.items():
        if member[0] in members:
            scene.mandate(member[1], "mekong", D, scope=scope)
    scene.position(D, "mekong", choice)
    return scene


def test_a_bloc_fills_members_with_a_live_mandate_for_the_topic_only() -> None:
    """A mandate is each member's own word; membership alone gives nobody a voice."""
    result = bloc("a", "b").tally()

    assert (answers(result)["a"], answers(result)["b"]) == ("yes", "yes")
    assert answers(result)["c"] == answers(result)["d"] == "silent, not reached"
    assert {one.bloc for one in result.standings if one.answer is Answer.YES} == {"mekong"}


def test_a_member_s_own_ballot_always_wins() -> None:
    """Whatever the bloc says, and whichever came first."""
    scene = bloc("a", "b")
    scene.vote(A, Answer.NO)

    assert answers(scene.tally())["a"] == "no"


def test_a_void_ballot_of_one_s_own_is_not_filled_either() -> None:
    """Who equivocates must not be rescued by its bloc."""
    scene = bloc("a")
    scene.vote(A, Answer.NO)
    scene.vote(A, Answer.YES)

    assert answers(scene.tally())["a"] == "void"


def test_a_mandate_for_another_topic_fills_nobody_and_the_position_is_flagged() -> None:
    """Trade is not incidents."""
    result = bloc("a", scope=("trade",)).tally()

    assert answers(result)["a"] != "yes"
    assert codes(result) == [("d", "no_mandate")]


def test_a_mandate_for_no_topic_in_particular_is_for_every_topic() -> None:
    """An empty list leaves nothing out."""
    assert answers(bloc("a", scope=()).tally())["a"] == "yes"


def test_a_mandate_that_ends_before_the_close_fills_nobody() -> None:
    """Live means live when it is counted."""
    scene = Scene()
    scene.mandate(A, "mekong", D, until=at(20))
    scene.position(D, "mekong")

    assert answers(scene.tally())["a"] == "silent"


def test_a_mandate_revoked_before_the_close_falls_back_to_none() -> None:
    """And one revoked after it changes nothing."""
    for received, answer in ((at(30), "silent"), (at(1, CLOSES), "yes")):
        scene = Scene()
        given = scene.mandate(A, "mekong", D)
        scene.position(D, "mekong")
        scene.withdraw(given, received=received)

        assert answers(scene.tally(at(2, CLOSES)))["a"] == answer


def test_nobody_revokes_another_s_mandate() -> None:
    """Only who said it takes it back."""
    scene = Scene()
    given = scene.mandate(A, "mekong", D)
    scene.position(D, "mekong")
    scene.withdraw(given, by=B, received=at(3))

    assert answers(scene.tally())["a"] == "yes"


def test_nobody_revokes_another_s_mandate_by_its_digest_alone() -> None:
    """A withdrawal may claim that what it takes back stands in its author's own log."""
    scene = Scene()
    given = scene.mandate(A, "mekong", D)
    scene.position(D, "mekong")
    scene.withdraw(given, by=B, claims=B, received=at(3))

    assert answers(scene.tally())["a"] == "yes"


def test_no_holder_undoes_its_position_by_calling_its_key_stolen_after_the_close() -> None:
    """What was decided with it stays decided; declared before the close it falls."""
    for hours, answer in ((1, "yes"), (-1, "silent")):
        scene = Scene()
        scene.mandate(A, "mekong", D)
        scene.position(D, "mekong", disputed_by=8)
        stolen = Reference(log=origin_of(D), index=8, sha256=sha256(b"stolen"))
        scene.receive(Logged(reference=stolen, member=D, said=None), C, at(hours, CLOSES))

        assert answers(scene.tally(at(2, CLOSES)))["a"] == answer


def test_a_bloc_owes_the_reasons_its_members_owe() -> None:
    """Else a negative without a reason counts as soon as another says it."""
    for reason, answer in ((" \n", "abstain"), ("It is too short.", "no")):
        scene = Scene(procedure=Procedure(adopts=HALF, negative_needs_reason=True))
        scene.mandate(A, "mekong", D)
        scene.position(D, "mekong", Answer.NO, reason=reason)

        assert answers(scene.tally())["a"] == answer


def test_a_newer_mandate_for_a_bloc_replaces_the_older() -> None:
    """A member that changes its spokesman is not spoken for twice."""
    scene = Scene()
    scene.mandate(A, "mekong", D)
    scene.mandate(A, "mekong", C)
    scene.position(D, "mekong", Answer.NO)
    scene.position(C, "mekong", Answer.YES)

    assert answers(scene.tally())["a"] == "yes"


def test_a_split_bloc_fills_each_member_by_its_own_holder_and_is_flagged() -> None:
    """Two holders of one bloc who disagree are no bloc any more."""
    scene = Scene()
    scene.mandate(A, "mekong", D)
    scene.mandate(B, "mekong", C)
    scene.position(D, "mekong", Answer.NO)
    scene.position(C, "mekong", Answer.YES)
    result = scene.tally()

    assert (answers(result)["a"], answers(result)["b"]) == ("no", "yes")
    assert codes(result) == [("c", "split_bloc"), ("d", "split_bloc")]


def test_a_bloc_that_found_no_position_takes_its_earlier_one_back() -> None:
    """Split within, it falls back to nothing said."""
    scene = bloc("a", "b")
    scene.position(D, "mekong", None, sequence=1)

    assert answers(scene.tally())["a"] == "silent"


def test_contrary_positions_of_two_blocs_count_for_nothing_and_are_flagged() -> None:
    """A member in two blocs must say itself which it means."""
    scene = bloc("a")
    scene.mandate(A, "islands", E)
    scene.position(E, "islands", Answer.NO)
    result = scene.tally()

    assert answers(result)["a"] == "silent"
    (flag,) = [flag for flag in result.flagged if flag.code == "contrary_blocs"]
    assert "islands no, mekong yes" in flag.words


def test_two_blocs_that_agree_fill_their_common_member() -> None:
    """There is nothing to choose between."""
    scene = bloc("a")
    scene.mandate(A, "islands", E)
    scene.position(E, "islands", Answer.YES)

    assert answers(scene.tally())["a"] == "yes"


def test_two_positions_under_one_number_fill_nobody() -> None:
    """A holder that equivocates loses its members' voices, not them theirs."""
    scene = bloc("a")
    scene.position(D, "mekong", Answer.NO)
    result = scene.tally()

    assert answers(result)["a"] == "silent"
    assert codes(result) == [("d", "equivocation"), ("d", "equivocation")]


def test_a_position_on_the_text_before_its_amendment_fills_nobody() -> None:
    """A bloc votes on words too."""
    scene = bloc("a")
    scene.amend()
    assert answers(scene.tally())["a"] == "silent"
    scene.position(D, "mekong", Answer.YES, sequence=1, text=NEW_TEXT)
    assert answers(scene.tally())["a"] == "yes"


def test_a_late_position_fills_nobody() -> None:
    """Its receipts tell, as a ballot's do."""
    scene = Scene()
    scene.mandate(A, "mekong", D)
    scene.position(D, "mekong", received=at(1, CLOSES))
    result = scene.tally(at(2, CLOSES))

    assert answers(result)["a"] == "silent"
    assert codes(result) == [("d", "late")]


def test_without_a_topic_only_mandates_for_every_topic_hold() -> None:
    """What a proposal is about is not guessed."""
    scene = Scene(terms=Terms(opens=OPENS, closes=CLOSES))
    scene.mandate(A, "mekong", D)
    scene.mandate(B, "mekong", D, scope=())
    scene.position(D, "mekong")

    assert (answers(scene.tally())["a"], answers(scene.tally())["b"]) == ("silent", "yes")
    assert TIMED.topic == "incidents"
