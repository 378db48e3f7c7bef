# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is put to the vote: a text, the procedure that decides it, and who may vote, when."""

from dataclasses import dataclass

from comity.council.decision.electorate import Electorate
from comity.council.rule.procedure import Procedure
from comity.kernel.digest import Digest, sha256
from comity.kernel.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When a proposal is voted on, and how lateness is told.

    Args:
        opens: First instant at which it is voted on; None for at once.
        closes: First instant at which a ballot is late; None for no close.
        topic: What it is about, in the words of mandates; "" for no topic.
        receipts: How many other members must have received a statement before the close for
            it to be in time, 1 or more.
    """

    opens: Instant | None = None
    closes: Instant | None = None
    topic: str = ""
    receipts: int = 1


AT_ONCE = Terms()
"""Open at once and without a close."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is put to the vote.

    Args:
        text: Digest of the text; a ballot names it, so nobody votes on another text.
    """

    text: Digest
    procedure: Procedure
    electorate: Electorate
    terms: Terms = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """A proposal with the words that are put to the vote.

    Args:
        text: The words; None where they stand in a public blob, whose digest is the
            proposal's `text`.
    """

    title: str
    text: str | None
    proposal: Proposal


def propose(
    title: str,
    text: str,
    procedure: Procedure,
    electorate: Electorate,
    terms: Terms = AT_ONCE,
) -> Motion:
    """Put a text to the vote; the digest of its UTF-8 bytes is what ballots name."""
    proposal = Proposal(
        text=sha256(text.encode()), procedure=procedure, electorate=electorate, terms=terms
    )
    return Motion(title=title, text=text, proposal=proposal)
