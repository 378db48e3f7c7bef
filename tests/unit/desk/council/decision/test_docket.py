# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a member's node lets it say in a decision, what it refuses, and what it shows."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.federation import Federation

from comity.council.decision.docket import Ballot
from comity.council.decision.result import State
from comity.council.decision.statement import to_ballot_json
from comity.council.rule.floor import Answer
from comity.desk.case.afterwards import withdraw
from comity.desk.council.decision.acting import Draft, amend, challenge, comment, put, vote
from comity.desk.council.decision.bloc import Given, change_roll, give_mandate, take_position
from comity.desk.council.decision.receipt import receive
from comity.desk.council.decision.result import (
    decision,
    find_proposal,
    proposals,
    publish_result,
)
from comity.desk.council.decision.sheet import NOT_SHOWN
from comity.desk.log.record import record
from comity.errors import ComityError, Conflict, InvalidDocument, NotFound, NotPermitted
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.logs.following import Following, Mode
from comity.node.node import Node

pytestmark = pytest.mark.xdist_group("council")

LATER = dt.timedelta(days=30)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """Return three members who follow each other."""
    federation = Federation(tmp_path_factory.mktemp("council"))
    for name, state in (("kh", "KHM"), ("br", "BRA"), ("sg", "SGP")):
        federation.found(name, "regulator", state)
    federation.publish(*federation.nodes.values())
    (federation.folder / "text.md").write_text("Within 72 hours.", "utf-8")
    (federation.folder / "other.md").write_text("Within 48 hours.", "utf-8")
    (federation.folder / "empty.md").write_text("  \n", "utf-8")
    members = "".join(
        f'[[members]]\nmember = "{name}"\ngroups = ["region:{region}"]\n'
        for name, region in (("kh", "Asia"), ("sg", "Asia"))
    )
    (federation.folder / "two.toml").write_text(members, "utf-8")
    yield federation
    federation.close()


def draft(federation: Federation, **more: object) -> Draft:
    """Return a proposal under a plain majority of those who vote."""
    made = Draft(
        title="Notice", text=federation.folder / "text.md", rule="un-general-assembly",
        days=7, topic="incidents",
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]  # by name


def proposed(federation: Federation, **more: object) -> Reference:
    """Let kh propose, and everybody receive it."""
    place, _ = put(federation.kh, draft(federation, **more), now=federation.now())
    federation.publish(federation.kh)
    return place


def refused(act: Callable[[], object], kind: type[ComityError], words: str) -> None:
    """Hold an act to being refused in words."""
    with pytest.raises(kind) as caught:
        act()
    faults = caught.value.faults if isinstance(caught.value, InvalidDocument) else ()
    said = " ".join((caught.value.message, caught.value.hint, *map(str, faults)))
    assert words in said


def answers(node: Node, place: Reference, now: Instant) -> dict[str, str]:
    """Return where each member stands, by name."""
    return {seat.name: seat.answer for seat in decision(node, place, now).seats}


def test_a_vote_goes_from_the_proposal_to_the_same_result_everywhere(made: Federation) -> None:
    """The whole way by the desk, with nobody in the middle."""
    place = proposed(made)
    for node, choice in ((made.br, "yes"), (made.sg, "abstain")):
        vote(node, place, choice, now=made.now())
        made.publish(node)
    for node in (made.kh, made.br, made.sg):
        assert receive(node, now=made.now())
    made.publish(made.kh, made.br, made.sg)
    after = Instant(made.now() + LATER)
    sheets = [decision(node, place, after) for node in (made.kh, made.br, made.sg)]

    assert [sheet.row.state for sheet in sheets] == [State.ADOPTED] * 3
    assert answers(made.kh, place, after) == {"kh": "silent", "br": "yes", "sg": "abstain"}
    assert len({json.dumps(sheet.to_json()["account"]) for sheet in sheets}) == 1
    assert sheets[0].result == sheets[1].result == sheets[2].result
    assert receive(made.br, now=made.now()) == ()


