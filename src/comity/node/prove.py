# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Prove to anyone, offline, that an entry stands in a log this node holds."""

from dataclasses import dataclass

from comity.errors import Conflict, NotFound
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference
from comity.ledger.checkpoint import from_text
from comity.ledger.note import from_bytes
from comity.ledger.proof import InclusionProof
from comity.node.disk.storage import Disk
from comity.node.logs.mirror import Mirror
from comity.node.logs.tiles import TileFolder
from comity.node.node import Node
from comity.node.views.memberlog import COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """An entry as logged, with its proof under a cosigned checkpoint."""

    member: MemberId
    reference: Reference
    entry: bytes
    proof: InclusionProof


def prove(node: Node, reference: Reference) -> Exhibit:
    """Prove an entry under the newest checkpoint that met this node's quorum.

    Raises:
        NotFound: This node does not hold the entry.
        Conflict: No checkpoint with enough cosignatures covers it yet.
    """
    view = node.view()
    member = view.get(reference).member
    storage = Disk(node.folder)
    if member == node.member:
        tiles, name = TileFolder(storage, "public/"), COUNTED
    else:
        mirror = Mirror(storage, member)
        tiles, name = mirror.tiles, f"{mirror.folder}counted"
    try:
        encoded = storage.read(name)
    except NotFound:
        raise _uncounted(reference) from None
    checkpoint = from_text(from_bytes(encoded).text)
    if checkpoint.size <= reference.index:
        raise _uncounted(reference)
    path = tiles.tree(checkpoint.size).inclusion(reference.index)
    return Exhibit(
        member=member,
        reference=reference,
        entry=view.encoded(reference),
        proof=InclusionProof(index=reference.index, path=path, checkpoint=encoded),
    )


def _uncounted(reference: Reference) -> Conflict:
    return Conflict(
        f"entry {reference.index} of {reference.log} is not yet under enough cosignatures",
        code="node.uncounted",
        hint="publish or follow that log again, then repeat this",
    )
