# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a member says: an in-toto Statement v1 as a value, and its one encoding.

Source:
    in-toto Attestation Framework, spec/v1/statement.md and resource_descriptor.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard, cast

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
PREDICATE_PREFIX = "https://comity.example/"

_FIELDS = frozenset({"_type", "subject", "predicateType", "predicate"})
_SUBJECT_FIELDS = frozenset({"name", "digest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a statement is about, by digest.

    Args:
        digest: Hex digest by algorithm name; `sha256` wherever Comity reads it.
        extra: Fields of in-toto's resource descriptor that Comity does not read.
    """

    name: str | None = None
    digest: Mapping[str, str]
    extra: Mapping[str, Json] = field(default_factory=dict)

    @staticmethod
    def of(digest: Digest, *, name: str | None = None) -> "Subject":
        """Name what has this SHA-256."""
        return Subject(name=name, digest={"sha256": digest.hex()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing a member says about subjects.

    Args:
        predicate_type: A URI; ours are `https://comity.example/<name>/v1`.
        predicate: Canonical values only (dict, list, str, int, bool, None).
        extra: Top-level fields Comity does not know; they survive a round trip.
    """

    predicate_type: str
    predicate: Mapping[str, Json]
    subjects: tuple[Subject, ...] = ()
    extra: Mapping[str, Json] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return the short name of one of our predicates ("finding"), else its URI."""
        return kind_of(self.predicate_type)


def kind_of(predicate_type: str) -> str:
    """Return the short name of one of our predicates, else its URI.

    >>> kind_of("https://comity.example/finding/v1")
    'finding'
    """
    inner = predicate_type.removeprefix(PREDICATE_PREFIX).removesuffix("/v1")
    return inner if to_predicate_type(inner) == predicate_type else predicate_type


def to_predicate_type(kind: str) -> str:
    """Return the URI of one of our predicates by its short name.

    >>> to_predicate_type("finding")
    'https://comity.example/finding/v1'
    """
    return f"{PREDICATE_PREFIX}{kind}/v1"


def to_payload(statement: Statement) -> bytes:
    """Encode a statement as the canonical bytes that are signed.

    Raises:
        InvalidDocument: A value outside the canonical profile.
    """
    subjects: list[Json] = [
        {
            **one.extra,
            **({} if one.name is None else {"name": one.name}),
            "digest": dict(one.digest),
        }
        for one in statement.subjects
    ]
    return to_canonical(
        {
            **statement.extra,
            "_type": STATEMENT_TYPE,
            "subject": subjects,
            "predicateType": statement.predicate_type,
            "predicate": dict(statement.predicate),
        }
    )


def from_payload(payload: bytes) -> Statement:
    """Decode the canonical bytes of a statement.

    Raises:
        InvalidDocument: Not canonical, or not a statement.
    """
    return from_value(from_canonical(payload))


def from_value(value: Json) -> Statement:
    """Read a statement from its JSON value, listing every fault.

    Raises:
        InvalidDocument: Not a statement.
    """
    if not isinstance(value, dict):
        raise _refused([Fault(message="a statement is a JSON object")])
    faults: list[Fault] = []
    if value.get("_type") != STATEMENT_TYPE:
        faults.append(Fault(message=f"_type must be {STATEMENT_TYPE}"))
    predicate_type = value.get("predicateType")
    if not isinstance(predicate_type, str) or not predicate_type:
        faults.append(Fault(message="predicateType must be a text"))
    predicate = value.get("predicate")
    if not isinstance(predicate, dict):
        faults.append(Fault(message="predicate must be an object"))
    subjects = _subjects(value.get("subject"), faults)
    if faults:
        raise _refused(faults)
    return Statement(
        predicate_type=str(predicate_type),
        predicate=cast("dict[str, Json]", predicate),
        subjects=subjects,
        extra={name: part for name, part in value.items() if name not in _FIELDS},
    )


def _subjects(value: object, faults: list[Fault]) -> tuple[Subject, ...]:
    if not isinstance(value, list):
        faults.append(Fault(message="subject must be a list"))
        return ()
    found: list[Subject] = []
    for position, one in enumerate(value):
        subject = _subject(one)
        if subject is None:
            message = f"subject[{position}] needs a digest: hex text by algorithm, name a text"
            faults.append(Fault(message=message))
        else:
            found.append(subject)
    return tuple(found)


def _subject(value: object) -> Subject | None:
    if not _is_subject(value):
        return None
    extra = {key: part for key, part in value.items() if key not in _SUBJECT_FIELDS}
    return Subject(name=value.get("name"), digest=value["digest"], extra=extra)


def _is_subject(value: object) -> TypeGuard[dict[str, Any]]:
    digest = value.get("digest") if isinstance(value, dict) else None
    if not isinstance(digest, dict) or not digest:
        return False
    for text in digest.values():
        if not isinstance(text, str):
            return False
    return isinstance(cast("dict[str, object]", value).get("name", ""), str)


def find_outline(value: Json) -> tuple[str, list[str]] | None:
    """Return what type of statement a JSON value is and the SHA-256 of each subject.

    It is `from_value` for readers of very many statements.

    Returns:
        None where the value is no statement.
    """
    if not isinstance(value, dict) or value.get("_type") != STATEMENT_TYPE:
        return None
    predicate_type, subjects = value.get("predicateType"), value.get("subject")
    if not isinstance(predicate_type, str) or not predicate_type:
        return None
    if not isinstance(value.get("predicate"), dict) or not isinstance(subjects, list):
        return None
    found: list[str] = []
    for one in subjects:
        if not _is_subject(one):
            return None
        if "sha256" in one["digest"]:
            found.append(one["digest"]["sha256"])
    return predicate_type, found


def _refused(faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "not an in-toto Statement v1",
        code="ledger.statement",
        hint="docs/spec/statements.md lists the fields",
        faults=faults,
    )
