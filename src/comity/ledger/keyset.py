# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who a member is: the keys it signs with, stated as the first entry of its own log.

A member's id is the digest of its first keyset, so it certifies itself: no registry gives
it, none can take it away. Whose name it is, others must vouch for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, to_rfc3339
from comity.ledger.envelope import Envelope, from_bytes, keyid_of, verify_envelope
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    NoteKey,
    from_vkey,
)
from comity.ledger.signature import LOW_ORDER
from comity.ledger.statement import (
    PAYLOAD_TYPE,
    Statement,
    Subject,
    from_payload,
    to_predicate_type,
)

KEYSET_TYPE = to_predicate_type("keyset")
ROLES = ("regulator", "provider")
MAX_KEYS = 16
ROOT_KINDS = ("keyset", "compromise")
"""What the root signs; no officers are named for these."""
COUNTRY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """The keys above a member's other keys, kept offline.

    Args:
        threshold: How many of them must sign a keyset or a compromise.
        keys: Ed25519 public keys by key id.
    """

    threshold: int
    keys: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyset:
    """A member's keys and what it calls itself.

    Args:
        log_key: Signs checkpoints; its name is the log's origin.
        statement_keys: Ed25519 keys that sign statements, by key id.
        witness_key: Cosigns the checkpoints of others.
        witness_key_mldsa: Cosigns them too, by ML-DSA-44; None where there is none. `next`
            does not cover it.
        agreement_key: X25519, for bytes sealed to this member.
        sequence: 0 for the first keyset, one more at each rotation.
        next_digest: SHA-256 of the keys of the next keyset, so that a thief of these keys
            cannot rotate them.
        stated_root: The offline keys, or None where the statement keys are their own root.
        bearer: Whose it is, where its log has vouched for it; the first gives the id itself.
        officers: How many statement keys must sign, by kind of statement; 1 where unnamed.
        stated: The predicate as its member wrote it, with what Comity does not know in it;
            None for a keyset made here. The digest is of this.
    """

    name: str
    role: str
    jurisdiction: str
    example: bool
    log_key: NoteKey
    statement_keys: Mapping[str, bytes]
    witness_key: NoteKey
    agreement_key: bytes
    sequence: int
    next_digest: Digest
    issued: Instant
    witness_key_mldsa: NoteKey | None = None
    stated_root: Root | None = None
    officers: Mapping[str, int] = field(default_factory=dict)
    bearer: MemberId | None = field(default=None, compare=False)
    stated: Mapping[str, Json] | None = field(default=None, repr=False, compare=False)

    @property
    def origin(self) -> Origin:
        """Return the name of the member's log."""
        return Origin(self.log_key.name)

    @property
    def witness_keys(self) -> tuple[NoteKey, ...]:
        """Return every key whose cosignature is this member's; it counts once."""
        second = self.witness_key_mldsa
        return (self.witness_key,) if second is None else (self.witness_key, second)

    @property
    def root(self) -> Root:
        """Return who may rotate: the offline keys, else any one statement key."""
        return self.stated_root or Root(threshold=1, keys=self.statement_keys)

    @property
    def keys_digest(self) -> Digest:
        """Return the digest of the keys, which the keyset before must have named as `next`."""
        return sha256(to_canonical(to_keys_json(self)))

    @property
    def digest(self) -> Digest:
        """Return the digest of the canonical predicate."""
        return sha256(to_canonical(to_predicate(self)))

    @property
    def member(self) -> MemberId:
        """Return the member's id, which the first keyset gives.

        Raises:
            VerificationFailed: This is a later keyset that no log has vouched for.
        """
        if self.bearer is not None:
            return self.bearer
        if self.sequence:
            raise VerificationFailed(
                f"keyset number {self.sequence} names no member; the first one does",
                code="ledger.keyset",
            )
        return MemberId(self.digest.hex())


