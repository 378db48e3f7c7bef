# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""References from one statement to another, and exact ratios, with their JSON forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import MAX_INTEGER, Json
from comity.kernel.digest import Digest, from_hex
from comity.kernel.ids import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where another statement stands, and the digest of its entry's bytes.

    Args:
        log: Origin of the log it stands in.
        index: Its 0-based index there.
        sha256: Digest of the entry as logged (the whole DSSE envelope).
    """

    log: Origin
    index: int
    sha256: Digest


def to_reference_json(reference: Reference) -> dict[str, Json]:
    """Write a reference as `{"index", "log", "sha256"}`."""
    digest = reference.sha256.hex()
    return {"log": reference.log, "index": reference.index, "sha256": digest}


def from_reference_json(value: object) -> Reference:
    """Read a reference.

    Raises:
        InvalidDocument: A field is missing, of another kind, or unknown.
    """
    match value:
        case {"log": str(log), "index": int(index), "sha256": str(digest), **more} if (
            log and not more and type(index) is int and 0 <= index <= MAX_INTEGER
        ):
            return Reference(log=Origin(log), index=index, sha256=from_hex(digest))
        case _:
            raise _fault("reference", 'not a reference: {"log", "index", "sha256"}')


def to_ratio_json(ratio: Fraction) -> dict[str, Json]:
    """Write a ratio as `{"den", "num"}` in lowest terms."""
    return {"num": ratio.numerator, "den": ratio.denominator}


def from_ratio_json(value: object) -> Fraction:
    """Read a ratio.

    Raises:
        InvalidDocument: Not two integers, a denominator below 1, or not in lowest terms,
            so that one ratio has one spelling.
    """
    if not isinstance(value, Mapping) or set(value) != {"num", "den"}:
        raise _fault("ratio", 'not a ratio: {"num", "den"}')
    num, den = value["num"], value["den"]
    if type(num) is not int or type(den) is not int or den < 1:
        raise _fault("ratio", "a ratio is two integers, the lower one at least 1")
    ratio = Fraction(num, den)
    if (ratio.numerator, ratio.denominator) != (num, den):
        raise _fault("ratio", f"{num}/{den} is not in lowest terms; write {ratio}")
    return ratio


def _fault(kind: str, message: str) -> InvalidDocument:
    return InvalidDocument(message, code=f"kernel.{kind}", faults=[Fault(message=message)])
