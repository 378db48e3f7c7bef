# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From ballots to a result: pure, and independent of the order in which ballots are read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.council.rule.decide import Reason, decide
from comity.council.rule.floor import Answer, Floor
from comity.council.rule.rule import Rule
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId

SAYABLE = (Answer.YES, Answer.NO, Answer.ABSTAIN)
"""What a ballot may say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """Who may vote, and in which groups they stand.

    Args:
        groups: Group name to its members; groups may overlap.
    """

    members: frozenset[MemberId]
    groups: Mapping[str, frozenset[MemberId]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is put to the vote.

    Args:
        text: Digest of the text; a ballot names it, so nobody votes on another text.
    """

    text: Digest
    rule: Rule
    electorate: Electorate


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One member's vote; a later sequence number replaces an earlier one."""

    member: MemberId
    text: Digest
    choice: Answer
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was decided and why.

    Args:
        votes: The final vote of each member that cast one.
        silent: Members who cast none; silence is derived and cannot be faked.
        flagged: Ballots that did not count, each with the reason.
    """

    reason: Reason
    votes: tuple[tuple[MemberId, Answer], ...]
    silent: tuple[MemberId, ...]
    flagged: tuple[tuple[Ballot, str], ...]

    @property
    def passed(self) -> bool:
        """Tell whether the proposal is adopted."""
        return self.reason.passed


def tally(proposal: Proposal, ballots: Iterable[Ballot]) -> Result:
    """Count ballots under the proposal's rule.

    A member's ballot with the highest sequence number counts. Two different ballots under
    one number are equivocation: neither counts, and no older one is revived. Ballots of
    strangers and for another text are flagged, never silently counted.
    """
    by_member: dict[MemberId, list[Ballot]] = defaultdict(list)
    flagged: list[tuple[Ballot, str]] = []
    for ballot in set(ballots):
        if ballot.member not in proposal.electorate.members:
            flagged.append((ballot, "not a member of the electorate"))
        elif ballot.text != proposal.text:
            flagged.append((ballot, "names another text"))
        else:
            by_member[ballot.member].append(ballot)
    votes: dict[MemberId, Answer] = {}
    for member, cast in by_member.items():
        latest = max(ballot.sequence for ballot in cast)
        final = [ballot for ballot in cast if ballot.sequence == latest]
        if len(final) == 1:
            votes[member] = final[0].choice
        else:
            flagged.extend((ballot, "two votes under one number") for ballot in final)
    return Result(
        reason=decide(proposal.rule, _floor(proposal.electorate, votes)),
        votes=tuple(sorted(votes.items(), key=lambda vote: vote[0])),
        silent=tuple(sorted(proposal.electorate.members - votes.keys())),
        flagged=tuple(sorted(flagged, key=_flag_order)),
    )


def _floor(electorate: Electorate, votes: Mapping[MemberId, Answer]) -> Floor:
    answers = {str(member): answer for member, answer in votes.items()}
    return Floor(seats=electorate.members, groups=electorate.groups, answers=answers)


def _flag_order(flag: tuple[Ballot, str]) -> tuple[str, int, str, bytes]:
    ballot, _ = flag
    return (ballot.member, ballot.sequence, ballot.choice.value, ballot.text)