def to_predicate(keyset: Keyset) -> dict[str, Json]:
    """Write a keyset as the predicate of its statement."""
    if keyset.stated is not None:
        return dict(keyset.stated)
    second = keyset.witness_key_mldsa
    return {
        **to_keys_json(keyset),
        **({} if second is None else {"witness_key_mldsa": second.vkey}),
        "name": keyset.name,
        "role": keyset.role,
        "jurisdiction": keyset.jurisdiction,
        "example": keyset.example,
        "sequence": keyset.sequence,
        "next": keyset.next_digest.hex(),
        "issued": to_rfc3339(keyset.issued),
        **_root_json(keyset.stated_root),
        **({"officers": dict(keyset.officers)} if keyset.officers else {}),
    }


def to_keys_json(keyset: Keyset) -> dict[str, Json]:
    """Write only the keys."""
    return keys_json(
        log_key=keyset.log_key,
        statement_keys=keyset.statement_keys,
        witness_key=keyset.witness_key,
        agreement_key=keyset.agreement_key,
    )


def keys_json(
    *,
    log_key: NoteKey,
    statement_keys: Mapping[str, bytes],
    witness_key: NoteKey,
    agreement_key: bytes,
) -> dict[str, Json]:
    """Write keys as they stand in a keyset; `next` is the digest of this."""
    return {
        "log_key": log_key.vkey,
        "statement_keys": _listed(statement_keys),
        "witness_key": witness_key.vkey,
        "agreement_key": agreement_key.hex(),
    }


def _root_json(root: Root | None) -> dict[str, Json]:
    if root is None:
        return {}
    return {"root": {"threshold": root.threshold, "keys": _listed(root.keys)}}


def _listed(keys: Mapping[str, bytes]) -> list[Json]:
    return [{"keyid": keyid, "ed25519": key.hex()} for keyid, key in keys.items()]


def to_statement(keyset: Keyset) -> Statement:
    """Write a keyset as the statement that is logged."""
    subject = Subject.of(keyset.digest, name=keyset.origin)
    return Statement(
        predicate_type=KEYSET_TYPE, predicate=to_predicate(keyset), subjects=(subject,)
    )


