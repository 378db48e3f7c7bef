# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Why two nodes see different things, in plain sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import Instant, to_rfc3339
from comity.node.logs.following import Mode
from comity.node.views.viewpoint import Sight, Viewpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One reason why two nodes see different things.

    Args:
        kind: "followed", "member", "contradiction", "size", "counted", "fork", "held" or
            "unreadable".
        text: The reason in one or two plain sentences.
    """

    kind: str
    origin: Origin
    text: str


def differences(one: Viewpoint, other: Viewpoint) -> tuple[Difference, ...]:
    """Return why two views differ, log by log; nothing where they do not."""
    origins = dict.fromkeys(sight.origin for sight in (*one.sights, *other.sights))
    names = {sight.member: sight.name for sight in (*one.sights, *other.sights)}
    pair = _Pair(one, other, names)
    return tuple(found for origin in sorted(origins) for found in pair.compare(origin))


class _Pair:
    """Two views side by side."""

    def __init__(self, one: Viewpoint, other: Viewpoint, names: dict[MemberId, str]) -> None:
        self._one = one
        self._other = other
        self._names = names
        is_same_name = one.name == other.name
        self._a = f"{one.name} ({one.member[:8]})" if is_same_name else one.name
        self._b = f"{other.name} ({other.member[:8]})" if is_same_name else other.name
        if is_same_name and one.member == other.member:
            self._a, self._b = f"{one.name} (first)", f"{other.name} (second)"

    def compare(self, origin: Origin) -> Iterator[Difference]:
        """Yield every reason why one log looks different."""
        here, there = self._one.find(origin), self._other.find(origin)
        if here is None or there is None:
            known = here or there
            if known is not None:
                yield self._followed(known, is_here=here is not None)
            return
        if here.member != there.member:
            text = (
                f"{self._a} knows the log as member {here.member[:16]}'s, {self._b} as "
                f"{there.member[:16]}'s: two logs with one name."
            )
            yield Difference(kind="member", origin=origin, text=text)
            return
        yield from self._sizes(here, there)
        yield from self._counts(here, there)
        yield from self._forks(here, there)
        yield from self._held(here, there)
        yield from self._unreadable(here, there)

    def _followed(self, known: Sight, *, is_here: bool) -> Difference:
        sees, lacks = (self._a, self._b) if is_here else (self._b, self._a)
        own = "its own log" if known.is_own else f"the log of {known.name}"
        text = (
            f"{sees} sees {own}, {known.size} entries; {lacks} does not follow it: "
            f"nothing said there is seen by {lacks}."
        )
        return Difference(kind="followed", origin=known.origin, text=text)

    def _sizes(self, here: Sight, there: Sight) -> Iterator[Difference]:
        if here.size == there.size:
            if here.root != there.root:
                text = (
                    f"both hold size {here.size} of {here.name}, each with another root: "
                    "it told two stories. Let either follow the other's copy, and evidence "
                    "is written."
                )
                yield Difference(kind="contradiction", origin=here.origin, text=text)
            return
        ahead, behind = (here, there) if here.size > there.size else (there, here)
        first, second = (self._a, self._b) if ahead is here else (self._b, self._a)
        text = (
            f"{first} has {ahead.size} entries of {here.name}, read {_when(ahead.checked_at)}; "
            f"{second} has {behind.size}, read {_when(behind.checked_at)}: "
            f"{second} lacks the last {ahead.size - behind.size} until it follows again."
        )
        yield Difference(kind="size", origin=here.origin, text=text)

    def _counts(self, here: Sight, there: Sight) -> Iterator[Difference]:
        if here.counted_size == there.counted_size:
            return
        text = (
            f"of {here.name}, entries count for {self._a} up to {here.counted_size} and for "
            f"{self._b} up to {there.counted_size}. {self._rule(self._a, here)} "
            f"{self._rule(self._b, there)}"
        )
        yield Difference(kind="counted", origin=here.origin, text=text)

    def _rule(self, who: str, sight: Sight) -> str:
        cosigned = ", ".join(map(self._name, sight.cosigners)) or "nobody"
        allowed = ", ".join(map(self._name, sight.witnesses)) or "nobody"
        return (
            f"{who} asks for {sight.needed} of {allowed}; on its newest checkpoint it counts "
            f"{cosigned}."
        )

    def _forks(self, here: Sight, there: Sight) -> Iterator[Difference]:
        held, missing = set(here.evidence), set(there.evidence)
        for who, lacks, sight in (
            (self._a, self._b, here if held - missing else None),
            (self._b, self._a, there if missing - held else None),
        ):
            if sight is not None:
                text = (
                    f"{who} holds evidence that the log of {sight.name} told two stories, from "
                    f"entry {sight.forked_from} on; {lacks} does not hold it. Give it the file."
                )
                yield Difference(kind="fork", origin=sight.origin, text=text)

    def _held(self, here: Sight, there: Sight) -> Iterator[Difference]:
        for who, sight, other in ((self._a, here, there), (self._b, there, here)):
            if sight.held < sight.size and _gap(sight) != _gap(other):
                text = (
                    f"{who} holds {sight.held} of {sight.size} entries of {sight.name} "
                    f"({_kept(sight)}); the others it cannot show."
                )
                yield Difference(kind="held", origin=sight.origin, text=text)

    def _unreadable(self, here: Sight, there: Sight) -> Iterator[Difference]:
        if here.unreadable is None or there.unreadable is None:
            return
        common = min(here.size, there.size)
        for who, sight, other in (
            (self._a, here, there.unreadable),
            (self._b, there, here.unreadable),
        ):
            only = [at for at in sight.unreadable or () if at not in other and at < common]
            if only:
                places = ", ".join(map(str, only[:10]))
                text = f"{who} cannot read entries {places} of {sight.name}; the other can."
                yield Difference(kind="unreadable", origin=sight.origin, text=text)

    def _name(self, member: MemberId) -> str:
        return self._names.get(member, member[:16])


def _gap(sight: Sight) -> tuple[Mode, tuple[str, ...], bool]:
    return sight.mode, sight.chosen, sight.held < sight.size


def _kept(sight: Sight) -> str:
    match sight.mode:
        case Mode.FULL:
            return "the rest is still to come"
        case Mode.HASHES:
            return "it follows by hashes alone"
        case Mode.SELECTED:
            return f"it keeps only {', '.join(sight.chosen)}"


def _when(at: Instant | None) -> str:
    return "never" if at is None else to_rfc3339(at)
