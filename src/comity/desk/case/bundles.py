# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where evidence bundles come from: kept here, or else served by a peer."""

from comity.desk.case.case import Bundles
from comity.errors import ComityError, NotFound
from comity.evidence.plan import Plan
from comity.evidence.publishing import Publishing, publishing_of
from comity.kernel.digest import Digest, sha256
from comity.node.node import Node


def keep_bundle(node: Node, plan: Plan, bundle: bytes) -> Digest:
    """Keep a test's evidence: as a public blob, or sealed where the plan keeps items back."""
    digest = sha256(bundle)
    if publishing_of(plan) is Publishing.ALL:
        node.blobs.put(bundle)
    else:
        node.vault.put(_sealed(digest), bundle)
    return digest


def find_kept(node: Node, digest: Digest) -> bytes | None:
    """Return a bundle this node keeps, public or sealed, or None."""
    return node.blobs.find(digest) or node.vault.find(_sealed(digest))


def get_kept(node: Node, digest: Digest) -> bytes:
    """Return a bundle this node keeps, public or sealed.

    Raises:
        NotFound: It keeps none with this digest.
    """
    return find_kept(node, digest) or node.blobs.get(digest)


def bundles_of(node: Node) -> Bundles:
    """Return a bundle from the node's own blobs, or from the first peer that serves it.

    A bundle is named by its digest, so it does not matter who serves it; it is kept.
    """

    def find(digest: Digest) -> bytes:
        held = find_kept(node, digest)
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


def _sealed(digest: Digest) -> str:
    return f"bundle-{digest.hex()}"
