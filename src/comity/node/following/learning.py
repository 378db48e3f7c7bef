# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Learn that a member's keys changed, where of its log only hashes are kept.

Beside a checkpoint may stand a file that says at which entries that was. Their bundles are
fetched and held against the verified tree, so nobody can invent a change. Who serves the file
can leave one out: then it is found as before, by a key that is not known, or not at all; so
every place where the log is read is asked.
"""

from collections.abc import Sequence

from comity.errors import ComityError, PeerFailed, VerificationFailed
from comity.ledger.tile import TILE_WIDTH
from comity.node.following.intake import Intake, Paused
from comity.node.logs import history
from comity.node.logs.following import Mode
from comity.node.logs.mirror import Mirror

_MOST_AT_ONCE = 16
"""Bundles fetched at one visit, some 5 MB: a file may name every entry of a log."""


def learn(intake: Intake) -> bool:
    """Fetch the entries not held here that one source says changed the member's keys.

    Returns:
        Whether some came in; what is derived from the entries must be derived again.
    """
    following = intake.wants.following
    if following.mode is Mode.FULL or following.kinds:  # every bundle was looked at
        return False
    return sum(_take(intake, number) for number in _missing(intake)) > 0


def _missing(intake: Intake) -> Sequence[int]:
    try:
        content = intake.source.read(history.FILE, limit=history.MAX_BYTES)
    except ComityError:  # older nodes and other programs serve none
        return ()
    mirror, size = intake.mirror, intake.mirror.size
    places = (one for one in history.find_places(content) if one < size)
    numbers = {one // TILE_WIDTH for one in places if not _is_held(mirror, one)}
    return sorted(numbers)[:_MOST_AT_ONCE]


def _is_held(mirror: Mirror, place: int) -> bool:
    number, at = divmod(place, TILE_WIDTH)
    return at < len(mirror.read_bundle(number))


def _take(intake: Intake, number: int) -> bool:
    mirror = intake.mirror
    width = min(TILE_WIDTH, mirror.size - number * TILE_WIDTH)
    if intake.meter.reason:
        return False
    try:
        intake.refill_one(number, width)
    except (Paused, PeerFailed, VerificationFailed):
        return False
    return mirror.holds(number, width)
