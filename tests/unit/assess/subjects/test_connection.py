# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A connection is kept while nothing is amiss, and nobody unproven is spoken to over TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from comity.assess.subjects.address import address_of
from comity.assess.subjects.connection import IDLE_S, Connection, Connections
from comity.assess.subjects.subject import NoAnswer
from comity.evidence.transcript import Missing

YES = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes"
LAST = YES.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
CAP = 1_000


class Town:
    """A service on loopback that counts who comes in."""

    def __init__(
        self, answer: bytes = YES, *, pause_s: float = 0, leaves: bool = False
    ) -> None:
        self.answer, self.pause_s, self.leaves = answer, pause_s, leaves
        self.came = self.inside = self.most = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer everything alike."""
        self.came += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"{}")
                self.inside += 1
                self.most = max(self.most, self.inside)
                await asyncio.sleep(self.pause_s)
                self.inside -= 1
                writer.write(self.answer)
                await writer.drain()
                if self.leaves:
                    break
        writer.close()


@asynccontextmanager
async def connected(
    town: Town, width: int = 1, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Connections]:
    """Run a service, with connections to it."""
    server = await asyncio.start_server(town.serve, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/ask"
    connections = Connections(address_of(url, {}), width)
    try:
        yield connections
    finally:
        connections.close()
        server.close()
        await asyncio.sleep(0.01)


def asked(town: Town, work: Callable[[Connections], Awaitable[None]], width: int = 1) -> None:
    """Do some work with connections to a service."""

    async def asks() -> None:
        async with connected(town, width) as connections:
            await work(connections)

    asyncio.run(asks())


async def three(connections: Connections) -> None:
    """Ask three questions, one after another."""
    for _ in range(3):
        assert (await connections.post(b"{}", CAP)).body == b"yes"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("town", "came"),
    [(Town(), 1), (Town(LAST), 3), (Town(leaves=True), 3), (Town(YES + b"!"), 3)],
)
def test_a_connection_is_used_again_while_it_may(town: Town, came: int) -> None:
    """A handshake for each question costs both sides; one that may not be kept costs none."""
    asked(town, three)

    assert town.came == came


def test_no_more_questions_are_on_their_way_than_were_agreed() -> None:
    """A service that bears two at a time would fail a third that it could answer."""
    town = Town(pause_s=0.01)

    async def eight(connections: Connections) -> None:
        await asyncio.gather(*(connections.post(b"{}", CAP) for _ in range(8)))

    asked(town, eight, width=2)

    assert (town.most, town.came) == (2, 2)


def test_who_stopped_waiting_leaves_no_answer_behind() -> None:
    """It would be taken for the answer to the next question."""
    town = Town(pause_s=0.1)

    async def impatient(connections: Connections) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await connections.post(b"{}", CAP)
        town.answer = YES.replace(b"yes", b"no!")
        assert (await connections.post(b"{}", CAP)).body == b"no!"

    asked(town, impatient)

    assert town.came == 2


def test_a_connection_idle_for_long_is_left_alone() -> None:
    """The service may hang up on it just as the question goes out."""

    async def aged() -> None:
        async with connected(Town()) as connections:
            await connections.post(b"{}", CAP)
            (connection,) = connections._idle
            now_s = asyncio.get_running_loop().time()
            assert connection.is_fresh(now_s)
            assert not connection.is_fresh(now_s + IDLE_S)

    asyncio.run(aged())

    assert not Connection().is_fresh(0)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://nowhere.invalid/"])
def test_nobody_there_is_unreachable(url: str) -> None:
    """The question was not seen, so it may be asked again."""

    async def asks() -> None:
        await Connections(address_of(url, {}), 1).post(b"{}", CAP)

    with pytest.raises(NoAnswer) as caught:
        asyncio.run(asks())

    assert caught.value.missing is Missing.UNREACHABLE


def certified(folder: Path, host: str) -> ssl.SSLContext:
    """Return a service's side of TLS, its own certificate beside it as `roots.pem`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "town")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    roots, secret = folder / "roots.pem", folder / "key.pem"
    roots.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(roots, secret)
    return context


@pytest.mark.parametrize(
    ("host", "is_trusted", "is_right"),
    [("127.0.0.1", True, True), ("127.0.0.1", False, False), ("127.0.0.2", True, False)],
)
def test_only_who_proves_its_name_is_asked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    *,
    is_trusted: bool,
    is_right: bool,
) -> None:
    """A certificate of another name, or of nobody known, is nobody's answer."""
    tls, town = certified(tmp_path, host), Town()
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots.pem"))

    async def asks() -> None:
        async with connected(town, 1, tls) as connections:
            if is_right:
                await three(connections)
                return
            with pytest.raises(NoAnswer) as caught:
                await connections.post(b"{}", CAP)
            assert caught.value.missing is Missing.UNREACHABLE

    asyncio.run(asks())

    assert town.came == (1 if is_right else 0)
