# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a service is reached, as TOML: one file form for every kind of subject.

Secrets never stand in it: `credential_env` names the environment variable that holds one.
Paths in it are relative to the file's folder.

Source:
    docs/reference/subjects.md.
"""

import difflib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from comity.errors import Fault, InvalidDocument
from comity.files.service import KINDS, KINDS_OF, NEEDED, Kind, Service, Weights
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.kernel.canonical import Json


def read_subject(path: Path) -> Service:
    """Read how a service is reached from a file.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its place.
    """
    return subject_from_toml(read_text(path, "subject"), source=str(path), folder=path.parent)


def subject_from_toml(text: str, *, source: str = "service", folder: Path = Path()) -> Service:
    """Read how a service is reached from TOML text.

    Raises:
        InvalidDocument: Not TOML (`files.toml`), or faults in what it says
            (`files.subject`), all listed with their places.
    """
    reader = _Reader(toml=read_toml(text, source=source), folder=folder, faults=[])
    service = reader.service()
    if reader.faults:
        raise InvalidDocument(
            "not a service",
            code="files.subject",
            hint="docs/reference/subjects.md shows one of each kind",
            source=source,
            faults=sorted(
                reader.faults, key=lambda fault: (fault.line or 0, fault.column or 0)
            ),
        )
    return service


_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_CALL = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_ANSWER = re.compile(r"[^.]+(\.[^.]+)*")
_ROLES = ("user", "assistant", "system", "begin")


@dataclass(slots=True)
class _Reader:
    """Reads one document and notes every fault at its place."""

    toml: Toml
    folder: Path
    faults: list[Fault]

    def service(self) -> Service:
        """Read the whole."""
        kind = self._kind()
        self._check_fields(kind)
        texts, wholes = self._text, self._whole
        return Service(
            kind=kind,
            folder=self._path(("folder",)) or self.folder,
            name=texts(("name",)),
            url=self._url(),
            model=texts(("model",)) or "",
            system=texts(("system",)),
            request=self._request(),
            answer=self._formed(("answer",), _ANSWER, "a path like choices.0.text") or "",
            headers=self._texts(("headers",), _HEADER, "the name of a header"),
            credential_env=self._formed(("credential_env",), _VARIABLE, _A_VARIABLE),
            credential_header=self._formed(("credential_header",), _HEADER, "a header")
            or "Authorization",
            conversation=self._conversation(),
            call=self._formed(("call",), _CALL, "like my_module:answer") or "",
            command=self._words(("command",)),
            env=self._variables(),
            is_fresh=self._flag("fresh"),
            announces=self._flag("announces"),
            file=self._path(("file",)) or self._path(("path",)) or Path(),
            python=self._python(),
            max_tokens=wholes("max_tokens", 256, 100_000),
            context_tokens=wholes("context_tokens", 4096, 1_000_000),
            threads=wholes("threads", 2, 256),
            processes=wholes("processes", 1, 64),
            width=wholes("width", 256, 256),
            start_timeout_s=wholes("start_timeout_s", 120, 3_600),
            weights=self._weights(),
            values=self._values(),
        )

    def _kind(self) -> Kind:
        word = self.toml.values.get("kind")
        if isinstance(word, str) and word in KINDS:
            return Kind(word)
        message = "kind is missing" if word is None else f"{str(word)[:40]!r} is no kind"
        near = _near(str(word), KINDS)
        self._fault(("kind",), f"{message}: it is one of {', '.join(KINDS)}", near)
        return Kind(near) if near else Kind.HTTP

    def _check_fields(self, kind: Kind) -> None:
        said = self.toml.values.get("kind") in KINDS
        for name in self.toml.values:
            kinds = KINDS_OF.get(name)
            if kinds is None:
                usable = [one for one, those in KINDS_OF.items() if kind.value in those]
                message = f"a service has no field {name[:40]!r}"
                self._fault((name,), message, _near(name, usable))
            elif said and kind.value not in kinds:
                message = f"{name} is not for kind {kind.value}, only for {', '.join(kinds)}"
                self._fault((name,), message)
        for name in NEEDED[kind.value] if said else ():
            if name not in self.toml.values:
                self._fault(("kind",), f"kind {kind.value} needs {name}")
        spelled = json.dumps(self.toml.values.get("request"), default=str)
        is_written = "conversation" in self.toml.values or kind is not Kind.HTTP
        if "system" in self.toml.values and not is_written and '"{messages}"' not in spelled:
            self._fault(("system",), "system has no place: the request has no {messages}")

    def _text(self, path: TomlPath) -> str | None:
        value = self._get(path)
        if value is None or (isinstance(value, str) and value.strip()):
            return value if value is None else str(value)
        self._fault(path, f"{_name(path)} is no text, or an empty one")
        return None

    def _formed(self, path: TomlPath, form: re.Pattern[str], what: str) -> str | None:
        text = self._text(path)
        if text is not None and not form.fullmatch(text):
            self._fault(path, f"{_name(path)} is not {what}")
        return text

    def _whole(self, name: str, standard: int, most: int) -> int:
        value = self.toml.values.get(name, standard)
        if type(value) is int and 1 <= value <= most:
            return value
        self._fault((name,), f"{name} is not a whole number from 1 to {most}")
        return standard

    def _flag(self, name: str) -> bool:
        value = self.toml.values.get(name, False)
        if not isinstance(value, bool):
            self._fault((name,), f"{name} is not true or false")
        return value is True

    def _words(self, path: TomlPath) -> tuple[str, ...]:
        value = self._get(path)
        if value is None:
            return ()
        if isinstance(value, list) and value and all(map(_is_text, value)):
            return tuple(value)
        self._fault(path, f'{_name(path)} is no list of texts such as ["one", "two"]')
        return ()

    def _variables(self) -> tuple[str, ...]:
        words = self._words(("env",))
        for place, word in enumerate(words):
            if not _VARIABLE.fullmatch(word):
                self._fault(("env", place), f"{word[:40]!r} is not {_A_VARIABLE}")
        return words

    def _texts(self, path: TomlPath, form: re.Pattern[str], what: str) -> dict[str, str]:
        found = self._table(path)
        for name, value in found.items():
            if not form.fullmatch(name):
                self._fault((*path, name), f"{name[:40]!r} is not {what}")
            elif not _is_text(value) or not str(value).isprintable():
                self._fault((*path, name), f"{name} is no text of one line")
        return {name: str(value) for name, value in found.items()}

    def _table(self, path: TomlPath) -> Mapping[str, object]:
        value = self._get(path)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self._fault(path, f"{_name(path)} is no table: write [{_name(path)}]")
        return {}

    def _conversation(self) -> dict[str, str] | None:
        table = self._table(("conversation",))
        if not table:
            return None
        for name, value in table.items():
            place = ("conversation", name)
            if name not in _ROLES:
                message = f"a conversation has no {name[:40]!r}: it has {', '.join(_ROLES)}"
                self._fault(place, message, _near(name, _ROLES))
            elif not isinstance(value, str):
                self._fault(place, f"conversation.{name} is no text")
            elif name != "begin" and value.count("{text}") != 1:
                self._fault(place, f"conversation.{name} has no {{text}} where it is said")
        for name in _ROLES:
            if name not in table:
                self._fault(("conversation",), f"conversation has no {name}")
        return {name: str(value) for name, value in table.items()}

    def _url(self) -> str:
        text = self._text(("url",))
        if text is None:
            return ""
        try:
            parts = urlsplit(text)
            is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
            has_secret = parts.username is not None or parts.password is not None
            _ = parts.port
        except ValueError:
            is_usable, has_secret = False, False
        if has_secret:
            message = "url holds a user name or password; name a variable in credential_env"
            self._fault(("url",), message)
        elif not is_usable:
            self._fault(("url",), "url is not like http://host:port/path")
        return text

    def _request(self) -> Json:
        if "request" not in self.toml.values:
            return None
        request = self._json(("request",), self.toml.values["request"])
        spelled = json.dumps(request)
        if "{prompt}" not in spelled and '"{messages}"' not in spelled:
            message = "request has no {prompt} or {messages} where the question goes"
            self._fault(("request",), message)
        return request

    def _values(self) -> dict[str, Json]:
        table = self._table(("inspect",))
        return {name: self._json(("inspect", name), value) for name, value in table.items()}

    def _json(self, path: TomlPath, value: object) -> Json:
        match value:
            case None | bool() | int() | str():
                return value
            case Decimal() if value.is_finite() and math.isfinite(float(value)):
                # a request may hold what a statement may not; it is never signed
                return cast("Json", float(value))
            case Mapping():
                return {name: self._json((*path, name), part) for name, part in value.items()}
            case list():
                return [self._json((*path, place), part) for place, part in enumerate(value)]
            case _:
                self._fault(path, f"{_name(path)} has no form in JSON")
                return None

    def _path(self, path: TomlPath) -> Path | None:
        text = self._text(path)
        return None if text is None else self.folder / text

    def _python(self) -> str | None:
        text = self._text(("python",))
        if text is None or "/" not in text:  # a name is left to the path
            return text
        return str((self.folder / text).absolute())

    def _weights(self) -> Weights:
        table = self._table(("identity",))
        fields = ("weights", "signature", "public_key")
        for name in table:
            if name not in fields:
                message = f"identity has no field {name[:40]!r}"
                self._fault(("identity", name), message, _near(name, fields))
        signature = self._path(("identity", "signature"))
        key = self._path(("identity", "public_key"))
        if (signature is None) != (key is None):
            self._fault(("identity",), "signature and public_key stand together or not at all")
        return Weights(
            files=tuple(self.folder / word for word in self._words(("identity", "weights"))),
            signature=signature,
            public_key=key,
        )

    def _get(self, path: TomlPath) -> object:
        value: object = self.toml.values
        for step in path:
            value = value.get(str(step)) if isinstance(value, Mapping) else None
        return value

    def _fault(self, path: TomlPath, message: str, near: str | None = None) -> None:
        self.faults.append(self.toml.fault(path, message, near=near))


_A_VARIABLE = "the name of an environment variable"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _name(path: TomlPath) -> str:
    return ".".join(map(str, path))


def _near(word: str, options: "list[str] | tuple[str, ...]") -> str | None:
    return next(iter(difflib.get_close_matches(word, options, n=1)), None)
