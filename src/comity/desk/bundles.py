# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where evidence bundles come from: kept here, or else served by a peer."""

from comity.desk.case import Bundles
from comity.errors import ComityError, NotFound
from comity.kernel.digest import Digest
from comity.node.node import Node


def bundles_of(node: Node) -> Bundles:
    """Return a bundle from the node's own blobs, or from the first peer that serves it.

    A bundle is named by its digest, so it does not matter who serves it; it is kept.
    """

    def find(digest: Digest) -> bytes:
        held = node.blobs.find(digest)
        if held is not None:
            return held
        reasons: list[str] = []
        for peer in node.config.peers:
            try:
                return node.blobs.fetch(node.connect(peer), digest)
            except ComityError as error:
                reasons.append(f"{peer.name}: {error.message}")
        raise NotFound(
            f"nobody serves the evidence with digest {digest.hex()[:16]}…",
            code="desk.bundle",
            hint="; ".join(reasons) or "a peer must be known that keeps it: comity node peer",
        )

    return find
