# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An instrument as data: its final clauses, the acts on record, and what nobody knows of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from comity.council.instrument.act import CONSENTS, Act, Deed, Ground
from comity.council.instrument.delay import A_YEAR, AT_ONCE, Delay
from comity.council.rule.floor import Weights
from comity.council.rule.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A clause that the record does not hold; it is never guessed."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """When it enters into force.

    Args:
        rule: Over the states that consented, each as a yes on the floor.
        delay: From the day on which the rule first holds.
        not_before: A day before which it cannot, or None.
        later: For whom consents after the rule holds: from its own consent.
    """

    rule: Rule
    ground: Ground
    delay: Delay = AT_ONCE
    not_before: dt.date | None = None
    later: Delay | Unknown = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Prohibited:
    """No reservations (Vienna Convention 19(a))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """Only reservations to these provisions, which nobody need accept (19(b), 20(1))."""

    provisions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairwise:
    """Each other state accepts or objects for itself (19 to 23).

    Args:
        excluded: Provisions to which no reservation may be made.
        period: Silence for so long is acceptance (20(5)).
    """

    excluded: frozenset[str] = frozenset()
    period: Delay = A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class ByOrgan:
    """The competent organ accepts, where the instrument founds an organization (20(3)).

    Args:
        organ: Code under which it acts.
        assumed: The instrument is not known to say otherwise; its text was not seen.
    """

    organ: str
    assumed: bool = False


Reservations: TypeAlias = Prohibited | Permitted | Pairwise | ByOrgan | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """How a party leaves.

    Args:
        notice: From the notice to the day it is bound no longer.
        not_before: No notice within this time of entry into force; None for any time.
        for_each_party: That time runs from when the instrument entered into force for the
            party that leaves, not from when it entered into force at all.
    """

    notice: Delay
    not_before: Delay | None = None
    for_each_party: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotProvided:
    """The instrument says nothing of it: for leaving, Vienna Convention 56 applies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tacit:
    """What nobody stops in time is accepted.

    Args:
        window: From its notification to the day it is deemed accepted.
        force: Until it is in force, from the deemed acceptance, or from the notification
            where `from_notice`.
        stopped_by: Rule over the parties, an objection being a no; None where objections
            only keep out whoever makes them.
    """

    window: Delay
    force: Delay
    from_notice: bool = False
    stopped_by: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Express:
    """Accepted by acts of enough parties.

    Args:
        binds_all: It binds all parties once in force, not only those that accepted.
    """

    rule: Rule
    delay: Delay = AT_ONCE
    binds_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One change of the instrument on its way.

    Args:
        notified: The day from which times run.
        accepted_on: The day fixed at adoption on which it is deemed accepted, or None.
        longer: State to its own window and time to force, both from the notification.
        in_force_on: What the record says; None where it says nothing.
    """

    name: str
    title: str
    adopted: dt.date
    notified: dt.date
    ground: Ground
    accepted_on: dt.date | None = None
    longer: Mapping[str, tuple[Delay, Delay]] = field(default_factory=dict)
    in_force_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One provision by the name that reservations and differences give it.

    Args:
        is_recommended: It need not be complied with, nor a difference be stated.
        may_differ: A member may state a difference from it.
    """

    name: str
    title: str
    is_recommended: bool = False
    may_differ: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Associate:
    """A state that stands beside: an observer, one that was invited.

    Args:
        standing: In words, such as "invited, undecided".
    """

    state: str
    standing: str
    on: dt.date
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something of the instrument that nobody who kept this record knows."""

    about: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A treaty, agreement or standard that states are bound by through acts of their own.

    Args:
        opened: The day it was opened for signature; no act is before it. None if unknown.
        open_to: Who may become a party; None where anyone may, or it is not known.
        consent: Acts that express consent to be bound.
        unsure: Acts of which it is not known whether they do.
        provisional: Whether it may be applied provisionally.
        acts: On record, as far as `known_to`.
        is_complete: Whether the record holds every act up to `known_to`.
        founds: Code of the organization it founds, or "".
        in_force_on: What the record says of its entry into force; None where nothing.
        in_force_source: Where that was read.
        met_on: What the record says of the day on which the condition held; None where nothing.
        is_example: Made up, to show how it is done.
    """

    slug: str
    title: str
    entry: Entry | Unknown
    known_to: dt.date
    ground: Ground
    opened: dt.date | None = None
    open_to: frozenset[str] | None = None
    consent: frozenset[Deed] = CONSENTS
    unsure: frozenset[Deed] = frozenset()
    provisional: bool | Unknown = False
    reservations: Reservations = field(default_factory=Pairwise)
    exit: Exit | NotProvided | Unknown = field(default_factory=NotProvided)
    amending: Tacit | Express | Unknown = field(
        default_factory=lambda: Unknown(reason="the record does not say how it is amended")
    )
    provisions: tuple[Provision, ...] | Unknown = ()
    amendments: tuple[Amendment, ...] = ()
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weights: Mapping[str, Weights] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    is_complete: bool = False
    associates: tuple[Associate, ...] = ()
    missing: tuple[Missing, ...] = ()
    founds: str = ""
    in_force_on: dt.date | None = None
    in_force_source: str = ""
    met_on: dt.date | None = None
    is_example: bool = False
