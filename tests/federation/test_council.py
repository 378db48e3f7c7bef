# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Five members decide: a bloc, an equivocator, a late ballot, a log with two stories."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from tests.federation.conftest import NOW, Federation

from comity.council.decision.comparison import compare, finding_of
from comity.council.decision.docket import Ballot
from comity.council.decision.result import Result, State
from comity.council.decision.statement import to_ballot_json
from comity.council.decision.statement_record import to_result_json
from comity.council.rule.floor import Answer
from comity.desk.council.decision.acting import Draft, put, vote
from comity.desk.council.decision.bloc import Given, give_mandate, take_position
from comity.desk.council.decision.docket import Chamber
from comity.desk.council.decision.receipt import receive
from comity.desk.council.decision.result import compare_results, publish_result
from comity.desk.log.record import record
from comity.errors import VerificationFailed
from comity.kernel.canonical import to_canonical
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from comity.kernel.reference import Reference
    from comity.node.node import Node

pytestmark = pytest.mark.xdist_group("council")

NAMES = ("ada", "bo", "cem", "dee", "eve")
TEXT = "Notice is given within 72 hours."
CLOSES = Instant(NOW + dt.timedelta(days=7))


@dataclass(slots=True)
class Council:
    """Five members, and the proposal of the first."""

    federation: Federation
    proposal: Reference

    def __getitem__(self, name: str) -> Node:
        """Return a member's node."""
        return self.federation.nodes[name]

    @property
    def now(self) -> Instant:
        """Return the instant all clocks show."""
        return self.federation.now

    def share(self, *authors: str) -> None:
        """Let some publish and all others follow them."""
        for name in authors:
            self[name].publish(self.now)
        for reader in NAMES:
            for name in authors:
                if name != reader:
                    self[reader].follow(name, self.now)

    def acknowledge(self) -> None:
        """Let everybody receive what there is, and say so."""
        for name in NAMES:
            receive(self[name], now=self.now)
        self.share(*NAMES)

    def result(self, reader: str) -> Result:
        """Count as one member sees it."""
        chamber = Chamber(self[reader].view())
        return chamber.tally(chamber.get(self.proposal), self.now)


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """Return five members after a vote in which much went wrong."""
    folder = tmp_path_factory.mktemp("council")
    federation = Federation(folder)
    for name in NAMES:
        federation.found(name)
    federation.introduce()
    for name in NAMES:
        federation.nodes[name].publish(NOW)
    made = _proposed(federation, folder)
    _voted(made)
    yield made
    for node in federation.nodes.values():
        node.close()


def _proposed(federation: Federation, folder: Path) -> Council:
    text, members = folder / "text.md", folder / "members.toml"
    text.write_text(TEXT, "utf-8")
    members.write_text("".join(f'[[members]]\nmember = "{name}"\n' for name in NAMES), "utf-8")
    ada = federation.nodes["ada"]
    for name in NAMES[1:]:
        ada.follow(name, NOW)
    draft = Draft(title="Notice", text=text, rule="un-general-assembly", electorate=members,
                  days=7, topic="incidents")  # fmt: skip
    place, _ = put(ada, draft, now=NOW)
    made = Council(federation=federation, proposal=place)
    made.share(*NAMES)
    made.acknowledge()
    return made


def _voted(council: Council) -> None:
    """Let ada equivocate, bo and cem give dee a mandate, cem vote itself, eve vote."""
    digest = sha256(TEXT.encode())
    for choice in (Answer.YES, Answer.NO):
        ballot = Ballot(proposal=council.proposal, text=digest, choice=choice, sequence=0)
        record(council["ada"], "ballot", to_ballot_json(ballot), subject=digest, now=NOW)
    for name in ("bo", "cem"):
        given = Given(bloc="mekong", holder="dee", rule="Majority.", scope=("incidents",))
        give_mandate(council[name], given, now=NOW)
    council.federation.twin("eve")
    vote(council["cem"], council.proposal, "no", now=NOW)
    vote(council["eve"], council.proposal, "yes", now=NOW)
    vote(council["dee"], council.proposal, "yes", now=NOW)
    council.share(*NAMES)
    take_position(council["dee"], council.proposal, "yes", bloc="mekong", now=NOW)
    council.share("dee")
    council.acknowledge()
    digest = sha256(TEXT.encode())
    council.federation.now = Instant(CLOSES + dt.timedelta(hours=1))
    late = Ballot(proposal=council.proposal, text=digest, choice=Answer.NO, sequence=0)
    record(council["bo"], "ballot", to_ballot_json(late), subject=digest, now=council.now)
    council.share("bo")
    council.acknowledge()


def convict(council: Council, twin: Node, *readers: str) -> None:
    """Show readers the other story of eve's log."""
    for reader in readers:
        link = council.federation.links[reader, "eve"]
        link.folder = twin.public_folder
        with pytest.raises(VerificationFailed):
            council[reader].follow("eve", council.now)
        link.folder = None


