# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Put back entries that a place left out of its copy, where another place shows them.

Taking an entry out leaves its leaf hash, so whoever serves a log could hide any entry of it:
a withdrawal, a compromise. Only what this node itself took out, because an erasure is in
force, stays out; every other gap is asked about again wherever the log is read.
"""

import re
from collections.abc import Mapping, Sequence

from comity.errors import PeerFailed, VerificationFailed
from comity.kernel.instant import to_posix
from comity.ledger.redaction import is_erased, redacted_path, restored
from comity.ledger.tile import TILE_WIDTH, bundle_path
from comity.node.following.intake import Intake, Paused, to_bundle_file
from comity.node.logs.mirror import Mirror
from comity.node.logs.redacting import redacted

_MOST_AT_ONCE = 16
_FOLDER = "tile/redacted/"
_NOT_DIGIT = re.compile(r"[^0-9]")


def heal(intake: Intake) -> bool:
    """Fill the gaps of a mirror that nobody here made, from one source.

    At most 16 bundles a time, others the next time: some gaps no place can fill any more.

    Returns:
        Whether an entry came back; what is derived from the entries must be derived again.
    """
    mirror = intake.mirror
    own = redacted(mirror.storage, mirror.folder)
    numbers = [number for number in _numbers(mirror) if _missing(mirror, number, own)]
    if len(numbers) > _MOST_AT_ONCE:
        first = to_posix(intake.meter.now) // 60 * _MOST_AT_ONCE % len(numbers)
        numbers = [*numbers[first:], *numbers[:first]][:_MOST_AT_ONCE]
    return sum(_fill(intake, number, own) for number in numbers) > 0


def _numbers(mirror: Mirror) -> Sequence[int]:
    names = mirror.storage.names(mirror.folder + _FOLDER)
    paths = (name.removeprefix(mirror.folder + _FOLDER).partition(".p/")[0] for name in names)
    return sorted({int(_NOT_DIGIT.sub("", path)) for path in paths})


def _missing(mirror: Mirror, number: int, own: Mapping[int, str]) -> list[int]:
    entries = mirror.read_bundle(number)
    start = number * TILE_WIDTH
    return [at for at, one in enumerate(entries) if is_erased(one) and start + at not in own]


def _fill(intake: Intake, number: int, own: Mapping[int, str]) -> bool:
    mirror = intake.mirror
    held, gaps = mirror.read_bundle(number), _missing(mirror, number, own)
    try:
        _, shown = intake.fetch(number, len(held))
    except (Paused, PeerFailed, VerificationFailed):
        return False
    found = restored(held, {at: shown[at] for at in gaps if not is_erased(shown[at])})
    if found == held:
        return False
    path, content = to_bundle_file(number, found)
    mirror.storage.replace(mirror.folder + path, content)
    if not path.startswith(_FOLDER):
        mirror.storage.remove(mirror.folder + redacted_path(path))
        mirror.storage.remove(f"{mirror.folder}{redacted_path(bundle_path(number))}.p")
    return True
