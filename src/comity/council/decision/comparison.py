# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Two results of one proposal side by side: what each reader's logs lack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from comity.council.decision.result import Result, State
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One log as a result names it."""

    origin: Origin
    size: int
    root: Digest
    forked_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A result as it is signed: what was found, from which logs.

    Args:
        counts: How many seats stand where.
        flagged: How many statements did not count as they may have been meant.
    """

    proposal: Reference
    as_of: Instant
    text: Digest
    state: State
    passed: bool
    counts: Mapping[str, int]
    flagged: int
    logs: tuple[Seen, ...]


def finding_of(result: Result) -> Finding:
    """Return what of a result is signed."""
    return Finding(
        proposal=result.proposal,
        as_of=result.as_of,
        text=result.text,
        state=result.state,
        passed=result.passed,
        counts=result.counts,
        flagged=len(result.flagged),
        logs=tuple(
            Seen(origin=log.origin, size=log.size, root=log.root, forked_from=log.forked_from)
            for log in result.logs
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One reason why two results may differ.

    Args:
        kind: "proposal", "instant", "followed", "size", "root", "fork", or "result" where the
            same logs and instant led two readers to different results, which no correct
            reader's do.
        lacks: 0 where the first lacks something, 1 where the second does, None for neither.
    """

    kind: str
    text: str
    origin: Origin | None = None
    lacks: int | None = None


def compare(one: Finding, other: Finding, names: tuple[str, str]) -> tuple[Difference, ...]:
    """Say what two readers of one proposal did not both see; nothing where all is the same.

    Args:
        names: What the two are called.
    """
    if one.proposal != other.proposal:
        text = f"{names[0]} and {names[1]} are results of two proposals"
        return (Difference(kind="proposal", text=text),)
    found = [*_instants(one, other, names), *_logs(one, other, names)]
    if not found and one != other:
        text = (
            f"{names[0]} and {names[1]} read the same logs as of the same instant and found "
            "different results: one of them did not follow the rules of counting"
        )
        found = [Difference(kind="result", text=text)]
    return tuple(found)


def _instants(one: Finding, other: Finding, names: tuple[str, str]) -> Iterator[Difference]:
    if one.as_of != other.as_of:
        text = (
            f"{names[0]} is as of {to_rfc3339(one.as_of)}, {names[1]} as of "
            f"{to_rfc3339(other.as_of)}"
        )
        yield Difference(kind="instant", text=text)


def _logs(one: Finding, other: Finding, names: tuple[str, str]) -> Iterator[Difference]:
    here = {log.origin: log for log in one.logs}
    there = {log.origin: log for log in other.logs}
    for origin in sorted(here.keys() | there.keys()):
        mine, theirs = here.get(origin), there.get(origin)
        if mine is None or theirs is None:
            behind = 0 if mine is None else 1
            text = f"{names[behind]} does not hold the log {origin}"
            yield Difference(kind="followed", text=text, origin=origin, lacks=behind)
        else:
            yield from _log(mine, theirs, names)


def _log(mine: Seen, theirs: Seen, names: tuple[str, str]) -> Iterator[Difference]:
    origin = mine.origin
    if mine.size != theirs.size:
        behind = 0 if mine.size < theirs.size else 1
        low, high = sorted((mine.size, theirs.size))
        entries = f"entry {low}" if high == low + 1 else f"entries {low} to {high - 1}"
        text = f"{names[behind]} lacks {entries} of {origin}"
        yield Difference(kind="size", text=text, origin=origin, lacks=behind)
    elif mine.root != theirs.root:
        text = (
            f"they name two different roots of {origin} at size {mine.size}: either it told "
            "two stories, which its two signed checkpoints would prove, or one result is untrue"
        )
        yield Difference(kind="root", text=text, origin=origin)
    if mine.forked_from != theirs.forked_from:
        firsts = [mine.size if one.forked_from is None else one.forked_from
                  for one in (mine, theirs)]  # fmt: skip
        behind = 0 if firsts[0] > firsts[1] or mine.forked_from is None else 1
        text = (
            f"{names[1 - behind]} counts {origin} as a log that told two stories; "
            f"{names[behind]} holds no such evidence"
        )
        yield Difference(kind="fork", text=text, origin=origin, lacks=behind)
