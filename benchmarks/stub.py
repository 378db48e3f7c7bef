# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An endpoint that answers at once, the same to everything; its first line is its port."""

import sys

SERVER = """
import asyncio
import sys

BODY = sys.argv[1].encode()
HEAD = "HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\n"
REPLY = f"{HEAD}Content-Length: {len(BODY)}\\r\\n\\r\\n".encode() + BODY

async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            length = head.lower().split(b"content-length: ")[1].split(b"\\r\\n")[0]
            await reader.readexactly(int(length))
            writer.write(REPLY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def stub(body: str) -> list[str]:
    """Return the command that serves a body as JSON, in a process of its own."""
    return [sys.executable, "-c", SERVER, body]
