# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council propose|amend|vote|position|challenge`: what a member says in a decision."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.council.decision.proposal import Motion
from comity.council.rule.explain import explain_procedure
from comity.desk.council.decision.acting import Draft, comment, put
from comity.desk.council.decision.acting import amend as amend_text
from comity.desk.council.decision.acting import challenge as challenge_count
from comity.desk.council.decision.acting import vote as cast
from comity.desk.council.decision.bloc import take_position
from comity.desk.council.decision.result import decision, find_proposal
from comity.desk.council.decision.sheet import DecisionSheet
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, from_rfc3339, to_rfc3339
from comity.node.clock import read_clock

_NEXT = "in time once another has it: comity node follow, then comity council receive"

Proposal = Annotated[
    str, Parameter(help="The proposal: its place, such as kh.example/log#7, or its SHA-256.")
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When a proposal is voted on, and how lateness is told.

    Args:
        days: Days from the opening to the close.
        opens: First instant of the vote, such as 2026-12-01T09:00:00Z; else now.
        closes: First instant at which a ballot is late, instead of --days.
        receipts: How many other members must have received a ballot in time.
    """

    days: int | None = None
    opens: str | None = None
    closes: str | None = None
    receipts: int = 1


ANY_TIME = Times()


def propose(
    text: Path,
    *,
    title: str,
    rule: str,
    node: NodeFolder,
    electorate: Path | None = None,
    topic: str = "",
    times: Times = ANY_TIME,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Put a text to the vote under a rule; everybody sees the rule with the text.

    Without an electorate every member followed may vote, and this one. docs/how-to/
    decide-together.md shows the file: one [[members]] each, with member, state and groups.

    Example: comity council propose notice.md --title "Notice of incidents" --rule
    without-hegemon --electorate members.toml --days 7 --node kh

    Args:
        text: File with the words, UTF-8.
        title: What it is called.
        rule: A rule that comes along (comity council rule list), or a .toml or .json file.
        electorate: TOML file that says who may vote.
        topic: What it is about, in the words of blocs' mandates.
    """
    telling = Telling(as_json=as_json)
    draft = Draft(
        title=title, text=text, rule=rule, electorate=electorate, days=times.days, topic=topic,
        opens=instant_of(times.opens), closes=instant_of(times.closes), receipts=times.receipts,
    )  # fmt: skip
    with opened(node, passphrase_file) as own:
        place, motion = put(own, draft, now=read_clock())
        _say_motion(telling, motion)
        telling.logged(own, place, "proposal", publish=publish)


def _say_motion(telling: Telling, motion: Motion) -> None:
    terms, seats = motion.proposal.terms, len(motion.proposal.electorate.members)
    telling.say(f"{motion.title}: {explain_procedure(motion.proposal.procedure)}")
    until = "without a close" if terms.closes is None else f"until {to_rfc3339(terms.closes)}"
    members = "1 member" if seats == 1 else f"{seats} members"
    telling.say(f"{members} may vote, {until}")


def amend(
    proposal: Proposal,
    text: Path,
    *,
    node: NodeFolder,
    closes: str | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Replace the text of your own proposal; ballots for the older text count no more.

    Example: comity council amend kh.example/log#7 notice2.md --node kh

    Args:
        text: File with the new words, whole.
        closes: A later close, such as 2026-12-10T09:00:00Z.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        place = find_proposal(own, proposal)
        moved = instant_of(closes)
        logged = amend_text(own, place, text, moved, now=read_clock())
        telling.say("ballots for the older text count no more: everybody votes again")
        telling.logged(own, logged, "amendment", publish=publish)


def vote(
    proposal: Proposal,
    choice: str,
    *,
    node: NodeFolder,
    reason: str = "",
    text: Path | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Cast a ballot; a later one replaces it until the close.

    It counts once other members have received it: they follow your log and run
    comity council receive.

    Example: comity council vote kh.example/log#7 yes --node br

    Args:
        choice: yes, no, object (a no that breaks silence), abstain, recused (takes no part)
            or present (is there and does not vote).
        reason: Why; some rules count no negative without one.
        text: The words you mean to vote on; refused where another text is in force.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        place, now = find_proposal(own, proposal), read_clock()
        before = decision(own, place, now)
        logged = cast(own, place, choice, reason=reason, text=text, now=now)
        _say_ballot(telling, before, own.member, choice)
        telling.logged(own, logged, "ballot", publish=publish)
        telling.say(_NEXT, style="dim")


def _say_ballot(telling: Telling, before: DecisionSheet, member: MemberId, choice: str) -> None:
    """Say what was voted on what, and which earlier ballot it replaces."""
    [said] = [seat.answer for seat in before.seats if seat.member == member] or [""]
    is_new = not said or said.startswith("silent") or said == "void"
    instead = "" if is_new else f", in place of {said}"
    telling.say(f"{choice} on “{before.row.title}”{instead}")


def position(
    proposal: Proposal,
    choice: str,
    *,
    node: NodeFolder,
    bloc: str | None = None,
    reason: str = "",
    amends: str | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say where a bloc stands, for members that gave you a mandate; or comment for yourself.

    A bloc's position counts for each member with a live mandate for the topic that casts no
    ballot of its own.

    Example: comity council position kh.example/log#7 yes --bloc mekong --node vn

    Example: comity council position kh.example/log#7 comments --reason "Too short." --node vn

    Args:
        choice: With --bloc as in a ballot, or none where the bloc found no position;
            without it for, against, abstains or comments.
        bloc: The bloc it is for.
        reason: Why.
        amends: Without --bloc: the words you would have instead.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        place, now = find_proposal(own, proposal), read_clock()
        if bloc is None:
            logged = comment(own, place, choice, reasons=reason, amends=amends, now=now)
        else:
            logged = take_position(own, place, choice, bloc=bloc, reason=reason, now=now)
        kind = "position" if bloc is None else "bloc-position"
        telling.logged(own, logged, kind, publish=publish)


def challenge(
    proposal: Proposal,
    *,
    reason: str,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Dispute how a proposal was counted, within the days its rule gives for that.

    The result is not final while a challenge stands; take it back with comity withdraw.

    Example: comity council challenge kh.example/log#7 --reason "A ballot is missing." --node br

    Args:
        reason: What was wrong with the count.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        place = find_proposal(own, proposal)
        logged = challenge_count(own, place, reason, now=read_clock())
        telling.logged(own, logged, "challenge", publish=publish)


def instant_of(text: str | None) -> Instant | None:
    """Read an instant as typed; None where none is given.

    Raises:
        InvalidDocument: It is none.
    """
    return None if text is None else from_rfc3339(text)
