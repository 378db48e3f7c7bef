# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How much one visitor may ask: a bucket for each that fills again with time.

Source:
    The token bucket of RFC 2697, with requests in place of bytes.
"""

import threading
from collections import OrderedDict
from ipaddress import IPv6Address, ip_network

from comity.node.fetch.settings import find_address

_MOST_VISITORS = 50_000
_BURST_S = 10


class Limit:
    """A limit on requests by visitor.

    Args:
        a_minute: How many one visitor may ask a minute; a sixth of them, and no fewer than
            20, may come at once.
    """

    def __init__(self, a_minute: int) -> None:
        self._a_second = a_minute / 60
        self._most = float(max(20, a_minute * _BURST_S // 60))
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, visitor: str, at_s: float, *, weight: int = 1) -> float:
        """Count a request at a moment of a clock that never goes back.

        Returns:
            0.0 where it is within the limit, else the seconds to wait; it then does not count.
        """
        with self._lock:
            left, since = self._buckets.pop(visitor, (self._most, at_s))
            left = min(self._most, left + (at_s - since) * self._a_second)
            wait_s = max(0.0, (weight - left) / self._a_second)
            self._buckets[visitor] = (left if wait_s else left - weight, at_s)
            if len(self._buckets) > _MOST_VISITORS:
                self._buckets.popitem(last=False)
            return wait_s


def to_visitor(address: str) -> str:
    """Return whom an address stands for: itself, or its network where one owner has many.

    Example:
        >>> to_visitor("2001:db8:1:2:3::4"), to_visitor("192.0.2.7")
        ('2001:db8:1:2::/64', '192.0.2.7')
    """
    found = find_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, 64), strict=False))
    return address
