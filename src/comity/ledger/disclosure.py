# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Fields a statement commits to without saying them, and what opens one of them.

A concealed field stands in its object's `_sd` as the digest of a disclosure: a salt, the
field's name, its value. Who is handed the disclosure checks it against the signed statement;
who is not learns nothing, as long as every salt has 128 bits nobody else knows.

Source:
    RFC 9901, sections 4.2 (disclosures, digests, decoys) and 7.1 (what a verifier refuses).
    On canonical JSON statements: there is no JWT, and values keep to the canonical profile.
"""

import base64
import binascii
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.kernel.canonical import MAX_DEPTH, Json, to_canonical
from comity.kernel.digest import sha256

CONCEALED = "_sd"
ELEMENT = "..."
ALGORITHM = "_sd_alg"
SALT_BYTES = 16
MAX_DISCLOSURE_BYTES = 64 * 1024
_RESERVED = frozenset({CONCEALED, ELEMENT})

Salts = Callable[[int], bytes]
"""Return that many bytes nobody can guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What opens one concealed field.

    Args:
        name: The field's name; None for an element of a list.
        encoded: The text whose digest the statement carries.
    """

    salt: str
    name: str | None
    value: Json
    encoded: str

    @property
    def digest(self) -> str:
        """Return the digest as `_sd` lists it: base64url of the SHA-256 of the text."""
        return to_base64url(sha256(self.encoded.encode("ascii")))


def to_disclosure(salt: bytes, name: str | None, value: Json) -> Disclosure:
    """Make the disclosure of a field, or of a list's element where *name* is None.

    Raises:
        InvalidDocument: A salt below 128 bits, a reserved name, a value outside the profile.
    """
    if len(salt) < SALT_BYTES:
        raise _malformed(f"a salt of {len(salt)} bytes; at least {SALT_BYTES} hide a value")
    if name in _RESERVED:
        raise _malformed(f"{name!r} is a reserved name")
    text = to_base64url(salt)
    parts: list[Json] = [text, value] if name is None else [text, name, value]
    encoded = to_base64url(to_canonical(parts))
    return Disclosure(salt=text, name=name, value=value, encoded=encoded)


def from_text(encoded: str) -> Disclosure:
    """Read a disclosure in whatever spelling its maker chose; its digest is of the text.

    Raises:
        InvalidDocument: Not base64url, not a list of salt, name and value, or a value
            outside the canonical profile.
    """
    if len(encoded) > MAX_DISCLOSURE_BYTES:
        raise _malformed(f"{len(encoded)} characters; at most {MAX_DISCLOSURE_BYTES}")
    match _json(from_base64url(encoded)):
        case [str(salt), value] if salt:
            name = None
        case [str(salt), str(name), value] if salt and name not in _RESERVED:
            pass
        case _:
            raise _malformed("a disclosure is a list of salt, name and value")
    return Disclosure(salt=salt, name=name, value=value, encoded=encoded)


def conceal(
    fields: Mapping[str, Json], names: Iterable[str], salts: Salts, *, at_least: int = 0
) -> tuple[dict[str, Json], tuple[Disclosure, ...]]:
    """Put digests in the place of an object's fields.

    Args:
        names: Which fields; each must be there.
        at_least: How many digests to list; decoys nobody can open fill up, so that how many
            fields are concealed does not show.

    Returns:
        The object with `_sd`, sorted so that the order tells nothing; and what opens it.

    Raises:
        InvalidDocument: With every name that cannot be concealed.
    """
    chosen = tuple(dict.fromkeys(names))
    faults = [
        Fault(message=f"there is no field {name!r} to conceal")
        for name in chosen
        if name not in fields or name in {*_RESERVED, ALGORITHM}
    ]
    held = fields.get(CONCEALED, ())
    if not isinstance(held, list | tuple):
        faults.append(Fault(message=f"{CONCEALED} is not a list of digests"))
    if faults:
        raise _refused(faults)
    made = tuple(to_disclosure(salts(SALT_BYTES), name, fields[name]) for name in chosen)
    digests = [*cast("Sequence[str]", held), *(one.digest for one in made)]
    while len(digests) < at_least:
        digests.append(to_base64url(sha256(salts(32))))
    kept: dict[str, Json] = {key: part for key, part in fields.items() if key not in chosen}
    if digests:
        kept[CONCEALED] = sorted(digests)
    return kept, made


def disclose(
    disclosures: Iterable[Disclosure], names: Collection[str]
) -> tuple[Disclosure, ...]:
    """Choose the disclosures of some fields, and those that stand inside what they open.

    Raises:
        InvalidDocument: With every name that none of them opens.
    """
    held = tuple(disclosures)
    missing = sorted(set(names) - {one.name for one in held if one.name is not None})
    if missing:
        known = sorted({one.name for one in held if one.name is not None})
        raise _refused(
            [Fault(message=f"nothing concealed is called {name!r}") for name in missing],
            hint=f"concealed here: {', '.join(known) or 'nothing'}",
        )
    by_digest = {one.digest: one for one in held}
    chosen = [one for one in held if one.name in names]
    for one in chosen:  # grows: what a chosen one opens may conceal again
        inner = (by_digest[digest] for digest in digests_in(one.value) if digest in by_digest)
        chosen.extend(two for two in inner if two not in chosen)
    return tuple(chosen)


def reveal(value: Json, disclosures: Iterable[Disclosure]) -> Json:
    """Put disclosed fields back in their places, and take out the digests of the others.

    Raises:
        VerificationFailed: A disclosure belongs nowhere here, or is used twice.
        InvalidDocument: A digest stands twice, a disclosed name is there already, another
            digest algorithm is named.

    Source:
        RFC 9901, section 7.1.
    """
    found = digests_in(value)
    held = {one.digest: one for one in disclosures}
    for one in held.values():
        found += digests_in(one.value)
    if len(set(found)) < len(found):
        raise _malformed("one digest stands twice, and one disclosure would open two fields")
    opening = _Opening(held)
    opened = opening.value(value)
    if opening.unused:
        name = next(iter(opening.unused.values())).name
        raise VerificationFailed(
            f"the disclosure of {name or 'an element'} does not belong to this statement",
            code="ledger.disclosure",
            hint="it was changed, or it opens another statement",
        )
    return opened


def digests_in(value: Json) -> list[str]:
    """Return every digest that stands in a value, in order; decoys look like the others."""
    if isinstance(value, Mapping):
        if set(value) == {ELEMENT}:
            return [str(value[ELEMENT])]
        own = value.get(CONCEALED)
        listed = own if isinstance(own, list | tuple) else ()
        found = [part for part in listed if isinstance(part, str)]
        for name, part in value.items():
            found += [] if name == CONCEALED else digests_in(part)
        return found
    if isinstance(value, list | tuple):
        return [digest for part in value for digest in digests_in(part)]
    return []


class _Opening:
    """One walk through a value with the disclosures at hand."""

    def __init__(self, held: Mapping[str, Disclosure]) -> None:
        self.unused = dict(held)

    def value(self, value: Json, depth: int = 0) -> Json:
        """Return a value with what is disclosed in it."""
        if depth > MAX_DEPTH:
            raise _malformed(f"what is disclosed nests deeper than {MAX_DEPTH} levels")
        if isinstance(value, Mapping):
            return self._object(value, depth + 1)
        if isinstance(value, list | tuple):
            parts = (self._element(part, depth + 1) for part in value)
            return [part for found in parts for part in found]
        return value

    def _object(self, fields: Mapping[str, Json], depth: int) -> dict[str, Json]:
        digests = fields.get(CONCEALED, [])
        if not isinstance(digests, list | tuple) or not all(map(_is_text, digests)):
            raise _malformed(f"{CONCEALED} is not a list of digests")
        if fields.get(ALGORITHM, "sha-256") != "sha-256":
            raise _malformed(f"{ALGORITHM} is not sha-256")
        skipped = {CONCEALED, ALGORITHM}
        opened = {
            key: self.value(part, depth) for key, part in fields.items() if key not in skipped
        }
        for digest in cast("Sequence[str]", digests):
            one = self.unused.pop(digest, None)
            if one is None:
                continue
            if one.name is None or one.name in fields or one.name in opened:
                raise _malformed(f"a disclosure of {one.name!r} does not fit where it belongs")
            opened[one.name] = self.value(one.value, depth)
        return opened

    def _element(self, part: Json, depth: int) -> list[Json]:
        if not isinstance(part, Mapping) or set(part) != {ELEMENT}:
            return [self.value(part, depth)]
        one = self.unused.pop(str(part[ELEMENT]), None)
        if one is None:
            return []
        if one.name is not None:
            raise _malformed(f"a disclosure of {one.name!r} stands where a list has an element")
        return [self.value(one.value, depth)]


def to_base64url(raw: bytes) -> str:
    """Encode bytes in the URL-safe alphabet without padding."""
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def from_base64url(text: str) -> bytes:
    """Decode the one spelling `to_base64url` gives, and no other.

    Raises:
        InvalidDocument: Another alphabet, padding, or pad bits that are not zero.

    Source:
        RFC 4648, section 5; RFC 7515, section 2.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or to_base64url(raw) != text:
        raise _malformed(f"{text[:60]!r} is not base64url as RFC 7515 writes it")
    return raw


def _json(raw: bytes) -> Json:
    try:
        value: Json = json.loads(raw.decode("utf-8"), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        raise _malformed("what it encodes is not JSON") from None
    to_canonical(value)
    return value


def _without_doubles(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _malformed("a key stands twice in one object")
    return found


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _malformed(message: str) -> InvalidDocument:
    return _refused([Fault(message=message)])


def _refused(faults: Sequence[Fault], *, hint: str = "") -> InvalidDocument:
    return InvalidDocument(
        "not a disclosure of this profile", code="ledger.disclosure", hint=hint, faults=faults
    )