def from_predicate(predicate: Mapping[str, Json]) -> Keyset:
    """Read a keyset, listing every fault.

    Raises:
        InvalidDocument: A field is missing or malformed.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    country = fields.text("jurisdiction")
    if country and not COUNTRY.fullmatch(country):
        fields.fault("jurisdiction", "is not an ISO 3166-1 alpha-3 code such as KHM")
    log_key = _vkey(fields, "log_key", ED25519)
    witness_key = _vkey(fields, "witness_key", COSIGNATURE_ED25519)
    has_mldsa = fields.has("witness_key_mldsa")
    mldsa = _vkey(fields, "witness_key_mldsa", COSIGNATURE_MLDSA) if has_mldsa else None
    statement_keys = _keys(fields, "statement_keys")
    root = _root(fields.inner("root")) if fields.has("root") else None
    officers = fields.counts("officers") if fields.has("officers") else {}
    _check_officers(fields, officers, len(statement_keys))
    _check_purposes(fields, (log_key, witness_key), statement_keys, root)
    _check_names(fields, log_key, witness_key=witness_key, witness_key_mldsa=mldsa)
    keyset = Keyset(
        name=fields.text("name"),
        role=fields.choice("role", ROLES),
        jurisdiction=country,
        example=fields.flag("example"),
        log_key=log_key,
        statement_keys=statement_keys,
        witness_key=witness_key,
        agreement_key=bytes(fields.digest("agreement_key")),
        sequence=fields.integer("sequence"),
        next_digest=fields.digest("next"),
        issued=fields.instant("issued"),
        witness_key_mldsa=mldsa,
        stated_root=root,
        officers=officers,
        stated=predicate,
    )
    fields.finish("not a keyset", code="ledger.keyset")
    return keyset


def open_first_entry(entry: bytes, *, place: str = "entry 0") -> tuple[Keyset, Envelope]:
    """Read the first entry of a log as its member's keyset, signed by its own keys.

    Raises:
        VerificationFailed: The entry is no keyset, or its own keys did not sign it.
    """
    try:
        envelope = from_bytes(entry)
        statement = from_payload(envelope.payload)
        keyset = from_predicate(statement.predicate)
    except InvalidDocument as error:
        raise _no_keyset(str(error), place) from None
    if statement.predicate_type != KEYSET_TYPE or envelope.payload_type != PAYLOAD_TYPE:
        raise _no_keyset(f"it says {statement.kind!r}", place)
    if keyset.sequence:
        raise _no_keyset(f"its sequence is {keyset.sequence}, not 0", place)
    verify_envelope(envelope, keyset.statement_keys, place=place)
    return keyset, envelope


def _no_keyset(reason: str, place: str) -> VerificationFailed:
    return VerificationFailed(
        f"a log begins with its member's keyset, and this does not: {reason}",
        code="ledger.keyset",
        hint="this is not the log of a Comity member, or its first entry was changed",
        place=place,
    )


def _root(fields: Fields) -> Root:
    keys = _keys(fields, "keys")
    return Root(threshold=fields.integer("threshold", low=1, high=max(len(keys), 1)), keys=keys)


def _keys(fields: Fields, name: str) -> Mapping[str, bytes]:
    rows = list(fields.rows(name))
    keys = {row.text("keyid"): _key(row, "ed25519") for row in rows}
    if len(keys) < len(rows):
        fields.fault(name, "names one key twice")
    if not 1 <= len(keys) <= MAX_KEYS:
        fields.fault(name, f"must list 1 to {MAX_KEYS} keys, each with its own id")
    for keyid, key in keys.items():
        if keyid and keyid != keyid_of(key):
            fields.fault(name, f"names a key {keyid[:20]} that has another id")
    return keys


def _check_purposes(
    fields: Fields, notes: Sequence[NoteKey], statements: Mapping[str, bytes], root: Root | None
) -> None:
    offline = () if root is None else root.keys.values()
    signing = [*(key.public for key in notes), *statements.values(), *offline]
    if not fields.faults and len(set(signing)) < len(signing):
        fields.fault("", "gives one key two purposes")


def _check_names(fields: Fields, log_key: NoteKey, **witnesses: NoteKey | None) -> None:
    """Note a witness key in another log's name: no keyset claims another member's voice."""
    for name, key in () if fields.faults else witnesses.items():
        if key is not None and key.name.rpartition("/")[0] != log_key.name:
            fields.fault(name, f"is not named {log_key.name}/... after its own log")


def _check_officers(fields: Fields, officers: Mapping[str, int], keys: int) -> None:
    for kind, count in officers.items():
        if kind in ROOT_KINDS:
            fields.fault(f"officers.{kind}", "cannot be set: the root signs it")
        elif not 1 <= count <= keys:
            fields.fault(f"officers.{kind}", f"is not from 1 to the {keys} statement keys")


def _key(fields: Fields, name: str) -> bytes:
    key = bytes(fields.digest(name))
    if key in LOW_ORDER and fields.has(name):
        fields.fault(name, "is a low-order point, which is no key")
    return key


def _vkey(fields: Fields, name: str, kind: int) -> NoteKey:
    stand_in = NoteKey(name="-", kind=kind, public=bytes(32))
    text = fields.text(name)
    if not text:
        return stand_in
    try:
        key = from_vkey(text)
    except InvalidDocument as error:
        fields.fault(name, f"is wrong: {error.message}")
        return stand_in
    if key.kind != kind or key.public in LOW_ORDER:
        algorithm = "ML-DSA-44" if kind == COSIGNATURE_MLDSA else "Ed25519"
        fields.fault(name, f"must be an {algorithm} key of type {kind}")
    return key
