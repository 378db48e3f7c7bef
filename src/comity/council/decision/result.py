# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What was decided and why: each member's answer, what did not count, what decided."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from comity.council.decision.docket import HeldLog
from comity.council.rule.decide import Reason
from comity.council.rule.floor import Answer
from comity.council.rule.outcome import Outcome
from comity.kernel.digest import Digest
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference


class State(Enum):
    """Where a proposal stands.

    `OPEN` is tabled and not voted on yet; `FINAL` is decided and no longer open to challenge.
    """

    OPEN = "open"
    VOTING = "voting"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    SILENCE_HELD = "silence_held"
    SILENCE_BROKEN = "silence_broken"
    EXTENDED = "extended"
    CHALLENGED = "challenged"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something that did not count as its author may have wished, and why.

    Args:
        code: Stable, such as "late".
        reference: The statement; None where it is about none.
    """

    member: MemberId
    code: str
    words: str
    reference: Reference | None = None

    @property
    def order(self) -> tuple[str, str, int, bytes, str, str]:
        """Return what sorts flags alike for every reader."""
        if self.reference is None:
            return (self.member, "", -1, b"", self.code, self.words)
        at = self.reference
        return (self.member, at.log, at.index, at.sha256, self.code, self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one seat stands.

    Args:
        bloc: The bloc whose position it is; "" where it is the member's own.
        is_reached: Its own log shows that the proposal was delivered; only what is silent
            needs it.
        by: The ballot or position that says so; None where it is silent or void.
    """

    member: MemberId
    answer: Answer
    bloc: str = ""
    is_reached: bool = True
    by: Reference | None = None
    reason: str = ""

    @property
    def words(self) -> str:
        """Say the answer in a word or two; silence that may not be consent is told apart."""
        if self.answer is Answer.SILENT and not self.is_reached:
            return "silent, not reached"
        return self.answer.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was decided and why, as of one instant, from the logs it names.

    Args:
        passed: Whether the text is adopted, as far as is decided.
        is_decided: Whether anything is decided at all.
        text: Digest of the text in force, the last amendment's if there is one.
        closes: The close in force; the end of the silence where one runs.
        standings: One for each seat, by member id.
        removed: Members on the proposal's roll without a seat any more, each with why.
        outcome: What the procedure made of the floor, part by part: which base counted, what
            abstention did, what would flip it.
        is_revealed: Whether the procedure lets choices be shown yet.
    """

    proposal: Reference
    as_of: Instant
    state: State
    passed: bool
    is_decided: bool
    text: Digest
    closes: Instant | None
    standings: tuple[Standing, ...]
    removed: tuple[tuple[MemberId, str], ...]
    flagged: tuple[Flag, ...]
    outcome: Outcome
    is_revealed: bool
    logs: tuple[HeldLog, ...]

    @property
    def reason(self) -> Reason:
        """Return what the deciding rule made of the floor, part by part."""
        return self.outcome.reason

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many seats stand where; silence splits into reached and not."""
        said = Counter(standing.words.replace(", ", "_").replace(" ", "_")
                       for standing in self.standings)  # fmt: skip
        return {word: said[word] for word in sorted(said)}

    @property
    def silent(self) -> tuple[MemberId, ...]:
        """Return who said nothing; silence is derived and cannot be faked."""
        return tuple(
            one.member for one in self.standings if one.answer is Answer.SILENT
        )  # fmt: skip