def answers(council: Council, result: Result) -> dict[str, str]:
    """Return where each member stands, by name."""
    names = {council[name].member: name for name in NAMES}
    return {names[one.member]: one.words for one in result.standings}


def test_a_vote_in_which_much_goes_wrong_has_one_result(council: Council) -> None:
    """A bloc's position, an equivocator, a late ballot, a member's own word over its bloc's."""
    result = council.result("dee")

    assert answers(council, result) == {
        "ada": "void", "bo": "yes", "cem": "no", "dee": "yes", "eve": "yes",
    }  # fmt: skip
    assert {one.bloc for one in result.standings} == {"", "mekong"}
    assert sorted(flag.code for flag in result.flagged) == [
        "equivocation", "equivocation", "late",
    ]  # fmt: skip
    assert (result.state, result.passed) == (State.ADOPTED, True)


def test_two_readers_who_follow_in_other_orders_get_the_same_bytes(
    council: Council, tmp_path: Path
) -> None:
    """One of them begins anew, from nothing, and reads the logs backwards."""
    fresh = Federation(tmp_path)
    fresh.now = council.now
    fresh.found("fay")
    fay = fresh.nodes["fay"]
    for name in reversed(NAMES):
        fresh.links["fay", name] = council.federation.links[
            "cem" if name != "cem" else "bo", name
        ]
        fay.add_peer(council["ada" if name != "ada" else "bo"].get_peer(name))
        fay.follow(name, council.now)
    chamber = Chamber(fay.view())
    there = chamber.tally(chamber.get(council.proposal), council.now)
    here = council.result("cem")
    own = {log.origin for log in there.logs} - {log.origin for log in here.logs}
    fay.close()

    assert own == {"fay.example/log"}
    found = replace(there, logs=tuple(log for log in there.logs if log.origin not in own))
    assert to_canonical(to_result_json(here)) == to_canonical(to_result_json(found))
    assert repr(here.standings) == repr(there.standings)
    assert repr(here.outcome) == repr(there.outcome)
    assert repr(here.flagged) == repr(there.flagged)


def test_members_with_the_same_logs_find_the_same_bytes(council: Council) -> None:
    """Every member counts for itself, and nobody is asked."""
    found = {to_canonical(to_result_json(council.result(name))) for name in NAMES}

    assert len(found) == 1


def test_a_second_story_unmakes_no_vote_that_others_had_received_and_everybody_hears_of_it(
    council: Council,
) -> None:
    """Who lacks the evidence is told which; nobody finds another truth for one set of logs."""
    before, twin = council.result("bo"), council["eve-twin"]
    council.federation.say("eve-twin", *range(9))
    convict(council, twin, "bo", "cem")
    one, other, blind = (council.result(name) for name in ("bo", "cem", "dee"))

    assert answers(council, one) == answers(council, before)
    assert to_canonical(to_result_json(one)) == to_canonical(to_result_json(other))
    assert {flag.code for flag in one.flagged} >= {"forked_stands", "forked_log"}
    assert before.passed
    differences = compare(finding_of(one), finding_of(blind), ("bo", "dee"))
    assert [(each.kind, each.lacks) for each in differences] == [("fork", 1)]


def test_a_published_result_is_counted_again_by_whoever_holds_its_logs(
    council: Council,
) -> None:
    """From the checkpoints it names, though logs have grown since; what is lacking is said."""
    council["dee"].publish(council.now)
    place, sheet = publish_result(
        council["dee"], council.proposal, council.now, now=council.now
    )
    cited = f"{place.log}#{place.index}"
    council.share("dee", "bo")
    assert compare_results(council["ada"], cited).is_same
    assert sheet.row.state is State.ADOPTED

    council.federation.say("bo", 7)
    council["dee"].follow("bo", council.now)
    ahead, _ = publish_result(council["dee"], council.proposal, council.now, now=council.now)
    council.share("dee")
    compared = compare_results(council["ada"], f"{ahead.log}#{ahead.index}")
    assert [(one.kind, one.lacks, one.origin) for one in compared.differences] == [
        ("size", 1, "bo.example/log")
    ]


def test_a_result_that_leaves_out_a_member_s_log_is_not_found_the_same(
    council: Council,
) -> None:
    """A count without whom one would not hear is right of what it names, and yet untrue."""
    node = council["dee"]
    chamber = Chamber(node.view())
    held = {log.origin: log.size for log in chamber.logs}
    del held[chamber.members[council["cem"].member].identity.origin]
    deaf = Chamber(node.view(), held)
    result = deaf.tally(deaf.get(council.proposal), council.now)
    at = record(node, "result", to_result_json(result), subject=council.proposal.sha256,
                now=council.now)  # fmt: skip
    council.share("dee")
    compared = compare_results(council["ada"], f"{at.log}#{at.index}")

    assert ("followed", 0, "cem.example/log") in [
        (one.kind, one.lacks, one.origin) for one in compared.differences
    ]