def test_a_list_shows_what_is_still_to_be_decided_first(made: Federation) -> None:
    """That is what a delegate looks for."""
    proposed(made, days=None)
    rows = proposals(made.sg, made.now())

    assert [row.state for row in rows] == sorted(
        (row.state for row in rows), key=lambda state: state is State.ADOPTED
    )
    assert rows[0].to_json()["proposal"] == rows[0].at


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"rule": "without-hegemon"}, "region"),
        ({"rule": "withot-hegemon"}, "without-hegemon"),
        ({"text": Path("empty.md")}, "no text to vote on"),
        ({"days": 0}, "0 days are none"),
        ({"days": 7, "closes": Instant(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))}, "said twice"),
        ({"days": None, "closes": Instant(dt.datetime(2001, 1, 1, tzinfo=dt.UTC))}, "passed"),
        ({"receipts": 0}, "0 receipts show nothing"),
        ({"receipts": 3}, "3 other members must receive a ballot in time"),
        ({"electorate": Path("nowhere.toml")}, "nowhere.toml"),
    ],
)  # fmt: skip
def test_a_proposal_that_could_not_be_decided_is_refused(
    made: Federation, more: dict[str, object], words: str
) -> None:
    """By whoever writes it, before anybody votes."""
    paths = {k: made.folder / v if isinstance(v, Path) else v for k, v in more.items()}
    before = made.kh.log.size

    refused(lambda: put(made.kh, draft(made, **paths), now=made.now()), ComityError, words)
    assert made.kh.log.size == before


def test_a_ballot_is_refused_before_it_is_signed(made: Federation) -> None:
    """No such choice, another text, no seat, no such proposal, a closed vote."""
    place = proposed(made)
    two = proposed(made, electorate=made.folder / "two.toml")
    far = replace(place, index=9_999)
    before, other = made.br.log.size, made.folder / "other.md"
    br, now = made.br, made.now()

    refused(lambda: vote(br, place, "yess", now=now), InvalidDocument, "did you mean 'yes'")
    refused(lambda: vote(br, place, "silent", now=now), InvalidDocument, "is no choice")
    refused(
        lambda: vote(br, place, "yes", text=other, now=now), InvalidDocument, "not the text"
    )
    refused(lambda: vote(br, two, "yes", now=now), NotPermitted, "no seat")
    refused(lambda: vote(br, far, "yes", now=now), NotFound, "not published")
    late = Instant(now + LATER)
    refused(lambda: vote(br, place, "yes", now=late), Conflict, "no longer voted on")
    later = proposed(made, opens=Instant(now + LATER))
    refused(lambda: vote(br, later, "yes", now=now), Conflict, "not open for votes yet")
    assert br.log.size == before


def ruled(federation: Federation, **procedure: object) -> str:
    """Write a rule of one's own and return its file."""
    leaf = {"share": {"num": 1, "den": 2}, "strict": True, "base": "members", "group": None}
    rule = federation.folder / "rule.json"
    rule.write_text(json.dumps({"rule": {"leaf": leaf}, "procedure": procedure}), "utf-8")
    return str(rule)


def test_a_negative_needs_its_reason_where_the_rule_asks_for_one(made: Federation) -> None:
    """Better refused here than counted as an abstention everywhere."""
    place = proposed(made, rule=ruled(made, negative_needs_reason=True))
    refused(lambda: vote(made.br, place, "no", now=made.now()), InvalidDocument, "reason")


def test_a_second_ballot_takes_the_next_number_though_the_first_is_unpublished(
    made: Federation,
) -> None:
    """Else a member that is offline would equivocate by accident."""
    place = proposed(made)
    vote(made.br, place, "yes", now=made.now())
    vote(made.br, place, "no", now=made.now())
    made.publish(made.br)

    assert answers(made.kh, place, made.now())["br"] == "no"


def test_only_the_proposer_amends_and_ballots_for_the_older_text_go_stale(
    made: Federation,
) -> None:
    """Others say in a position what they would have."""
    place = proposed(made)
    other, now = made.folder / "other.md", made.now()
    vote(made.br, place, "yes", now=now)
    made.publish(made.br)
    early = Instant(now - LATER)
    refused(lambda: amend(made.br, place, other, None, now=now), NotPermitted, "position")
    refused(lambda: amend(made.kh, place, other, early, now=now), InvalidDocument, "later")
    same = made.folder / "text.md"
    refused(lambda: amend(made.kh, place, same, None, now=now), InvalidDocument, "a word")
    comment(made.sg, place, "comments", reasons="Too long.", amends="Within a day.", now=now)
    refused(
        lambda: comment(made.sg, place, "agin", reasons="-", amends=None, now=now),
        InvalidDocument, "is no stance",
    )  # fmt: skip
    amend(made.kh, place, other, None, now=made.now())
    made.publish(made.kh)
    sheet = decision(made.sg, place, made.now())

    assert sheet.text == "Within 48 hours."
    assert [flag.code for flag in sheet.flags] == ["stale_text"]


