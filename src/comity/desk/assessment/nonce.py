# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Draw a nonce, keep it secret, commit to it; give it out once it is to be revealed."""

from comity.evidence.contributor import commit_share
from comity.evidence.draw import NONCE_BYTES, Role, commit_nonce
from comity.kernel.digest import Digest
from comity.node.keys.keys import Entropy
from comity.node.node import Node


def draw_nonce(node: Node, role: Role, entropy: Entropy) -> Digest:
    """Draw a nonce into the node's vault and return the commitment to it."""
    nonce = entropy(NONCE_BYTES)
    commitment = commit_nonce(nonce, role)
    node.vault.put(_name(commitment), nonce)
    return commitment


def draw_share(node: Node, entropy: Entropy) -> Digest:
    """Draw a nonce for another's draw into the vault and return the commitment to it."""
    nonce = entropy(NONCE_BYTES)
    commitment = commit_share(nonce, node.member)
    node.vault.put(_name(commitment), nonce)
    return commitment


def kept_nonce(node: Node, commitment: Digest) -> Digest:
    """Return the nonce this node committed to.

    Raises:
        NotFound: This node drew none with this commitment.
    """
    return Digest(node.vault.get(_name(commitment)))


def _name(commitment: Digest) -> str:
    return f"nonce/{commitment.hex()}"
