# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Find the statement an operator means: by place, by the start of its digest, or by name."""

import re
from collections.abc import Iterable, Sequence

from comity.desk.log.shelf import Said, Shelf, place_of
from comity.errors import Fault, InvalidDocument, NotFound
from comity.law.cursor import near_miss

KINDS = (
    "system", "bank", "application", "draw-commitment", "plan", "reveal", "draw-reveal",
    "finding", "custody", "opening", "policy", "recognition", "countersignature", "appeal",
    "reply", "accreditation", "endorsement", "consultation", "consultation-result",
    "consultation-votes",
    "proposal", "bloc-mandate", "challenge", "result", "assignment", "offer", "need", "project",
)  # fmt: skip
LEAST_DIGITS = 8

_PLACE = re.compile(r"(?P<log>.+)#(?P<index>[0-9]{1,15})")
_DIGITS = re.compile(r"[0-9a-f]+")


def cite(shelf: Shelf, text: str, kind: str) -> Said:
    """Return the statement of one kind that a text names.

    Args:
        text: `ORIGIN#INDEX`, at least eight digits of the entry's SHA-256, or, of a system
            or a bank, its own name, which means the newest.

    Raises:
        NotFound: There is none; the nearest is named.
        InvalidDocument: Several members' statements answer to it; all are listed.
    """
    every = [said for one in KINDS for said in shelf.of_kind(one)]
    found = [said for said in every if _is_meant(said, text)]
    right = [said for said in found if said.statement.kind == kind]
    named = right or _newest(said for said in every if _is_called(said, text, kind))
    if len(named) == 1:
        return named[0]
    if named:
        raise _ambiguous(text, kind, named)
    raise _nothing(text, kind, found, every)


def cite_any(shelf: Shelf, text: str, kinds: Sequence[str]) -> Said:
    """Return the statement, of whichever of some kinds, that a text names.

    Raises:
        NotFound: There is none; the nearest is named.
        InvalidDocument: Several answer to it; all are listed.
    """
    every = [said for one in KINDS for said in shelf.of_kind(one)]
    for said in every:
        if said.statement.kind in kinds and _is_meant(said, text):
            return cite(shelf, text, said.statement.kind)
    if len(kinds) == 1 or any(_is_meant(said, text) for said in every):
        return cite(shelf, text, kinds[0])
    near = near_miss(text, _spellings([one for one in every if one.statement.kind in kinds], 0))
    raise NotFound(
        f"no {', '.join(kinds[:-1])} or {kinds[-1]} is known here as {text!r}",
        code="desk.cited",
        hint=f"did you mean {near!r}?" if near else "a place looks like kh.example/log#7",
    )


def short(said: Said) -> str:
    """Return the shortest way to cite a statement that `cite` takes."""
    return f"{said.reference.log}#{said.reference.index}"


def _is_meant(said: Said, text: str) -> bool:
    place = _PLACE.fullmatch(text)
    if place is not None:
        reference = said.reference
        return (reference.log, reference.index) == (place["log"], int(place["index"]))
    is_digits = len(text) >= LEAST_DIGITS and _DIGITS.fullmatch(text) is not None
    return is_digits and said.reference.sha256.hex().startswith(text)


def _is_called(said: Said, text: str, kind: str) -> bool:
    is_named = kind in {"system", "bank"} and said.statement.kind == kind
    return is_named and said.statement.predicate.get(kind) == text


def _newest(named: Iterable[Said]) -> list[Said]:
    """Return the newest of each member; a log's order is the order of its statements."""
    return list({said.member: said for said in named}.values())


def _ambiguous(text: str, kind: str, found: Sequence[Said]) -> InvalidDocument:
    return InvalidDocument(
        f"{len(found)} {kind} statements answer to {text!r}",
        code="desk.ambiguous",
        hint=f"say which, such as {short(found[0])}",
        faults=[Fault(message=f"{short(one)}, {one.reference.sha256.hex()}") for one in found],
    )


def _nothing(text: str, kind: str, found: Sequence[Said], every: Sequence[Said]) -> NotFound:
    if found:
        other = found[0]
        return NotFound(
            f"{place_of(other.reference)} is {_a(other.statement.kind)}, not {_a(kind)}",
            code="desk.kind_cited",
            hint=_offer([said for said in every if said.statement.kind == kind]),
        )
    if _DIGITS.fullmatch(text) and len(text) < LEAST_DIGITS:
        return NotFound(
            f"{text!r} is too short to tell statements apart",
            code="desk.cited",
            hint=f"give at least {LEAST_DIGITS} digits, or a place such as kh.example/log#7",
        )
    candidates = [said for said in every if said.statement.kind == kind]
    near = near_miss(text, _spellings(candidates, len(text)))
    hint = f"did you mean {near!r}?" if near else _offer(candidates)
    return NotFound(f"no {kind} is known here as {text!r}", code="desk.cited", hint=hint)


def _spellings(candidates: Iterable[Said], length: int) -> Iterable[str]:
    for said in candidates:
        yield short(said)
        yield said.reference.sha256.hex()[: max(LEAST_DIGITS, length)]
        name = said.statement.predicate.get(said.statement.kind)
        if isinstance(name, str):
            yield name


def _offer(candidates: Sequence[Said]) -> str:
    if not candidates:
        return "none is known here; follow the log it stands in first: comity node follow"
    return "known here: " + ", ".join(short(said) for said in candidates[-5:])


def _a(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"