def test_mandates_that_cannot_be_or_contradict_are_refused(made: Federation) -> None:
    """Nobody, oneself, a day that has passed, another bloc for the same topic."""
    node, now = made.sg, made.now()
    given = Given(bloc="mekong", holder="kh", rule="Consensus.", scope=("mandates",))
    past = Instant(now - LATER)
    for wrong, words in (
        (replace(given, holder="kh.example/lag"), "did you mean 'kh.example/log'"),
        (replace(given, holder="sg"), "its own vote"),
        (replace(given, until=past), "has passed"),
    ):
        refused(lambda w=wrong: give_mandate(node, w, now=now), InvalidDocument, words)  # type: ignore[misc]  # bound now
    first = give_mandate(node, given, now=now)
    made.publish(node)
    second = replace(given, bloc="islands", holder="br")
    refused(lambda: give_mandate(node, second, now=now), InvalidDocument, "holds a mandate")
    give_mandate(node, replace(second, scope=("trade",)), now=now)
    give_mandate(node, replace(second, beside=True), now=now)
    withdraw(node, first, "Over.", now=made.now())


def test_a_bloc_s_position_needs_a_mandate_for_the_topic(made: Federation) -> None:
    """Nobody speaks for who did not ask it to."""
    place = proposed(made, topic="positions")
    now = made.now()
    refused(
        lambda: take_position(made.br, place, "yes", bloc="south", now=now),
        NotPermitted, "nobody gave this member a mandate",
    )  # fmt: skip
    given = Given(bloc="south", holder="br", rule="Majority.", scope=("positions",))
    give_mandate(made.kh, replace(given, beside=True), now=now)
    made.publish(made.kh)
    take_position(made.br, place, "abstain", bloc="south", now=made.now())
    made.publish(made.br)
    assert answers(made.sg, place, made.now())["kh"] == "abstain"
    take_position(made.br, place, "none", bloc="south", now=made.now())
    made.publish(made.br)
    assert answers(made.sg, place, made.now())["kh"] == "silent"


def test_a_challenge_needs_days_for_it_and_a_decision(made: Federation) -> None:
    """A rule without such days has no appeal, and says so."""
    place = proposed(made)
    now = made.now()
    refused(lambda: challenge(made.br, place, "-", now=now), Conflict, "nothing is decided")
    after = Instant(now + LATER)
    refused(lambda: challenge(made.br, place, "-", now=after), Conflict, "no days")


def test_a_change_of_another_s_seat_names_its_decision(made: Federation) -> None:
    """And one's own word is enough to leave."""
    now, place = made.now(), proposed(made)
    refused(
        lambda: change_roll(made.kh, "br", "expelled", on=now, by=None, now=now),
        InvalidDocument, "rests on a decision",
    )  # fmt: skip
    refused(
        lambda: change_roll(made.kh, "br", "expeled", on=now, by=place, now=now),
        InvalidDocument, "did you mean 'expelled'",
    )  # fmt: skip
    refused(
        lambda: change_roll(made.kh, "br", "Left", on=now, by=place, now=now),
        InvalidDocument, "did you mean 'withdrawn'",
    )  # fmt: skip
    refused(
        lambda: change_roll(made.kh, "xx", "admitted", on=now, by=place, now=now),
        NotFound, "nobody is known",
    )  # fmt: skip


def _expelling(made: Federation, **more: object) -> Reference:
    """Let kh propose to expel br, and to restore it."""
    br = made.br.member
    path = made.folder / "expel.md"
    path.write_text(f"expelled {br}\nrestored {br}\n", "utf-8")
    return proposed(made, title="Expel br", text=path, **more)


def _adopt(made: Federation, place: Reference, other: Node) -> Instant:
    """Let kh and another adopt a proposal, and return an instant after its close."""
    for node in (made.kh, other):
        vote(node, place, "yes", now=made.now())
        made.publish(node)
    for node in (made.kh, made.br, made.sg):
        receive(node, now=made.now())
    made.publish(made.kh, made.br, made.sg)
    return Instant(made.now() + LATER)


def test_an_expulsion_takes_a_seat_where_its_decision_is_found_adopted(
    made: Federation,
) -> None:
    """Each reader counts that decision for itself; before it is adopted nothing changes."""
    expel, place = _expelling(made), proposed(made, days=90)
    change_roll(made.kh, "br", "expelled", on=made.now(), by=expel, now=made.now())
    made.publish(made.kh)
    before = decision(made.sg, place, made.now())
    assert (len(before.seats), before.flags[0].code) == (3, "roll")
    after = _adopt(made, expel, made.sg)
    sheet = decision(made.sg, place, after)
    assert {seat.name for seat in sheet.seats} == {"kh", "sg"}
    assert sheet.removed[0][0] == "br"
    change_roll(made.kh, "br", "restored", on=made.now(), by=expel, now=made.now())
    made.publish(made.kh)
    assert len(decision(made.sg, place, after).seats) == 3


