# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The options that say how a service under test is reached."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cyclopts import Parameter

from comity.assess.subjects.endpoint import PLACEHOLDER, Endpoint, chat
from comity.assess.subjects.subject import Subject
from comity.desk.assessment.service import to_subject
from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.service import Service
from comity.files.subject import read_subject
from comity.kernel.canonical import Json as JsonValue

MAX_TEMPLATE_BYTES = 65_536


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOption:
    """The service under test, as it is reached: by its file, or by these options.

    Args:
        subject: A file that says how the service is reached, of whatever kind it is.
        endpoint: Where questions are posted; for chat the base that ends in /v1.
        kind: chat, as without it, for an OpenAI-compatible endpoint; json for any other that
            speaks JSON.
        model: chat: the name the endpoint knows its model by.
        max_tokens: chat: most tokens of one answer.
        template: json: the request's body, or @FILE; every {prompt} becomes the question.
        answer_path: json: where the answer's text stands, such as choices.0.text.
        credential_env: Name of the environment variable that holds the bearer token; its value
            is never written down.
        width: Most questions on their way at a time.
    """

    subject: Path | None = None
    endpoint: str | None = None
    kind: Literal["chat", "json"] | None = None
    model: str | None = None
    max_tokens: int | None = None
    template: str | None = None
    answer_path: str | None = None
    credential_env: str | None = None
    width: int = 16


NO_SERVICE = ServiceOption()


def described(service: ServiceOption) -> Service | None:
    """Return what the file that the options name says, or None where they name none."""
    return None if service.subject is None else read_subject(service.subject)


def subject_of(service: ServiceOption) -> Subject:
    """Return what the options describe.

    Raises:
        InvalidDocument: The options, or the file they name, do not say how it is reached;
            every fault is listed.
    """
    if service.subject is None:
        return _by_options(service)
    given = ("endpoint", "kind", "model", "max_tokens", "template", "answer_path")
    faults = [
        Fault(message=f"--{name.replace('_', '-')} stands in the file that --subject names")
        for name in (*given, "credential_env")
        if getattr(service, name) is not None
    ]
    _refuse([*faults, *_width_faults(service)])
    return to_subject(read_subject(service.subject))


def _by_options(service: ServiceOption) -> Subject:
    kind = service.kind or "chat"
    given = {
        "model": service.model,
        "template": service.template,
        "answer-path": service.answer_path,
    }
    needed = {"chat": ("model",), "json": ("template", "answer-path")}[kind]
    faults = [
        Fault(message=f"--kind {kind} needs --{name}") for name in needed if not given[name]
    ]
    faults += [
        Fault(message=f"--{name} is not for --kind {kind}")
        for name, value in given.items()
        if value is not None and name not in needed
    ]
    max_tokens = 256 if service.max_tokens is None else service.max_tokens
    if not 1 <= max_tokens <= 100_000:
        faults.append(Fault(message="--max-tokens is not from 1 to 100000"))
    if service.endpoint is None:
        faults.append(Fault(message="give --subject service.toml, or --endpoint"))
    _refuse([*faults, *_width_faults(service)])
    if kind == "chat":
        return chat(
            str(service.endpoint),
            str(service.model),
            max_tokens=max_tokens,
            credential_env=service.credential_env,
        )
    return Endpoint(
        url=str(service.endpoint),
        request=_template(str(service.template)),
        answer=str(service.answer_path),
        credential_env=service.credential_env,
    )


def _width_faults(service: ServiceOption) -> list[Fault]:
    is_usable = 1 <= service.width <= 256
    return [] if is_usable else [Fault(message="--width is not from 1 to 256")]


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidDocument("not a subject", code="cli.subject", faults=faults)


def _template(text: str) -> JsonValue:
    source = "--template"
    if text.startswith("@"):
        source = text[1:]
        try:
            with Path(source).open("rb") as file:
                text = file.read(MAX_TEMPLATE_BYTES).decode("utf-8")
        except (OSError, UnicodeDecodeError):
            message = f"cannot read the template {source}"
            raise NotFound(message, code="cli.template") from None
    try:
        template: JsonValue = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = error if isinstance(error, json.JSONDecodeError) else None
        fault = Fault(
            message="not JSON" if where is None else where.msg,
            line=None if where is None else where.lineno,
            column=None if where is None else where.colno,
        )
        raise InvalidDocument(
            "not a template",
            code="cli.template",
            hint=f'a body such as {{"text": "{PLACEHOLDER}"}}',
            source=source,
            faults=[fault],
        ) from None
    return template
