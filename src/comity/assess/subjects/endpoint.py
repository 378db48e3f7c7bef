# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A subject behind HTTP: any JSON endpoint by template, chat endpoints among them.

No redirect is followed, no proxy or netrc of the environment is read, no cookie is kept,
and a compressed answer is refused, so that an answer's cost is bounded by its bytes.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from comity.assess.subjects.address import address_of, header_faults, url_faults
from comity.assess.subjects.connection import Connections
from comity.assess.subjects.credential import Credential, find_credential
from comity.assess.subjects.reply import OK
from comity.assess.subjects.spelling import Spelling
from comity.assess.subjects.subject import (
    Limits,
    Message,
    NoAnswer,
    Session,
    Traits,
    to_chat,
)
from comity.errors import Fault, InvalidDocument
from comity.evidence.transcript import Missing
from comity.kernel.canonical import Json

PLACEHOLDER = "{prompt}"
MESSAGES = "{messages}"
_ENVELOPE_BYTES = 65_536
"""What an endpoint may wrap around its answer: ids, usage, timings."""

_BUSY = frozenset({429, 503})
"""Too Many Requests and Service Unavailable: come again (RFC 6585 section 4, RFC 9110)."""

_ENCODER = json.JSONEncoder(ensure_ascii=False)

_ESCAPED = 6
"""JSON may spell one byte of text as six, as in \\u0041."""

