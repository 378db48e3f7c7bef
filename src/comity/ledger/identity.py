# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who a member is over time: the history of its keysets, read from its own log.

A reading of an entry depends on nothing that comes after it, so that two readers of one log
agree whenever they look. What comes later can only dispute: a compromise names the last
entry its owner stands by, and those that follow stay in the log, shown as disputed.

Source:
    Rotation by the threshold of the old root and of the new one: The Update Framework 1.0,
    section 5.3. Naming the keys that follow before they are needed: KERI, "pre-rotation".
"""

import binascii
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, to_posix
from comity.ledger.envelope import Envelope, count_signatures, from_bytes
from comity.ledger.keyset import (
    KEYSET_TYPE,
    Keyset,
    Root,
    from_predicate,
    open_first_entry,
)
from comity.ledger.note import NoteKey
from comity.ledger.revocation import COMPROMISE_TYPE, Compromise, names_of, open_compromise
from comity.ledger.statement import PAYLOAD_TYPE, Statement, from_payload

BOTH_SIGN = 256
"""For how many entries after a rotation the log's old key signs checkpoints beside the new."""
MAX_KEYSETS = 256
"""Of one log, so that evidence of a fork shows them all: 21 years of a change a month."""
MAX_ROTATION_BYTES = 16 * 1024
"""Of the entry of a later keyset: 16 keys of each purpose and 16 signatures take 14 KiB."""
TOLERANCE_S = 300
"""How far a clock may run behind before a claimed time counts as back-dated."""

_HINT = "docs/how-to/rotate-a-key.md shows how a rotation is prepared and signed"
_START = b'{"payload":"'
_MARKS = tuple(f'"{kind}"'.encode() for kind in (KEYSET_TYPE, COMPROMISE_TYPE))
"""The types as every canonical payload spells them; the longer, the quicker is the search."""


