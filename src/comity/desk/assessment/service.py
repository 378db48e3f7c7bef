# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""From a service's file to a subject that can be asked."""

import asyncio
import importlib
import inspect
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from comity.assess.adapters.agent import inspect as inspect_process
from comity.assess.adapters.agent import settings_from
from comity.assess.subjects.endpoint import Endpoint, chat, completions
from comity.assess.subjects.function import Function
from comity.assess.subjects.process import Process
from comity.assess.subjects.spelling import Spelling
from comity.assess.subjects.subject import Limits, Subject, preflight
from comity.assess.subjects.weights import Engine, gguf, transformers
from comity.errors import Fault, InvalidDocument
from comity.files.service import Kind, Service


def to_subject(service: Service) -> Subject:
    """Return the subject that a service's file describes; nothing is asked or started yet.

    Raises:
        InvalidDocument: A function or a file that it names is not there.
        NotPermitted: Its kind needs an extra that is not installed.
    """
    match service.kind:
        case Kind.CHAT | Kind.COMPLETIONS | Kind.HTTP:
            return _endpoint(service)
        case Kind.FUNCTION:
            call = _function(service)
            converses = "history" in _parameters(call)
            label = service.name or service.call
            return Function(
                call=call, label=label, converses=converses, width=min(service.width, 64)
            )
        case Kind.PROCESS:
            return _process(service)
        case Kind.GGUF | Kind.TRANSFORMERS:
            return _weights(service)
        case Kind.INSPECT:
            return _agent(service)
        case _:
            assert_never(service.kind)


def check(subject: Subject, limits: Limits) -> None:
    """Send one greeting, and nothing of any bank.

    Raises:
        PeerFailed: The subject does not answer as it should; the message says how.
        NotPermitted: The environment variable of its credential is not set.
    """

    async def greet() -> None:
        async with subject.open(limits, 1) as session:
            await preflight(session, subject, limits)

    asyncio.run(greet())


def _endpoint(service: Service) -> Endpoint:
    spelling = None
    if service.conversation is not None:
        spelling = Spelling(**service.conversation)
    if service.kind is Kind.CHAT:
        found = chat(service.url, service.model, max_tokens=service.max_tokens)
    elif service.kind is Kind.COMPLETIONS:
        found = completions(service.url, service.model, max_tokens=service.max_tokens)
    else:
        found = Endpoint(url=service.url, request=service.request, answer=service.answer)
    return replace(
        found,
        system=service.system,
        spelling=spelling,
        width=service.width,
        headers=service.headers,
        credential_env=service.credential_env,
        credential_header=service.credential_header,
    )


def _process(service: Service) -> Process:
    return Process(
        command=service.command,
        label=service.name or service.command[0],
        folder=service.folder,
        variables=service.env,
        system=service.system,
        credential_env=service.credential_env,
        processes=service.processes,
        is_fresh=service.is_fresh,
        announces=service.announces,
        start_timeout_s=service.start_timeout_s,
    )


def _weights(service: Service) -> Process:
    if not service.file.exists():
        raise _refused(f"there is no {service.file}")
    engine = Engine(
        max_tokens=service.max_tokens,
        context_tokens=service.context_tokens,
        threads=service.threads,
        processes=service.processes,
        python=service.python or sys.executable,
    )
    make = gguf if service.kind is Kind.GGUF else transformers
    made = make(service.file, engine)
    return replace(
        made,
        label=service.name or made.label,
        system=service.system,
        start_timeout_s=service.start_timeout_s,
    )


def _agent(service: Service) -> Process:
    settings = settings_from(service.values, service.folder)
    made = inspect_process(
        settings, python=service.python or sys.executable, processes=service.processes
    )
    return replace(
        made,
        label=service.name or made.label,
        folder=service.folder,
        variables=service.env,
        credential_env=service.credential_env,
        start_timeout_s=service.start_timeout_s,
    )


def _function(service: Service) -> Callable[..., str]:
    """Import what a file names; importing runs the module."""
    module, _, path = service.call.partition(":")
    folder = str(service.folder.absolute())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        found: object = importlib.import_module(module)
        for step in path.split("."):
            found = getattr(found, step)
    except AttributeError:
        raise _refused(f"{module} has nothing called {path}") from None
    except Exception as error:  # noqa: BLE001 - a module may raise anything as it is imported
        words = f"cannot import {module}: {type(error).__name__}: {error}"
        raise _refused(words) from None
    if not callable(found):
        raise _refused(f"{service.call} cannot be called")
    return found


def _parameters(call: Callable[..., str]) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(call).parameters)
    except (TypeError, ValueError):  # of a built-in, which says nothing of itself
        return ()


def _refused(message: str) -> InvalidDocument:
    return InvalidDocument(
        "the service's file names what is not there",
        code="desk.service",
        hint="paths are relative to the file; comity subject check tries it",
        faults=[Fault(message=message)],
    )
