# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Certificates on disk: canonical JSON, checked as it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.errors import InvalidDocument, NotFound
from comity.kernel.canonical import Json, from_canonical
from comity.law.prove.certificate import FORMAT, Relation, claim_of

MOST_BYTES = 4_000_000
_FIELDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A certificate whose proof holds.

    Args:
        norms: The two norms' ids and the digests of their meanings, in hexadecimal digits.
        axioms: What it takes for true of every system, by name.
        cases: How many cases the proof has.
    """

    relation: Relation
    norms: tuple[tuple[str, str], tuple[str, str]]
    conditions: tuple[Json, ...]
    axioms: Mapping[str, Json]
    definitions: Mapping[str, Json]
    facts: Mapping[str, Json]
    cases: int


def check_certificate(path: Path) -> Checked:
    """Read a certificate and follow its proof; no solver and no pack is asked.

    Raises:
        NotFound: No such file.
        InvalidDocument: It is no certificate (`files.certificate`).
        VerificationFailed: Its proof does not hold (`law.certificate`).
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unreadable(path, f"larger than {MOST_BYTES:,} bytes")
        plain = from_canonical(path.read_bytes())
    except OSError as error:
        message = f"cannot read the certificate {path}: {error.strerror}"
        raise NotFound(message, code="files.no_certificate") from None
    except InvalidDocument as error:
        raise _unreadable(path, error.message) from None
    return _checked(plain, path)


def _checked(plain: Json, path: Path) -> Checked:
    if not isinstance(plain, dict) or len(plain) != _FIELDS:
        raise _unreadable(path, f"not of the format {FORMAT}")
    match plain:
        case {
            "format": str(form), "relation": "disjoint" | "within" as relation,
            "norms": [{"norm": str(first), "meaning": str(one)},
                      {"norm": str(second), "meaning": str(other)}],
            "conditions": [_, _] as conditions, "definitions": dict(definitions),
            "facts": dict(facts), "axioms": [*axioms], "proof": list(proof),
        } if form == FORMAT:  # fmt: skip
            named = dict(_axiom(each, path) for each in axioms)
            claim = claim_of(Relation(relation), conditions, named.values(), definitions, facts)
            return Checked(
                relation=Relation(relation), norms=((first, one), (second, other)),
                conditions=tuple(conditions), axioms=named, definitions=definitions,
                facts=facts, cases=claim.check(proof),
            )  # fmt: skip
        case _:
            raise _unreadable(path, f"not of the format {FORMAT}")


def _axiom(plain: Json, path: Path) -> tuple[str, Json]:
    match plain:
        case {"axiom": str(name), "holds": holds}:
            return name, holds
        case _:
            raise _unreadable(path, "an axiom is no axiom")


def _unreadable(path: Path, why: str) -> InvalidDocument:
    return InvalidDocument(f"{path} is no certificate: {why}", code="files.certificate")
