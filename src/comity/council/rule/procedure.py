# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rule with what surrounds it: quorum, silence, who has a seat when, and what counts late."""

from dataclasses import dataclass
from enum import Enum

from comity.council.rule.rule import Rule


class Roll(Enum):
    """When it is settled who has a seat."""

    AT_OPEN = "at_open"
    AT_CLOSE = "at_close"


class Departed(Enum):
    """What becomes of the seat of a member that leaves, is expelled or suspended meanwhile."""

    REMOVE = "remove"
    KEEP = "keep"


class OnBreak(Enum):
    """What follows when silence is broken."""

    VOTE = "vote"
    FAIL = "fail"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What nobody breaks in time is adopted.

    Args:
        period_h: Hours from the opening, 1 or more.
        broken_by: A rule over objections and noes; where it holds, silence is broken.
        extend_h: Hours added once where `on_break` is `EXTEND`, else 0.
    """

    period_h: int
    broken_by: Rule
    on_break: OnBreak
    extend_h: int = 0


AMENDMENTS_UNTIL_H = 24
"""Hours before the close, where a procedure says none: a text is voted on the day after it
is given out at the earliest, as in the General Assembly (rule 78 of its rules of procedure;
from memory)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """How a body decides one kind of question.

    Args:
        adopts: The rule that adopts; under silence, the rule of the vote that follows a break.
        quorum: Holds before anything can be adopted; None for none.
        negative_needs_reason: A no or an objection without a reason becomes an abstention.
        departed: For members that leave or are expelled; `suspended` for those suspended.
        closes_early: The result stands once no further ballot can change it.
        amendments_until_h: Hours before the close until which an amendment may still be
            received; 0 for the close itself.
        reveal_min: Minutes before the close from which ballots may be shown; None for at once.
        challenge_days: Days after the close in which a challenge may be filed, 0 for none.
    """

    adopts: Rule
    quorum: Rule | None = None
    silence: Silence | None = None
    negative_needs_reason: bool = False
    roll: Roll = Roll.AT_OPEN
    departed: Departed = Departed.REMOVE
    suspended: Departed = Departed.REMOVE
    closes_early: bool = False
    amendments_until_h: int = AMENDMENTS_UNTIL_H
    reveal_min: int | None = None
    challenge_days: int = 0
