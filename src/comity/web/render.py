# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages from templates: one environment per language, everything escaped."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from comity.web.language import Language, load_languages
from comity.web.phrase import in_language
from comity.web.text import choose, to_plain, to_plain_block, to_pretty

_HERE = files("comity.web")
STATIC = {"comity.css": "text/css; charset=utf-8", "mark.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page shows, before it is a page.

    Args:
        section: Which entry of the main menu it belongs to, or "".
        sheet: What the register says; also its JSON. None where there is none.
        more: What only the HTML needs.
    """

    template: str
    section: str
    sheet: Any
    more: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a page stands.

    Args:
        path: After the language and its slash, such as "systems/ab12…".
        query: As it came, without the question mark.
        base: Scheme and host, for commands a reader copies.
    """

    path: str
    query: str
    base: str

    def url(self, tag: str, *, suffix: str = "") -> str:
        """Return the address in one language, as HTML or with ".json"."""
        name = self.path or ("index" if suffix else "")
        return f"/{tag}/{name}{suffix}" + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """Templates, stylesheet and messages, read once.

    Args:
        version: Digest over all of them; a page is a function of it, too.
    """

    languages: Mapping[str, Language]
    environments: Mapping[str, Environment]
    static: Mapping[str, bytes]
    version: str

    def render(self, page: Page, tag: str, address: Address) -> str:
        """Write a page in one language."""
        language = self.languages[tag]
        template = self.environments[tag].get_template(page.template)
        has_json = page.sheet is not None and page.status == 200
        return template.render(
            sheet=page.sheet,
            node=getattr(page.sheet, "node", page.more.get("node")),
            section=page.section,
            language=language,
            languages=tuple(self.languages.values()),
            in_language=lambda other: address.url(other.tag),
            json_url=address.url(tag, suffix=".json") if has_json else "",
            sheet_url=f"/static/comity.css?v={self.version[:8]}",
            **{key: value for key, value in page.more.items() if key != "node"},
        )


def load_renderer() -> Renderer:
    """Read templates, stylesheet and messages from the package."""
    languages = load_languages()
    static = {name: _HERE.joinpath("static", name).read_bytes() for name in STATIC}
    sources = {
        each.name: each.read_text(encoding="utf-8")
        for each in _HERE.joinpath("templates").iterdir()
        if each.name.endswith((".html", ".xml"))
    }
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(sources[name].encode())
    for name in sorted(static):
        digest.update(static[name])
    for tag in sorted(languages):
        digest.update(repr(sorted(_messages(languages[tag]).items(), key=repr)).encode())
    return Renderer(
        languages=languages,
        environments={tag: _environment(one, sources) for tag, one in languages.items()},
        static=static,
        version=digest.hexdigest(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    """A page of its own, in English, for who runs a command; and its stylesheet."""

    template: Template
    sheet: bytes

    def render(self, **values: object) -> str:
        """Write the page."""
        return self.template.render(**values)


def load_bare(name: str) -> Bare:
    """Read one template that needs no other, and no language."""
    source = _HERE.joinpath("templates", name).read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    sheet = _HERE.joinpath("static", "comity.css").read_bytes()
    return Bare(template=environment.from_string(source), sheet=sheet)


def _environment(language: Language, sources: Mapping[str, str]) -> Environment:
    environment = Environment(
        loader=FunctionLoader(sources.get),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(  # type: ignore[attr-defined] # the extension adds it
        language.messages, newstyle=True
    )
    environment.filters["plain"] = to_plain
    environment.filters["plain_block"] = to_plain_block
    environment.filters["pretty"] = to_pretty
    environment.globals["choose"] = partial(choose, tag=language.tag)
    environment.globals["in_own_words"] = partial(in_language, tag=language.tag)
    return environment


def _messages(language: Language) -> Mapping[Any, str]:
    return getattr(language.messages, "_catalog", {})
