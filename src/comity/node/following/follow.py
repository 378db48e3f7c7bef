# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bring a mirror up to date with a log, believing nothing that does not verify.

A log may be read at several places: its owner's and any mirrors the operator named. The
largest checkpoint that verifies wins, whoever shows it; entries may come from any of them;
every other checkpoint must be of the same tree, or the log is convicted of two stories.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from comity.errors import ComityError, InvalidDocument, PeerFailed, VerificationFailed
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.ledger.checkpoint import Checkpoint, from_text
from comity.ledger.cosignature import cosign
from comity.ledger.note import (
    MAX_NOTE_BYTES,
    Note,
    NoteKey,
    NoteSigner,
    from_bytes,
    is_signed_by,
)
from comity.ledger.quorum import Tally, tally
from comity.node.fetch.source import LogSource
from comity.node.following.intake import Intake, Paused, Progress, Wants, garbage, needed
from comity.node.following.learning import learn
from comity.node.following.quota import Meter, Pause, record_pause
from comity.node.following.sync import Sync, Trust
from comity.node.logs.mirror import Mirror

__all__ = ["Followed", "Manner", "Trust", "follow"]


def _stay_silent(_progress: Progress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one run follows.

    Args:
        is_beyond_quota: The operator lifts the peer's quota this once.
        mirror_signer: Signs what the mirror holds whole; None where it is no mirror.
        on_progress: Told after each bundle.
    """

    is_beyond_quota: bool = False
    mirror_signer: NoteSigner | None = None
    on_progress: Callable[[Progress], None] = _stay_silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What following came to.

    Args:
        previous: Size before.
        size: Size now, all of it verified.
        tally: Whose cosignatures counted on the newest checkpoint.
        source: Where the newest checkpoint was read.
        paused: Which quota keeps something out for now; empty where none does.
        trouble: What went wrong at the other places the log was read at.
        is_refilled: Whether entries below `previous` came in.
        fetched_bytes: Bytes counted within 24 hours, this run included.
    """

    member: MemberId
    previous: int
    size: int
    tally: Tally
    source: str = ""
    paused: str = ""
    trouble: tuple[str, ...] = ()
    is_refilled: bool = False
    fetched_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """A checkpoint as one source shows it, its log's signature not checked yet."""

    source: LogSource
    checkpoint: Checkpoint
    note: Note


def follow(
    sources: LogSource | Sequence[LogSource],
    mirror: Mirror,
    trust: Trust,
    now: Instant,
    manner: Manner | None = None,
) -> Followed:
    """Bring a mirror up to date from one place or several, the owner's first.

    Raises:
        PeerFailed: No place can be reached, or each is slow or sends garbage.
        VerificationFailed: Something does not verify, the log went back, or it forked
            (`ledger.fork`, with an evidence file); the mirror is as it was.
    """
    places = tuple(sources) if isinstance(sources, Sequence) else (sources,)
    manner = manner or Manner()
    meter = Meter(
        storage=mirror.storage,
        folder=mirror.folder,
        following=trust.following,
        now=now,
        is_beyond=manner.is_beyond_quota,
    )
    try:
        return _Following(mirror, trust, meter, manner).run(places)
    finally:
        meter.save()


class _Following:
    """One visit to all the places of one log."""

    def __init__(self, mirror: Mirror, trust: Trust, meter: Meter, manner: Manner) -> None:
        self._mirror = mirror
        self._trust = trust
        self._meter = meter
        self._manner = manner
        self._errors: list[ComityError] = []
        self._is_refilled = False
        self._is_paused = False

    def run(self, sources: Sequence[LogSource]) -> Followed:
        """Ask everywhere, take the largest, compare the rest."""
        previous = self._mirror.size
        offers = sorted(
            self._offers(sources), key=lambda one: one.checkpoint.size, reverse=True
        )
        if not offers:
            raise self._errors[0]
        taken = self._take_largest(offers, sources)
        for other in offers:
            is_other = taken is not None and other is not taken
            if is_other and other.checkpoint.size <= self._mirror.size:
                self._compare(other)
                self._heal(other)
            if taken is not None:
                self._learn(other.source)
        return self._outcome(previous, taken)

    def _offers(self, sources: Sequence[LogSource]) -> Iterator[_Offer]:
        """Yield what each source shows; one that fails is noted."""
        for source in sources:
            try:
                yield self._read_offer(source)
            except ComityError as error:
                self._errors.append(error)

    def _read_offer(self, source: LogSource) -> _Offer:
        encoded = needed(source, "checkpoint", MAX_NOTE_BYTES)
        try:
            note = from_bytes(encoded)
            checkpoint = from_text(note.text)
        except InvalidDocument as error:
            raise garbage(source, "checkpoint", error) from None
        tally(note, self._trust.quorum, owner=self._trust.member)
        return _Offer(source=source, checkpoint=checkpoint, note=note)

    def _take_largest(
        self, offers: Sequence[_Offer], sources: Sequence[LogSource]
    ) -> _Offer | None:
        """Take in the largest checkpoint whose entries somebody has; None where paused."""
        failed: list[ComityError] = []
        for offer in offers:
            others = [one for one in sources if one is not offer.source]
            for source in (offer.source, *others):
                try:
                    self._settle(offer, source)
                except Paused:
                    self._is_paused = True
                    return None
                except (PeerFailed, VerificationFailed) as error:
                    if error.code == "ledger.fork":
                        raise
                    failed.append(error)
                    if error.code in {"ledger.rollback", "ledger.origin", "ledger.checkpoint"}:
                        break  # no other source makes that checkpoint better
                else:
                    self._errors += failed
                    return offer
        raise self._worst(failed)

    def _worst(self, failed: Sequence[ComityError]) -> ComityError:
        """Return what the operator should hear first: a lie, else the owner's own failure."""
        is_behind = all(error.code == "ledger.rollback" for error in failed)
        if self._errors and is_behind:
            return self._errors[0]
        lies = (error for error in failed if isinstance(error, VerificationFailed))
        return next(lies, failed[0])

    def _settle(self, offer: _Offer, source: LogSource) -> None:
        sync = self._sync(offer, source)
        try:
            if sync.held is not None:
                sync.refill()
                sync.heal()
            note = sync.settle()
        finally:
            self._is_refilled = self._is_refilled or sync.is_refilled
            self._is_paused = self._is_paused or sync.is_paused
        self._keep(note, sync)

    def _sync(self, offer: _Offer, source: LogSource) -> Sync:
        held = self._mirror.find_checkpoint()
        return Sync(
            source=source,
            mirror=self._mirror,
            trust=self._trust,
            target=offer.checkpoint,
            note=offer.note,
            held=held,
            identity=None if held is None else self._mirror.read_identity(),
            meter=self._meter,
            on_progress=self._manner.on_progress,
            own_keys=self._own_keys(),
        )

    def _own_keys(self) -> tuple[NoteKey, ...]:
        signer = self._manner.mirror_signer
        return () if signer is None else (signer.key,)

    def _keep(self, note: Note, sync: Sync) -> None:
        """Record the checkpoint, with this mirror's word on it where every entry is here."""
        signer, now = self._manner.mirror_signer, self._meter.now
        if signer is not None and sync.is_whole and not is_signed_by(note, signer.key):
            note = note.with_signatures([cosign(note, signer, now)])
        counted = tally(note, self._trust.quorum, owner=self._trust.member)
        self._mirror.keep(note, is_counted=counted.is_met, now=now)
        if self._is_refilled:
            self._mirror.forget_derived()

    def _compare(self, other: _Offer) -> None:
        """Check another source's checkpoint against the tree now held; take its cosignatures.

        Raises:
            VerificationFailed: The log signed both, and they contradict (`ledger.fork`).
        """
        sync = self._sync(other, other.source)
        try:
            note = sync.settle()
        except VerificationFailed as error:
            if error.code == "ledger.fork":
                raise
            if error.code != "ledger.rollback":
                self._errors.append(error)
        except (PeerFailed, Paused) as error:
            if isinstance(error, PeerFailed):
                self._errors.append(error)
        else:
            self._keep(note, sync)

    def _heal(self, other: _Offer) -> None:
        sync = self._sync(other, other.source)
        sync.heal()
        self._is_refilled = self._is_refilled or sync.is_refilled

    def _learn(self, source: LogSource) -> None:
        """Ask a source where the member's keys changed, if not all entries are kept."""
        intake = Intake(
            source=source,
            mirror=self._mirror,
            wants=Wants(following=self._trust.following),
            meter=self._meter,
            since=self._mirror.size,
            look=lambda _number, _entries: None,  # read once all is here
            on_progress=self._manner.on_progress,
        )
        if learn(intake):
            self._is_refilled = True
            self._mirror.forget_derived()

    def _outcome(self, previous: int, taken: _Offer | None) -> Followed:
        held, reason = self._mirror.find_checkpoint(), self._meter.reason
        paused = reason if self._is_paused else ""
        if paused:
            pause = Pause(at=self._meter.now, reason=paused)
            record_pause(self._mirror.storage, self._mirror.folder, pause)
        counted = Tally(counted=(), needed=0, is_met=False)
        if held is not None:
            counted = tally(held.note, self._trust.quorum, owner=self._trust.member)
        return Followed(
            member=self._trust.member,
            previous=previous,
            size=self._mirror.size,
            tally=counted,
            source="" if taken is None else taken.source.name,
            paused=paused,
            trouble=tuple(" ".join(str(error).split()) for error in self._errors),
            is_refilled=self._is_refilled,
            fetched_bytes=self._meter.fetched_bytes,
        )
