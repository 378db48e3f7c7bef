# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a reader of the register takes home: one file that checks a finding offline."""

from collections.abc import Callable

from comity.desk.case.case import gather
from comity.desk.finding.verification import assemble
from comity.desk.log.shelf import ViewShelf
from comity.files.dossier import to_bytes
from comity.kernel.reference import Reference
from comity.node.node import Node

Dossiers = Callable[[Reference], bytes]
"""Return the dossier of a finding; raises our errors."""


def dossiers_of(node: Node) -> Dossiers:
    """Return dossiers put together from what this node holds; nothing is fetched for them.

    A dossier raises NotFound where a part is not here, Conflict where a statement is not
    yet under enough cosignatures.
    """

    def find(finding: Reference) -> bytes:
        test = gather(ViewShelf(node.view()), finding, node.blobs.get)
        return to_bytes(assemble(node, test))

    return find
