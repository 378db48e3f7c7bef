# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a node serves to other nodes: its static files, its blobs, its witness.

These routes speak bytes, no page and no JSON schema; the register mounts them beside its own.
"""

import re
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from comity.errors import ComityError, NotFound
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import from_hex, sha256
from comity.kernel.instant import Instant, from_posix, to_posix
from comity.ledger.keyset import to_predicate
from comity.ledger.tile import MAX_BUNDLE_BYTES, is_tile_path
from comity.node.clock import read_clock
from comity.node.disk.storage import Disk
from comity.node.fetch.key import Purpose
from comity.node.fetch.source import FolderSource
from comity.node.logs import history
from comity.node.node import Node
from comity.node.serving.file import FOREVER, FRESH, Content, answer
from comity.node.serving.guard import MEMBER
from comity.node.serving.health import health_of
from comity.node.views.viewpoint import read_viewpoint
from comity.node.views.viewpoint import to_json as to_view_json
from comity.node.witness.witness import MAX_REQUEST_BYTES, TEXT_TYPE

_BYTES_TYPE = "application/octet-stream"
_JSON_TYPE = "application/json"
_KINDS = {"checkpoint": TEXT_TYPE, history.FILE: _JSON_TYPE}
_ENTRIES = "tile/entries/"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAY_S = 86_400
_PRIVATE = "private, no-store"


def log_routes(node: Node, clock: Callable[[], Instant] = read_clock) -> list[Route]:
    """Return the routes by which other nodes read, verify and ask this one."""
    served = _Served(node, clock)
    return [
        Route("/checkpoint", served.checkpoint, name="log_checkpoint"),
        Route("/history", served.history, name="log_history"),
        Route("/tile/{path:path}", served.tile, name="log_tile"),
        Route("/blob/{sha256}", served.blob, name="log_blob"),
        Route("/keyset", served.keyset, name="log_keyset"),
        Route("/transport-key", served.transport_key, name="log_transport_key"),
        Route("/receipt-key", served.receipt_key, name="log_receipt_key"),
        Route("/health", served.health, name="health"),
        Route("/view", served.view, name="log_view"),
        Route("/mirrors", served.mirrors, name="log_mirrors"),
        Route("/mirrors/{member}/{path:path}", served.mirrored, name="log_mirrored"),
        Route(
            "/add-checkpoint",
            served.add_checkpoint,
            methods=["POST"],
            name="log_add_checkpoint",
        ),
    ]


class _Served:
    """The answers of one node."""

    def __init__(self, node: Node, clock: Callable[[], Instant]) -> None:
        self._node = node
        self._clock = clock
        self._source = FolderSource(node.public_folder)

    def checkpoint(self, request: Request) -> Response:
        """Answer with the newest public checkpoint."""
        return _file(request, self._source, "checkpoint", TEXT_TYPE)

    def history(self, request: Request) -> Response:
        """Answer with where the member's keys changed; 404 where they never did."""
        return _file(request, self._source, history.FILE, _JSON_TYPE)

    def tile(self, request: Request) -> Response:
        """Answer with a tile or a bundle."""
        path = f"tile/{request.path_params['path']}"
        if not is_tile_path(path):
            return _missing()
        return _file(request, self._source, path, _BYTES_TYPE, FOREVER)

    def blob(self, request: Request) -> Response:
        """Answer with a blob that still has its digest, to whom it may be shown."""
        digest = request.path_params["sha256"]
        if not _DIGEST.fullmatch(digest):
            return _missing()
        name = from_hex(digest)
        content = self._node.blobs.serve(name, None)
        cache = FOREVER
        if content is None:
            content, cache = self._node.blobs.serve(name, request.scope.get(MEMBER)), _PRIVATE
        if content is None:
            return _missing()
        return answer(request, Content(encoded=content, media_type=_BYTES_TYPE, cache=cache))

    def keyset(self, request: Request) -> Response:
        """Answer with the member's first keyset, whose digest is its id."""
        return _json(request, to_canonical(to_predicate(self._node.keyset)))

    def transport_key(self, request: Request) -> Response:
        """Answer with the key of this member's requests, signed as its statements are."""
        return self._key(request, Purpose.TRANSPORT)

    def receipt_key(self, request: Request) -> Response:
        """Answer with the key of this log's receipts, signed as its statements are."""
        return self._key(request, Purpose.RECEIPT)

    def health(self, _request: Request) -> Response:
        """Answer 200 where the node can do its work, 503 where it cannot."""
        is_well, found = health_of(self._node, self._clock())
        headers = {"content-type": _JSON_TYPE, "cache-control": "no-store"}
        return Response(to_canonical(found), 200 if is_well else 503, headers)

    def view(self, request: Request) -> Response:
        """Answer with what this node sees, for another to compare with."""
        found = read_viewpoint(Disk(self._node.folder), self._clock())
        return _json(request, to_canonical(to_view_json(found)))

    def mirrors(self, request: Request) -> Response:
        """Answer with the members whose whole logs stand below /mirrors, and by which key."""
        logs = [log for log in self._node.view().members() if not log.is_own]
        whole: list[Json] = [log.member for log in logs if log.holding is None]
        partial: list[Json] = [log.member for log in logs if log.holding is not None]
        found = {"mirrors": whole, "partial": partial, "key": self._node.mirror_key.vkey}
        return _json(request, to_canonical(found))

    def mirrored(self, request: Request) -> Response:
        """Answer with a file of a followed member's log, as it was verified here.

        The log is named by its member's id, or as tlog-mirror has it, by the SHA-256 of its
        origin.
        """
        member, path = request.path_params["member"], request.path_params["path"]
        for peer in self._node.config.peers:
            if sha256(peer.log_key.name.encode()).hex() == member:
                member = peer.member
        kind = _KINDS.get(path, _BYTES_TYPE)
        if not _DIGEST.fullmatch(member) or not (path in _KINDS or is_tile_path(path)):
            return _missing()
        source = FolderSource(self._node.folder / "peers" / member)
        return _file(request, source, path, kind)

    async def add_checkpoint(self, request: Request) -> Response:
        """Answer as a witness does."""
        body = await _read_body(request)
        if body is None:
            return Response("a request has at most 64 KiB\n", 413, media_type=TEXT_TYPE)
        try:
            said = await run_in_threadpool(
                self._node.witness.add_checkpoint, body, self._clock()
            )
        except ComityError as error:
            return Response(f"{error.message}\n", 503, media_type=TEXT_TYPE)
        return Response(said.body, said.status, {"content-type": said.media_type})

    def _key(self, request: Request, purpose: Purpose) -> Response:
        now = self._clock()
        today = from_posix(to_posix(now) // _DAY_S * _DAY_S)
        return _json(request, self._node.derived_key(purpose, today)[1])


async def _read_body(request: Request) -> bytes | None:
    """Return the body, or None as soon as it is larger than a request may be."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > MAX_REQUEST_BYTES:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def _file(
    request: Request, source: FolderSource, path: str, media_type: str, cache: str = FRESH
) -> Response:
    try:
        content = source.read(path, limit=MAX_BUNDLE_BYTES)
        modified_s = int((source.folder / path).stat().st_mtime)
    except (NotFound, FileNotFoundError):
        return _missing()
    found = Content(
        encoded=content,
        media_type=media_type,
        cache=cache,
        modified_s=modified_s,
        may_pack=path.startswith(_ENTRIES),
    )
    return answer(request, found)


def _json(request: Request, encoded: bytes) -> Response:
    return answer(request, Content(encoded=encoded, media_type=_JSON_TYPE))


def _missing() -> Response:
    return Response("not found\n", 404, media_type=TEXT_TYPE)
