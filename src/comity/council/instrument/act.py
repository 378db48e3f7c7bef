# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a state did about an instrument, on which day, and on whose word."""

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from comity.kernel.canonical import Json


class Deed(Enum):
    """Kinds of acts, in the order in which acts of one day are taken."""

    SIGNATURE = "signature"
    PROVISIONAL = "provisional application"
    RATIFICATION = "ratification"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    ACCESSION = "accession"
    RESERVATION = "reservation"
    RESERVATION_ACCEPTED = "acceptance of reservation"
    RESERVATION_REFUSED = "refusal of reservation"
    OBJECTION = "objection"
    RESERVATION_WITHDRAWN = "withdrawal of reservation"
    OBJECTION_WITHDRAWN = "withdrawal of objection"
    AMENDMENT_ACCEPTED = "acceptance of amendment"
    AMENDMENT_OBJECTED = "objection to amendment"
    PROVISIONAL_ENDED = "end of provisional application"
    DENUNCIATION = "denunciation"
    DENUNCIATION_WITHDRAWN = "withdrawal of denunciation"


CONSENTS = frozenset({Deed.RATIFICATION, Deed.ACCEPTANCE, Deed.APPROVAL, Deed.ACCESSION})
"""Acts by which states usually consent to be bound: Vienna Convention 14 and 15."""

ORDER = {deed: place for place, deed in enumerate(Deed)}


class Basis(Enum):
    """On whose word an act or a rule is held to be so, the best first."""

    TEXT = "text"
    STATEMENT = "own statement"
    SECONDARY = "secondary"
    MEMORY = "memory"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why something is held to be so.

    Args:
        source: Where it was read, or the place of the statement in its author's log.
        note: What a reader must know of it.
        contradicted: What another source says against it; "" where none does.
        is_example: Made up: said by a member that is an example, or marked so by its author.
    """

    basis: Basis
    source: str = ""
    note: str = ""
    contradicted: str = ""
    is_example: bool = False

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {
            "basis": self.basis.value, "source": self.source, "note": self.note,
            "contradicted": self.contradicted, "example": self.is_example,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of one state.

    Args:
        state: ISO 3166-1 alpha-3 code, EU, or the code of an organ or organization.
        on: The day of it: for instruments, of their deposit.
        at_the_latest: The day is not known, only that it was not after `on`.
        provisions: Which it concerns; none for the whole.
        towards: Whose reservation is objected to, accepted or refused; else "".
        opposes_entry: The objector wants no treaty relation with whom it objects to.
        amendment: Name of the amendment it speaks of, or "".
        text: Its words.
        notified: The day the others learned of it; None where that is the day itself.
    """

    state: str
    deed: Deed
    on: dt.date
    ground: Ground
    at_the_latest: bool = False
    provisions: tuple[str, ...] = ()
    towards: str = ""
    opposes_entry: bool = False
    amendment: str = ""
    text: str = ""
    notified: dt.date | None = None

    @property
    def known_to_others_on(self) -> dt.date:
        """The day from which the time for objections runs."""
        return max(self.on, self.notified or self.on)

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values; what says nothing is left out."""
        written: dict[str, Json] = {
            "state": self.state, "act": self.deed.value, "on": self.on.isoformat(),
            "ground": self.ground.to_json(),
        }  # fmt: skip
        optional: dict[str, Json] = {
            "at_the_latest": self.at_the_latest, "provisions": list(self.provisions),
            "towards": self.towards, "opposes_entry": self.opposes_entry,
            "amendment": self.amendment, "text": self.text,
            "notified": None if self.notified is None else self.notified.isoformat(),
        }  # fmt: skip
        return written | {name: value for name, value in optional.items() if value}


def in_order(act: Act) -> tuple[object, ...]:
    """Return the key that sorts acts in one way, whatever order they came in."""
    return (
        act.on, ORDER[act.deed], act.state, act.towards, act.amendment, act.provisions,
        _RANKS[act.ground.basis], act.ground.source, act.text, act.opposes_entry,
        act.notified or dt.date.min, act.at_the_latest, act.ground.note,
        act.ground.contradicted,
    )  # fmt: skip


_RANKS = {basis: place for place, basis in enumerate(Basis)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """An act that cannot be, or contradicts another; it counts for nothing.

    Args:
        code: A stable word such as "twice".
        says: Why, as one plain sentence.
    """

    act: Act
    code: str
    says: str

    def to_json(self) -> dict[str, Json]:
        """Write it as plain JSON values."""
        return {"code": self.code, "says": self.says, "act": self.act.to_json()}