@pytest.mark.parametrize("trick", ["own body", "own rule", "no close"])
def test_no_decision_of_another_body_or_rule_takes_a_seat(made: Federation, trick: str) -> None:
    """Else any member founds a body of its own, expels its rival, and carries its text."""
    own = made.folder / "own.toml"
    own.write_text('[[members]]\nmember = "kh"\n[[members]]\nmember = "br"\n', "utf-8")
    number = made.folder / "one.json"
    number.write_text('{"rule": {"leaf": {"number": 1, "group": null}}}', "utf-8")
    tricks: dict[str, dict[str, object]] = {
        "own body": {"electorate": own},
        "own rule": {"rule": str(number)},
        "no close": {"days": None},
    }
    expel, place = _expelling(made, **tricks[trick]), proposed(made, days=90)
    after = _adopt(made, expel, made.br if trick == "own body" else made.sg)
    assert decision(made.sg, expel, after).row.passed
    change_roll(made.kh, "br", "expelled", on=made.now(), by=expel, now=made.now())
    made.publish(made.kh)

    assert len(decision(made.sg, place, after).seats) == 3


def test_no_decision_changes_a_seat_it_does_not_name(made: Federation) -> None:
    """An adopted text on anything else would else expel whom its reader likes."""
    other = proposed(made)
    refused(
        lambda: change_roll(made.kh, "br", "expelled", on=made.now(), by=other,
                            now=made.now()),
        InvalidDocument, "does not say it",
    )  # fmt: skip


def test_a_proposal_its_author_takes_back_is_withdrawn(made: Federation) -> None:
    """By the verb for everything else one takes back."""
    place = proposed(made)
    withdraw(made.kh, place, "Another text is better.", now=made.now())
    made.publish(made.kh)

    assert decision(made.br, place, made.now()).row.state is State.WITHDRAWN


def test_before_its_time_no_choice_no_count_and_no_reason_is_shown(made: Federation) -> None:
    """Only who is still silent."""
    place = proposed(made, rule=ruled(made, reveal_min=5))
    vote(made.br, place, "no", reason="Costs.", now=made.now())
    made.publish(made.br)
    sheet = decision(made.kh, place, made.now())
    text = json.dumps(sheet.to_json())

    assert dict(sheet.counts) == {NOT_SHOWN: 1, "silent": 1, "silent, not reached": 1}
    assert sheet.account == ()
    assert "Costs." not in text
    assert sheet.to_json()["outcome"] is None


def test_a_ballot_nobody_can_read_is_void_and_flagged(made: Federation) -> None:
    """A newer version's choice, or a slip: it is shown, and it counts for nothing."""
    place = proposed(made)
    digest = decision(made.kh, place, made.now()).result.text
    ballot = Ballot(proposal=place, text=digest, choice=Answer.YES, sequence=0)
    spoilt = {**to_ballot_json(ballot), "choice": "perhaps"}
    with pytest.raises(InvalidDocument):
        record(made.br, "ballot", spoilt, subject=digest, now=made.now())
    statement = Statement(
        predicate_type=to_predicate_type("ballot"), predicate=spoilt,
        subjects=(Subject.of(digest),),
    )  # fmt: skip
    made.br.append([statement], made.now())
    made.publish(made.br)
    sheet = decision(made.sg, place, made.now())

    assert {seat.name: seat.answer for seat in sheet.seats}["br"] == "void"
    assert "choice" in next(flag.words for flag in sheet.flags if flag.code == "unreadable")


def test_who_does_not_hold_a_log_whole_publishes_no_result(made: Federation) -> None:
    """Others could find more in the same checkpoint."""
    place = proposed(made)
    late = made.found("th", "regulator", "THA")
    for peer in late.config.peers:
        mode = Mode.HASHES if peer.name == "br" else Mode.FULL
        late.follow(replace(peer, following=Following(mode=mode)), made.now())

    now = made.now()
    refused(
        lambda: publish_result(late, place, now, now=now), Conflict, "not every entry of br"
    )
    assert find_proposal(made.kh, f"{place.log}#{place.index}") == place