_REPORTED = ("model", "system_fingerprint")
"""Fields beside an answer in which endpoints say what answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An HTTP endpoint that takes and returns JSON.

    Args:
        url: Where each question is posted; no user name or password inside.
        request: Body of the request; every `{prompt}` in its strings becomes the question, a
            string that is `{messages}` the conversation up to it, a list of {"role",
            "content"}.
        answer: Path to the answer's text in the response, such as
            "choices.0.message.content".
        credential_env: Name of the environment variable that holds the bearer token.
        system: The service's own system message, sent first.
        spelling: How a conversation is written as one text, for `{prompt}`.
        width: Most questions it bears at a time.
        headers: Sent beside ours; never a secret.
        credential_header: Where the credential goes; in Authorization it is a bearer token.
    """

    url: str
    request: Json
    answer: str
    credential_env: str | None = None
    system: str | None = None
    spelling: Spelling | None = None
    width: int = 256
    headers: Mapping[str, str] = field(default_factory=dict)
    credential_header: str = "Authorization"

    def __post_init__(self) -> None:
        """Refuse what could never be asked, every fault at once."""
        faults = [Fault(message=text) for text in _faults(self)]
        if faults:
            raise InvalidDocument("not an endpoint", code="assess.endpoint", faults=faults)

    @property
    def traits(self) -> Traits:
        """Return what it can take."""
        converses = self.spelling is not None or _takes_messages(self.request)
        return Traits(converses=converses, width=self.width)

    @property
    def label(self) -> str:
        """Return scheme, host and path, without any query."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}"

    @asynccontextmanager
    async def open(self, limits: Limits, width: int) -> AsyncIterator[Session]:
        """Open connections for at most *width* questions at a time.

        Raises:
            NotPermitted: The environment variable of the credential is not set.
        """
        credential = find_credential(self.credential_env)
        ours = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        headers = {**self.headers, **ours}
        if credential is not None:
            is_bearer = self.credential_header.lower() == "authorization"
            value = credential.reveal()
            headers[self.credential_header] = f"Bearer {value}" if is_bearer else value
        connections = Connections(address_of(self.url, headers), width)
        try:
            yield _HttpSession(self, connections, limits, credential)
        finally:
            connections.close()


def chat(
    url: str, model: str, *, max_tokens: int = 256, credential_env: str | None = None
) -> Endpoint:
    """Describe an OpenAI-compatible chat endpoint, asked as deterministically as it allows.

    Args:
        url: Base such as "http://127.0.0.1:8078/v1"; "/chat/completions" is appended.
        model: Name the endpoint knows its model by.
        max_tokens: Most tokens of one answer.
        credential_env: Name of the environment variable that holds the API key.
    """
    return Endpoint(
        url=f"{url.rstrip('/')}/chat/completions",
        request=_greedy(model, max_tokens, messages=MESSAGES),
        answer="choices.0.message.content",
        credential_env=credential_env,
    )


def completions(
    url: str,
    model: str,
    *,
    max_tokens: int = 256,
    credential_env: str | None = None,
    spelling: Spelling | None = None,
) -> Endpoint:
    """Describe an OpenAI-compatible completions endpoint, which takes one text.

    Args:
        url: Base such as "http://127.0.0.1:8078/v1"; "/completions" is appended.
        model: Name the endpoint knows its model by.
        max_tokens: Most tokens of one answer.
        credential_env: Name of the environment variable that holds the API key.
        spelling: How a conversation is written as that text; without it only items of one
            message are asked, as they stand.
    """
    return Endpoint(
        url=f"{url.rstrip('/')}/completions",
        request=_greedy(model, max_tokens, prompt=PLACEHOLDER),
        answer="choices.0.text",
        credential_env=credential_env,
        spelling=spelling,
    )


def _greedy(model: str, max_tokens: int, **asked: str) -> Json:
    return {"model": model, **asked, "temperature": 0, "seed": 1, "max_tokens": max_tokens}


def reported_by(session: Session) -> Mapping[str, str]:
    """Return what an endpoint said of itself with its last answer, by the name of the field."""
    return dict(session.reported) if isinstance(session, _HttpSession) else {}


class _HttpSession:
    """One open session; the credential lives in the address and here only."""

    def __init__(
        self,
        endpoint: Endpoint,
        connections: Connections,
        limits: Limits,
        credential: Credential | None,
    ) -> None:
        self._endpoint = endpoint
        self._path = endpoint.answer.split(".")
        self.reported: dict[str, str] = {}
        self._connections = connections
        self._body_cap = limits.max_answer_bytes * _ESCAPED + _ENVELOPE_BYTES
        self._credential = credential

    async def ask(self, prompt: str, history: Sequence[Message] = ()) -> str | Missing:
        """Return the answer, or why there is none."""
        try:
            return await self._exchange(prompt, history)
        except NoAnswer as refused:
            return refused.missing

    async def describe_fault(self, prompt: str) -> str | None:
        """Ask once and return what is wrong in plain words."""
        try:
            await self._exchange(prompt, ())
        except NoAnswer as refused:
            return refused.words
        return None

    async def _exchange(self, prompt: str, history: Sequence[Message]) -> str:
        body = _body(self._endpoint, prompt, history)
        reply = await self._connections.post(body, self._body_cap)
        if reply.status != OK:
            missing = Missing.BUSY if reply.status in _BUSY else Missing.ERROR
            raise NoAnswer(f"it answered with HTTP status {reply.status}", missing)
        said = _parsed(reply.body)
        self.reported = _of_itself(said)
        text = _picked(said, self._path)
        if self._credential is not None:
            self._credential.refuse_in(text, NoAnswer)
        return text


def _parsed(received: bytes) -> object:
    try:
        said: object = json.loads(received)
    except (ValueError, RecursionError):
        raise NoAnswer("it does not answer in JSON") from None
    return said


def _of_itself(said: object) -> dict[str, str]:
    if not isinstance(said, dict):
        return {}
    found = {name: said.get(name) for name in _REPORTED}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, str) and value and len(value) <= 200 and value.isprintable()
    }


def _picked(found: object, path: Sequence[str]) -> str:
    for step in path:
        match found:
            case dict() if step in found:
                found = found[step]
            case list() if step.isdecimal() and int(step) < len(found):
                found = found[int(step)]
            case _:
                raise NoAnswer(f"its JSON has nothing at {'.'.join(path)}")
    if not isinstance(found, str):
        raise NoAnswer(f"its JSON has no text at {'.'.join(path)}")
    return found


def _body(endpoint: Endpoint, prompt: str, history: Sequence[Message]) -> bytes:
    """Write one question, and what was said before it, as the body of a request."""
    first = () if endpoint.system is None else (Message(role="system", text=endpoint.system),)
    asked = (*first, *history, Message(role="user", text=prompt))
    text = prompt if endpoint.spelling is None else endpoint.spelling.write(asked)
    filled = _filled(endpoint.request, text, to_chat(asked))
    return _ENCODER.encode(filled).encode()


def _takes_messages(request: Json) -> bool:
    return json.dumps(MESSAGES) in json.dumps(request)


def _filled(template: Json, prompt: str, messages: Json) -> Json:
    match template:
        case str():
            return messages if template == MESSAGES else template.replace(PLACEHOLDER, prompt)
        case Mapping():
            return {key: _filled(part, prompt, messages) for key, part in template.items()}
        case list() | tuple():
            return [_filled(part, prompt, messages) for part in template]
        case _:
            return template


def _faults(endpoint: Endpoint) -> list[str]:
    found = [*url_faults(endpoint.url)]
    found += header_faults({endpoint.credential_header: "", **endpoint.headers})
    request = json.dumps(endpoint.request)
    if PLACEHOLDER not in request and not _takes_messages(endpoint.request):
        found.append(f"the request has no {PLACEHOLDER} where the question goes")
    if endpoint.system is not None and not endpoint.traits.converses:
        found.append(f"the request has no {MESSAGES} where the system message goes")
    if not all(endpoint.answer.split(".")):
        found.append("the answer's path is not like choices.0.message.content")
    if endpoint.credential_env is not None and not re.fullmatch(
        r"[A-Za-z_][A-Za-z0-9_]*", endpoint.credential_env
    ):
        found.append("credential_env is not the name of an environment variable")
    return found
