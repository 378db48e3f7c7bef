# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One message between the runner and a worker's process: its length, then its bytes."""

import asyncio
import struct

_LENGTH = struct.Struct(">I")


def to_frame(body: bytes) -> bytes:
    """Write one message."""
    return _LENGTH.pack(len(body)) + body


async def read_frame(stream: asyncio.StreamReader) -> bytes | None:
    """Read one message, or None when the other side is gone, in the middle of one or not."""
    try:
        (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
        return await stream.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
