# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a node asks its peers: where its operator lets it, under its own signature."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from comity.kernel.instant import Instant, from_posix
from comity.ledger.signature import SigningKey
from comity.node.fetch.http import Asking, Outgoing
from comity.node.fetch.key import LIFETIME
from comity.node.fetch.settings import HttpSettings
from comity.node.fetch.signature import RequestSigner
from comity.node.fetch.source import LogSource, open_source
from comity.node.member.config import Peer


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """Opens peers where node.toml says they are.

    Args:
        settings: Return the operator's settings as they are now.
        vouch: Return the key that signs requests and the member's word for it, at an instant.
    """

    settings: Callable[[], HttpSettings]
    vouch: Callable[[Instant], tuple[SigningKey, bytes]]

    def __call__(self, peer: Peer) -> LogSource:
        """Open a peer."""
        return open_source(peer.url, asking=self.asking())

    def asking(self) -> Asking:
        """Return how to ask anybody else at the operator's word."""
        settings = self.settings()
        sign = _Fresh(self.vouch) if settings.sign else None
        return Asking(settings=settings, sign=sign)


def typed(url: str) -> Asking:
    """Return how to ask an address that somebody typed just now: that very one is meant."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return Asking(settings=HttpSettings(allow=(host,)))


class _Fresh:
    """Signs requests by a document that is still good when it is sent."""

    def __init__(self, vouch: Callable[[Instant], tuple[SigningKey, bytes]]) -> None:
        self._vouch = vouch
        self._signer: RequestSigner | None = None
        self._made_at = from_posix(0)

    def __call__(self, asked: Outgoing) -> dict[str, str]:
        now = _now()
        if self._signer is None or not self._made_at <= now < self._made_at + LIFETIME / 2:
            key, document = self._vouch(now)
            self._made_at = now
            self._signer = RequestSigner(key, document, clock=_now, entropy=secrets.token_bytes)
        return dict(self._signer(asked))


def _now() -> Instant:
    return from_posix(int(time.time()))