def _in_base64(mark: bytes) -> Iterator[bytes]:
    """Yield how a text reads inside base64, at each of its three alignments."""
    for shift in range(3):
        encoded = binascii.b2a_base64(bytes(shift) + mark, newline=False)
        yield encoded[-(-shift * 8 // 6) : (shift + len(mark)) * 8 // 6]


_NEEDLES = tuple(needle for mark in _MARKS for needle in _in_base64(mark))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """One keyset and where it came into force.

    Args:
        entry: The index of its statement; it gives the keys of every entry after that one,
            the first also those of its own.
    """

    keyset: Keyset
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A keyset or a compromise that changes nothing.

    Args:
        code: Of the error that says why, such as "ledger.keyset_next".
    """

    entry: int
    kind: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A member as its log states it up to some entry.

    Args:
        tenures: Its keysets in their order; at least the first.
        refused: What asked to change them and was not entitled to.
    """

    member: MemberId
    tenures: tuple[Tenure, ...]
    compromises: tuple[Compromise, ...] = ()
    refused: tuple[Refusal, ...] = ()

    @staticmethod
    def of(keyset: Keyset) -> "Identity":
        """Return the identity that a first keyset founds.

        Raises:
            VerificationFailed: It is a later keyset.
        """
        return Identity(member=keyset.member, tenures=(Tenure(keyset=keyset, entry=0),))

    @property
    def first(self) -> Keyset:
        """Return the keyset that gives the member its id."""
        return self.tenures[0].keyset

    @property
    def keyset(self) -> Keyset:
        """Return the keyset in force after all that is read."""
        return self.tenures[-1].keyset

    @property
    def origin(self) -> Origin:
        """Return the name of the log; no rotation changes it."""
        return self.first.origin

    @property
    def changes(self) -> tuple[int, ...]:
        """Return where the entries stand, after the first, that say whose keys count."""
        tenures = (one.entry for one in self.tenures[1:])
        return tuple(sorted((*tenures, *(one.entry for one in self.compromises))))

    def until(self, size: int) -> "Identity":
        """Return the identity as the first *size* entries, at least one, state it."""
        return replace(
            self,
            tenures=tuple(one for one in self.tenures if one.entry < max(size, 1)),
            compromises=tuple(one for one in self.compromises if one.entry < size),
            refused=tuple(one for one in self.refused if one.entry < size),
        )

    def keyset_at(self, index: int) -> Keyset:
        """Return the keyset in force for the entry at an index."""
        for tenure in reversed(self.tenures):
            if tenure.entry < index:
                return tenure.keyset
        return self.first

    def statement_keys_at(self, index: int) -> Mapping[str, bytes]:
        """Return the keys that sign the entry at an index, by key id."""
        return self.keyset_at(index).statement_keys

    def log_keys_for(self, size: int) -> tuple[NoteKey, ...]:
        """Return the keys of a checkpoint of a size: first the one that must have signed it.

        The second, if any, may have signed too, for readers who have not yet read of the
        rotation.
        """
        first, *earlier = reversed([one for one in self.tenures if one.entry < max(size, 1)])
        if not earlier or size > first.entry + BOTH_SIGN:
            return (first.keyset.log_key,)
        return tuple(dict.fromkeys((first.keyset.log_key, earlier[0].keyset.log_key)))

    def is_standing(self, index: int) -> bool:
        """Tell whether the root has vouched for the entry at an index."""
        for stood in (self.tenures, self.compromises):  # as asked for every entry of a log
            for one in stood:
                if one.entry == index:
                    return True
        return False

    def find_refusal(self, index: int) -> Refusal | None:
        """Return why the entry at an index changes nothing, where it asked to."""
        return next((one for one in self.refused if one.entry == index), None)

    def disputes(self, index: int, signers: Collection[str]) -> tuple[Compromise, ...]:
        """Return the compromises that dispute an entry signed by some keys.

        Args:
            signers: Key ids.
        """
        if self.is_standing(index):
            return ()
        return tuple(
            one
            for one in self.compromises
            if index > one.last_good
            and (one.keys & set(signers) or self._log_key_at(index).vkey in one.keys)
        )

    def find_later_claim(self, index: int, issued: Instant) -> int | None:
        """Return the entry that shows a claimed time to be back-dated, or None.

        That entry came before the one at *index* and says it was issued later.
        """
        claimed = to_posix(issued) + TOLERANCE_S
        stood = [(one.entry, one.keyset.issued) for one in self.tenures]
        stood += [(one.entry, one.issued) for one in self.compromises]
        late = [entry for entry, at in stood if entry < index and to_posix(at) > claimed]
        return max(late, default=None)

    def extended(self, start: int, entries: Iterable[bytes]) -> "Identity":
        """Return the identity after further entries, of which the first stands at *start*.

        Never raises: what is malformed or not entitled is listed as refused, or is nothing.
        """
        identity = self
        for index, entry in enumerate(entries, start):
            if index and bears_on_identity(entry):
                identity = identity._after(index, entry)
        return identity

    def _after(self, index: int, encoded: bytes) -> "Identity":
        try:
            envelope = from_bytes(encoded)
            statement = from_payload(envelope.payload)
        except InvalidDocument:
            return self
        if envelope.payload_type != PAYLOAD_TYPE:
            return self
        try:
            if statement.predicate_type == KEYSET_TYPE:
                tenure = Tenure(keyset=self.check_rotation(statement, envelope), entry=index)
                return replace(self, tenures=(*self.tenures, tenure))
            if statement.predicate_type == COMPROMISE_TYPE:
                found = self.check_compromise(index, statement, envelope)
                return replace(self, compromises=(*self.compromises, found))
        except (InvalidDocument, VerificationFailed) as error:
            reason = " ".join(str(error).split())
            refusal = Refusal(entry=index, kind=statement.kind, code=error.code, reason=reason)
            return replace(self, refused=(*self.refused, refusal))
        return self

    def check_rotation(self, statement: Statement, envelope: Envelope) -> Keyset:
        """Return the keyset a statement brings into force.

        Raises:
            InvalidDocument: It is no keyset.
            VerificationFailed: It does not follow the keyset in force, is too large, or too
                few root keys of the two signed it.
        """
        keyset = self.check_successor(statement)
        if len(envelope.encoded) > MAX_ROTATION_BYTES:
            said = f"its entry has {len(envelope.encoded)} bytes; "
            message = f"{said}a later keyset has at most {MAX_ROTATION_BYTES}"
            raise VerificationFailed(message, code="ledger.keyset_limit", hint=_HINT)
        for root, which in ((self.keyset.root, "old"), (keyset.root, "new")):
            check_threshold(envelope, root, which)
        return replace(keyset, bearer=self.member)

    def check_successor(self, statement: Statement) -> Keyset:
        """Return the keyset a statement states, signatures unseen.

        Raises:
            InvalidDocument: It is no keyset.
            VerificationFailed: It does not follow the keyset in force.
        """
        keyset, old = from_predicate(statement.predicate), self.keyset
        subjects = {one.digest.get("sha256") for one in statement.subjects}
        if keyset.digest.hex() not in subjects:
            raise VerificationFailed(
                "its subject is not the digest of its keyset", code="ledger.keyset", hint=_HINT
            )
        if keyset.sequence != old.sequence + 1:
            said = f"it is keyset number {keyset.sequence}; after {old.sequence} comes "
            raise VerificationFailed(
                f"{said}{old.sequence + 1}", code="ledger.keyset_sequence", hint=_HINT
            )
        if keyset.sequence >= MAX_KEYSETS:
            raise VerificationFailed(
                f"it is keyset number {keyset.sequence}; a log has {MAX_KEYSETS}, from 0 on",
                code="ledger.keyset_limit",
                hint="found a new member, and let those who endorsed this one endorse it",
            )
        if keyset.origin != self.origin:
            raise VerificationFailed(
                f"it names the log {keyset.origin}", code="ledger.keyset_origin", hint=_HINT
            )
        if keyset.keys_digest != old.next_digest:
            message = "its keys are not those that the keyset before it announced"
            raise VerificationFailed(message, code="ledger.keyset_next", hint=_HINT)
        self._check_purposes(keyset)
        return keyset

    def check_compromise(
        self, index: int, statement: Statement, envelope: Envelope
    ) -> Compromise:
        """Return what a statement says about stolen keys.

        Raises:
            InvalidDocument: It is no compromise.
            VerificationFailed: It names a keyset or keys that never were, entries that are
                not there yet, or too few root keys signed it.
        """
        found = open_compromise(statement, index)
        if found.sequence >= len(self.tenures):
            raise VerificationFailed(
                f"there is no keyset number {found.sequence}",
                code="ledger.compromise",
                hint=_HINT,
            )
        keyset = self.tenures[found.sequence].keyset
        strange = sorted(found.keys - names_of(keyset))
        if strange:
            message = f"keyset {found.sequence} has no key {strange[0][:80]}"
            raise VerificationFailed(message, code="ledger.compromise", hint=_HINT)
        if found.last_good >= index:
            message = f"its last good entry {found.last_good} is not before itself ({index})"
            raise VerificationFailed(message, code="ledger.compromise", hint=_HINT)
        check_threshold(envelope, self.keyset.root, "present")
        return found

    def _check_purposes(self, keyset: Keyset) -> None:
        known: dict[bytes, str] = {}
        for one in (*(tenure.keyset for tenure in self.tenures), keyset):
            for purpose, key in _purposes(one):
                if known.setdefault(key, purpose) != purpose:
                    message = f"its {purpose} key {key.hex()[:16]} was a {known[key]} key"
                    raise VerificationFailed(message, code="ledger.keyset_purpose", hint=_HINT)
        stolen = frozenset[str]().union(*(one.keys for one in self.compromises))
        offline = () if keyset.stated_root is None else keyset.stated_root.keys
        again = sorted(stolen.intersection(offline))
        if again:  # announced keys may be among the stolen ones: what they sign is disputed
            message = f"its root key {again[0]} was declared compromised"
            raise VerificationFailed(message, code="ledger.keyset_compromised", hint=_HINT)

    def _log_key_at(self, index: int) -> NoteKey:
        return self.log_keys_for(index + 1)[0]


def open_identity(entry: bytes, *, place: str = "entry 0") -> Identity:
    """Read the first entry of a log as the identity of its member.

    Raises:
        VerificationFailed: The entry is no keyset, or its own keys did not sign it.
    """
    return Identity.of(open_first_entry(entry, place=place)[0])


def bears_on_identity(entry: bytes) -> bool:
    """Tell quickly whether an entry may be a keyset or a compromise; never says no wrongly."""
    if not entry.startswith(_START):
        return True
    return any(map(entry.__contains__, _NEEDLES))


def bearing(entries: Sequence[bytes]) -> Iterator[int]:
    """Yield the positions of those that bear on the identity, asking all of them at once."""
    joined, starts = b"".join(entries), [one.startswith(_START) for one in entries]
    if all(starts) and not any(map(joined.__contains__, _NEEDLES)):
        return
    for position, entry in enumerate(entries):
        if bears_on_identity(entry):
            yield position


def check_threshold(envelope: Envelope, root: Root, which: str) -> None:
    """Check that enough keys of a root signed.

    Raises:
        VerificationFailed: They are too few.
    """
    count = count_signatures(envelope, root.keys)
    if count < root.threshold:
        message = f"{count} keys of the {which} root signed it, {root.threshold} must"
        raise VerificationFailed(message, code="ledger.root_threshold", hint=_HINT)


def _purposes(keyset: Keyset) -> Iterable[tuple[str, bytes]]:
    yield "log", keyset.log_key.public
    yield "witness", keyset.witness_key.public
    yield "agreement", keyset.agreement_key
    for key in keyset.statement_keys.values():
        yield "statement", key
    if keyset.stated_root is not None:
        for key in keyset.stated_root.keys.values():
            yield "root", key
