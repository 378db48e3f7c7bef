# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member says that it erased something of its own, why, and on what basis; never what.

Erasing is not for covering up. Of an incident or a ballot it is in force only once another
member countersigned it; of what somebody else said it never is. What is not in force is shown
as such and honoured by nobody.

Source:
    GDPR (Regulation (EU) 2016/679), article 17; EDPB Guidelines 02/2025.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from comity.errors import Fault
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json
from comity.kernel.truth import Truth
from comity.ledger.statement import Statement, Subject, to_predicate_type

ERASURE_TYPE = to_predicate_type("erasure")
CONSENT_TYPE = to_predicate_type("countersignature")
CLASSES = ("personal data", "secret", "court order", "illegal content")
GUARDED = frozenset({"incident", "ballot"})
"""Kinds whose erasure takes another member's countersignature."""

FOUNDATIONS = frozenset({"keyset", "compromise", "erasure", "countersignature"})
"""Kinds that stay: keys and erasures could not be judged without them."""

MOST_TEXT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What an author erased.

    Args:
        of: The entry erased, or the one that speaks of the blob erased.
        blob: The blob's name; None where the entry itself is erased.
        kind: One of `CLASSES`.
        basis: Law, order or reason in words, without the content.
        countersigned: Another member's countersignature of the request.
    """

    issued: Instant
    of: Reference | None
    blob: Digest | None
    kind: str
    basis: str
    countersigned: Reference | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        signed = self.countersigned
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "of": None if self.of is None else to_reference_json(self.of),
            "blob": None if self.blob is None else self.blob.hex(),
            "class": self.kind,
            "basis": self.basis,
            "countersigned": None if signed is None else to_reference_json(signed),
        }

    def to_statement(self) -> Statement:
        """Write the statement; it is about the digest of what is erased."""
        digest = self.blob or (self.of.sha256 if self.of else None)
        subjects = () if digest is None else (Subject.of(digest),)
        return Statement(
            predicate_type=ERASURE_TYPE, predicate=self.to_predicate(), subjects=subjects
        )


def erasure_from(predicate: Mapping[str, Json]) -> Erasure:
    """Read an erasure, listing every fault.

    Raises:
        InvalidDocument: A field is missing or malformed.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    found = Erasure(
        issued=fields.instant("issued"),
        of=fields.nullable("of", fields.reference),
        blob=fields.nullable("blob", fields.digest),
        kind=fields.choice("class", CLASSES),
        basis=fields.text("basis"),
        countersigned=fields.nullable("countersigned", fields.reference),
        extra=fields.rest(),
    )
    if found.of is None and found.blob is None:
        fields.fault("", "names neither an entry nor a blob")
    if len(found.basis) > MOST_TEXT:
        fields.fault("basis", f"has more than {MOST_TEXT} characters")
    fields.finish("not an erasure", code="ledger.erasure")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Another member countersigns a request to erase.

    Args:
        erasure: The request: an erasure without a countersignature.
    """

    issued: Instant
    erasure: Reference
    note: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)

    def to_statement(self) -> Statement:
        """Write the statement; it is about the request's entry."""
        predicate: dict[str, Json] = {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "erasure": to_reference_json(self.erasure),
            "note": self.note,
        }
        return Statement(
            predicate_type=CONSENT_TYPE,
            predicate=predicate,
            subjects=(Subject.of(self.erasure.sha256),),
        )


def consent_from(predicate: Mapping[str, Json]) -> Consent:
    """Read a countersignature of an erasure, listing every fault.

    Raises:
        InvalidDocument: A field is missing or malformed; so is one of a finding.
    """
    faults: list[Fault] = []
    fields = Fields(predicate, faults=faults)
    found = Consent(
        issued=fields.instant("issued"),
        erasure=fields.reference("erasure"),
        note=fields.text("note", empty=True),
        extra=fields.rest(),
    )
    fields.finish("not a countersignature of an erasure", code="ledger.erasure")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a reader knows around an erasure.

    Args:
        origin: The log the erasure stands in.
        names_blob: Whether the entry named speaks of the blob; true where none is erased.
        kinds: Kinds of the entries of that log that are, or speak of, what is erased; None for
            one that cannot be read here.
        consented: Whether another member countersigned, as far as the reader holds the logs.
        is_other: Whether another entry than the one it names stands in that place.
    """

    origin: Origin
    names_blob: Truth
    kinds: Sequence[str | None]
    consented: Truth
    is_other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether an erasure is in force, and why not or why that cannot be told."""

    in_force: Truth
    reason: str = ""


def judge(erasure: Erasure, known: Circumstances) -> Standing:
    """Tell whether an erasure is in force for who knows this much."""
    refusal = _refusal(erasure, known)
    if refusal:
        return Standing(in_force=Truth.FALSE, reason=refusal)
    if known.consented is Truth.TRUE:
        return Standing(in_force=Truth.TRUE)
    guarded = sorted(GUARDED & {kind for kind in known.kinds if kind})
    if guarded:
        what = f"it is of {_a(guarded[0])}, and "
        if known.consented is Truth.FALSE:
            return Standing(
                in_force=Truth.FALSE, reason=what + "no other member has countersigned it"
            )
        return _unknown(what + "its countersignature is not held here")
    if None in known.kinds or known.names_blob is Truth.UNDETERMINED:
        return _unknown("the entry is not held here, and nobody else countersigned")
    return Standing(in_force=Truth.TRUE)


def _refusal(erasure: Erasure, known: Circumstances) -> str:
    """Say why an erasure can never be in force as it stands; empty where it may be."""
    if erasure.of is None:
        return "it does not say which entry speaks of the blob"
    if erasure.of.log != known.origin:
        return "it is of what another member said; only its author can erase that"
    if known.is_other:
        return "another entry stands where it points"
    if erasure.blob is None and FOUNDATIONS & set(known.kinds):
        return "keysets, compromises, erasures and countersignatures are not erased"
    if known.names_blob is Truth.FALSE:
        return "the entry it names does not speak of that blob"
    return ""


def _a(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


def _unknown(reason: str) -> Standing:
    return Standing(in_force=Truth.UNDETERMINED, reason=reason)
