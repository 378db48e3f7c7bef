# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a bank claims, as TOML beside the bank: the claim in words, and its test's numbers."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.evidence.bank import is_category_name
from comity.files.bank import is_scorer_id
from comity.files.text import read_text
from comity.files.toml import Path as TomlPath
from comity.files.toml import Toml, read_toml
from comity.kernel.localtext import LocalText

_FIELDS = (
    "slug", "scorer", "threshold", "goal", "risk", "power", "conducts", "licence", "limits",
    "claim", "drafts", "categories", "fits", "instead_of", "values",
    "languages", "sentences",
)  # fmt: skip
_FORMS = {
    "slug": (re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"), "flood-messages"),
    "conduct": (re.compile(r"[a-z][a-z0-9_]*"), "accuracy_fit_for_purpose"),
    "tag": (re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"), "zh or pt-BR"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is shown when every category of a bank is shown, and how it is to be tested.

    Args:
        slug: The bank's.
        claim: What is shown, in words.
        scorers: Ids of the scorers the bank uses.
        threshold: Pass rate p0 that must be exceeded in each category.
        goal: Pass rate p1 at which "shown" is to be likely.
        risk: Greatest probability of a wrong "shown".
        power: Least probability of "shown" at the goal.
        conducts: Conduct variables the claim speaks to.
        limits: What the bank does not test, in words.
        licence: SPDX id of the items' licence.
        categories: What each category is called.
        fits: To which systems the bank can be put, as a condition of the pack language;
            empty for all.
        instead_of: Slugs of the longer banks this one stands in for.
        values: Of a conduct variable that is a set, the values the claim speaks to.
        languages: Tags of the languages its items and answers are in.
        sentences: How many its author wrote by hand, or None where nobody says.
    """

    slug: str
    claim: LocalText
    scorers: tuple[str, ...]
    threshold: Fraction
    goal: Fraction
    risk: Fraction
    power: Fraction
    conducts: tuple[str, ...]
    limits: str
    licence: str
    categories: Mapping[str, LocalText]
    fits: str = ""
    instead_of: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    sentences: int | None = None


def read_claim(path: Path) -> Claim:
    """Read a claim from a file.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its place.
    """
    return claim_from_toml(read_text(path, "claim"), source=str(path))


def claim_from_toml(text: str, *, source: str = "claim") -> Claim:
    """Read a claim from TOML text.

    Raises:
        InvalidDocument: Not TOML (`files.toml`), or faults in what it says
            (`files.claim`), all listed with their places.
    """
    reader = _Reader(toml=read_toml(text, source=source), faults=[])
    claim = reader.claim()
    if reader.faults:
        raise _refused(source, reader.faults)
    return claim


@dataclass(slots=True)
class _Reader:
    """Reads one document and notes every fault at its place."""

    toml: Toml
    faults: list[Fault]

    def claim(self) -> Claim:
        for name in self.toml.values:
            if name not in _FIELDS:
                near = difflib.get_close_matches(name, _FIELDS, n=1)
                self._fault(
                    (name,), f"a claim has no field {name!r}", near[0] if near else None
                )
        claim = Claim(
            slug=self._formed(("slug",), self._text("slug"), "slug"),
            claim=self._local(("claim",), self._table("claim")),
            scorers=self._scorers(),
            threshold=self._share("threshold"),
            goal=self._share("goal"),
            risk=self._share("risk"),
            power=self._share("power"),
            conducts=self._all(("conducts",), "conduct"),
            limits=self._text("limits").strip(),
            licence=self._text("licence"),
            categories=self._categories(),
            fits=self._text("fits").strip() if "fits" in self.toml.values else "",
            instead_of=self._all(("instead_of",), "slug"),
            values={
                self._formed(("values", name), name, "conduct"): tuple(
                    self._words(("values", name))
                )
                for name in self._table("values")
            },
            languages=self._all(("languages",), "tag") or ("en",),
            sentences=self._count("sentences"),
        )
        if claim.threshold >= claim.goal:
            self._fault(("goal",), "the goal is not above the threshold")
        return claim

    def _fault(self, path: TomlPath, message: str, near: str | None = None) -> None:
        self.faults.append(self.toml.fault(path, message, near=near))

    def _text(self, name: str) -> str:
        value = self.toml.values.get(name)
        if isinstance(value, str) and value.strip():
            return value
        self._fault((name,), f"{name} is missing or no text")
        return ""

    def _table(self, name: str) -> Mapping[str, object]:
        value = self.toml.values.get(name, {})
        if isinstance(value, Mapping):
            return value
        self._fault((name,), f"{name} is no table: write [{name}]")
        return {}

    def _formed(self, path: TomlPath, word: str, kind: str) -> str:
        form, example = _FORMS[kind]
        if word and not form.fullmatch(word):
            self._fault(path, f"{word!r} is not written like {example}")
        return word

    def _all(self, path: TomlPath, kind: str) -> tuple[str, ...]:
        words = enumerate(self._words(path))
        return tuple(self._formed((*path, place), word, kind) for place, word in words)

    def _words(self, path: TomlPath) -> list[str]:
        value: object = self.toml.values
        for step in path:
            value = value.get(step, []) if isinstance(value, Mapping) else []
        if isinstance(value, list) and all(isinstance(word, str) and word for word in value):
            return value
        self._fault(path, f"{path[-1]} is no list of words")
        return []

    def _scorers(self) -> tuple[str, ...]:
        words = tuple(dict.fromkeys(self._text("scorer").split()))
        for word in words:
            if not is_scorer_id(word):
                self._fault(("scorer",), f"{word!r} is not written like exact/1")
        return words

    def _share(self, name: str) -> Fraction:
        value = self.toml.values.get(name)
        if isinstance(value, Decimal) and value.is_finite() and 0 < value < 1:
            return Fraction(value)
        self._fault((name,), f"{name} is not a number between 0 and 1, such as 0.95")
        return Fraction(1, 2)

    def _count(self, name: str) -> int | None:
        value = self.toml.values.get(name)
        if value is None or (type(value) is int and value > 0):
            return value
        self._fault((name,), f"{name} is no whole number above 0")
        return None

    def _local(self, path: TomlPath, texts: Mapping[str, object]) -> LocalText:
        drafts = frozenset(self._words(("drafts", "claim"))) if path == ("claim",) else ()
        found = {"en": ""}
        for tag, text in texts.items():
            self._formed((*path, tag), tag, "tag")
            if not isinstance(text, str) or not text.strip():
                self._fault((*path, tag), f"{tag} is no text")
            found[tag] = str(text)
        if "en" not in texts:
            self._fault(path, f"{path[-1]} has no English text: write en = …")
        return LocalText(by_tag=found, drafts=frozenset(drafts))

    def _categories(self) -> dict[str, LocalText]:
        found: dict[str, LocalText] = {}
        tables = self._table("categories")
        if not tables:
            self._fault(("categories",), "the claim names no category")
        for name, texts in tables.items():
            path = ("categories", name)
            if not is_category_name(name):
                self._fault(path, f"{name!r} is no category name")
            if isinstance(texts, Mapping):
                found[name] = self._local(path, texts)
            else:
                self._fault(path, f"write {name} = {{ en = … }}")
        return found


def _refused(source: str, faults: list[Fault]) -> InvalidDocument:
    found = sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0))
    return InvalidDocument(
        "not a bank's claim",
        code="files.claim",
        hint="docs/reference/banks.md lists every field",
        source=source,
        faults=found,
    )
