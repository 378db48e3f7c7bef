# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node follow`: read peers' logs, verify everything, keep copies."""

from pathlib import Path

from rich.console import Console

from comity.cli.option import Json, print_json
from comity.cli.passphrase import read_passphrase
from comity.cli.session import PassphraseFile
from comity.desk.node import Visit, follow_peers
from comity.errors import PeerFailed, VerificationFailed
from comity.node.node import Node
from comity.node.server import read_clock


def follow(
    folder: Path,
    *peers: str,
    seen: bool = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Read peers' logs, verify everything in them, and keep verified copies.

    Example: comity node follow kh

    Args:
        folder: The node's folder.
        peers: Names of peers; without any, all of them.
        seen: Also log which checkpoints this node has cosigned, where that is news.
    """
    node = Node.open(folder, read_passphrase(passphrase_file))
    console, now = Console(highlight=False), read_clock()
    visits = []
    for visit in follow_peers(node, peers, now):
        visits.append(visit)
        if not as_json:
            _print_visit(console, visit)
    if seen and node.record_seen(now) is not None:
        node.publish(now)
    node.close()
    if as_json:
        print_json([_visit_json(visit) for visit in visits])
    errors = [visit.error for visit in visits if visit.error is not None]
    if any(isinstance(error, VerificationFailed) for error in errors):
        return 1
    return 2 if errors else 0


def _print_visit(console: Console, visit: Visit) -> None:
    if visit.followed is None:
        kind = "unreachable" if isinstance(visit.error, PeerFailed) else "refused"
        said = f"{visit.peer.name}: {kind}: {visit.error}"
        console.print(said, markup=False, style="red", soft_wrap=True)
        return
    found = visit.followed
    counted = f"{len(found.tally.counted)} of {found.tally.needed} cosignatures"
    new = found.size - found.previous
    console.print(f"{visit.peer.name}: {new} new, {found.size} in all, {counted}", markup=False)


def _visit_json(visit: Visit) -> dict[str, object]:
    base: dict[str, object] = {"member": visit.peer.member, "name": visit.peer.name}
    if visit.followed is None:
        error = visit.error
        code = "" if error is None else error.code
        return {**base, "error": {"code": code, "message": str(error)}}
    return {
        **base,
        "previous": visit.followed.previous,
        "size": visit.followed.size,
        "cosigners": list(visit.followed.tally.members),
        "quorum_met": visit.followed.tally.is_met,
    }
