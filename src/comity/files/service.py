# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A service as its file describes it, and which fields each kind has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from comity.kernel.canonical import Json


class Kind(Enum):
    """What kind of thing answers."""

    CHAT = "chat"
    COMPLETIONS = "completions"
    HTTP = "http"
    FUNCTION = "function"
    PROCESS = "process"
    GGUF = "gguf"
    TRANSFORMERS = "transformers"
    INSPECT = "inspect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The files that make a service what it is, and who signed them.

    Args:
        files: Files, or one folder.
        signature: An OpenSSF model signature over them.
        public_key: Of whoever signed, in PEM.
    """

    files: tuple[Path, ...] = ()
    signature: Path | None = None
    public_key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service as its file describes it; what a kind does not use keeps its default.

    Args:
        folder: Where the file stands, or where the program or function is run from.
        request: http: the body with `{prompt}` or `{messages}` in it.
        conversation: How messages are written as one text, by role, and "begin".
        credential_header: Where the credential goes; in Authorization it is a bearer token.
        values: inspect: what its table says.
    """

    kind: Kind
    folder: Path
    name: str | None = None
    url: str = ""
    model: str = ""
    system: str | None = None
    request: Json = None
    answer: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    credential_env: str | None = None
    credential_header: str = "Authorization"
    conversation: Mapping[str, str] | None = None
    call: str = ""
    command: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    is_fresh: bool = False
    announces: bool = False
    file: Path = Path()
    python: str | None = None
    max_tokens: int = 256
    context_tokens: int = 4096
    threads: int = 2
    processes: int = 1
    width: int = 256
    start_timeout_s: int = 120
    weights: Weights = field(default_factory=Weights)
    values: Mapping[str, Json] = field(default_factory=dict)


_HTTP = ("chat", "completions", "http")
_LOCAL = ("gguf", "transformers")
_RUN = ("process", *_LOCAL)
_STARTED = (*_RUN, "inspect")
KINDS = tuple(kind.value for kind in Kind)
KINDS_OF: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "name": KINDS,
    "identity": KINDS,
    "url": _HTTP,
    "model": ("chat", "completions"),
    "system": (*_HTTP, *_RUN),
    "request": ("http",),
    "answer": ("http",),
    "headers": _HTTP,
    "credential_env": (*_HTTP, "process", "inspect"),
    "credential_header": _HTTP,
    "conversation": ("completions", "http"),
    "call": ("function",),
    "folder": ("function", "process"),
    "command": ("process",),
    "env": ("process", "inspect"),
    "fresh": ("process",),
    "announces": ("process",),
    "file": ("gguf",),
    "path": ("transformers",),
    "python": ("transformers", "inspect"),
    "max_tokens": ("chat", "completions", *_LOCAL),
    "context_tokens": ("gguf",),
    "threads": _LOCAL,
    "processes": _STARTED,
    "width": (*_HTTP, "function"),
    "start_timeout_s": _STARTED,
    "inspect": ("inspect",),
}
"""By field, the kinds that have it."""

NEEDED = {
    "chat": ("url", "model"),
    "completions": ("url", "model"),
    "http": ("url", "request", "answer"),
    "function": ("call",),
    "process": ("command",),
    "gguf": ("file",),
    "transformers": ("path",),
    "inspect": ("inspect",),
}
"""By kind, the fields without which it cannot be asked."""
