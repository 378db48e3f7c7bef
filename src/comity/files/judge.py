# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A judge as its file describes it: who is asked, in which words, and how far it may err.

Source:
    docs/how-to/judge-with-a-model.md.
"""

import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.evidence.judge.bound import PPM
from comity.evidence.judge.judgement import MAX_VOTES
from comity.evidence.judge.question import faults_of
from comity.evidence.judge.stated import Basis, is_judge
from comity.files.text import read_text
from comity.files.toml import Toml, read_toml
from comity.kernel.digest import Digest

_FIELDS = (
    "scorer", "model", "service", "prompt", "false_pass", "basis", "audit", "votes",
    "timeout_s",
)  # fmt: skip
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeFile:
    """A judge as its file describes it.

    Args:
        scorer: Id of the scorer it is.
        model: What a person may know it by.
        service: File that says how it is reached.
        prompt: Template of what it is asked.
        false_pass: Greatest probability of passing an answer that fails.
        basis: Whether that was measured.
        audit: Digest of what measured it.
        votes: How often it is asked of each answer.
    """

    scorer: str
    model: str
    service: Path
    prompt: str
    false_pass: Fraction
    basis: Basis
    audit: Digest | None = None
    votes: int = 1
    timeout_s: int = 60


def read_judge(path: Path) -> JudgeFile:
    """Read a judge from a file; the service's path is relative to it.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its place.
    """
    return judge_from_toml(read_text(path, "judge"), source=str(path), folder=path.parent)


def judge_from_toml(text: str, *, source: str = "judge", folder: Path = Path()) -> JudgeFile:
    """Read a judge from TOML text.

    Raises:
        InvalidDocument: Not TOML (`files.toml`), or faults in what it says
            (`files.judge`), all listed with their places.
    """
    reader = _Reader(toml=read_toml(text, source=source), folder=folder, faults=[])
    judge = reader.judge()
    if reader.faults:
        raise InvalidDocument(
            "not a judge",
            code="files.judge",
            hint="docs/how-to/judge-with-a-model.md shows a whole one",
            source=source,
            faults=sorted(reader.faults, key=lambda one: (one.line or 0, one.column or 0)),
        )
    return judge


@dataclass(slots=True)
class _Reader:
    """Reads one document and notes every fault at its place."""

    toml: Toml
    folder: Path
    faults: list[Fault]

    def judge(self) -> JudgeFile:
        for name in self.toml.values:
            if name not in _FIELDS:
                near = difflib.get_close_matches(name, _FIELDS, n=1)
                self._fault(name, f"a judge has no field {name!r}", near[0] if near else None)
        basis = self._basis()
        judge = JudgeFile(
            scorer=self._scorer(),
            model=self._text("model"),
            service=self.folder / self._text("service"),
            prompt=self._prompt(),
            false_pass=self._share("false_pass"),
            basis=basis,
            audit=self._audit(basis),
            votes=self._whole("votes", 1, MAX_VOTES),
            timeout_s=self._whole("timeout_s", 60, 3_600),
        )
        if judge.votes % 2 == 0:
            self._fault("votes", "an even number of votes can be a tie")
        return judge

    def _fault(self, name: str, message: str, near: str | None = None) -> None:
        self.faults.append(self.toml.fault((name,), message, near=near))

    def _text(self, name: str) -> str:
        value = self.toml.values.get(name)
        if isinstance(value, str) and value.strip():
            return value
        self._fault(name, f"{name} is missing or no text")
        return ""

    def _scorer(self) -> str:
        scorer = self._text("scorer")
        if scorer and not is_judge(scorer):
            self._fault("scorer", f"{scorer[:60]!r} is no judge", "model-judge/1")
        return scorer

    def _prompt(self) -> str:
        prompt = self._text("prompt")
        for message in faults_of(prompt) if prompt else ():
            self._fault("prompt", message)
        return prompt

    def _share(self, name: str) -> Fraction:
        value = self.toml.values.get(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and 0 <= value < 1:
            share = Fraction(value)
            if (share * PPM).denominator == 1:
                return share
        self._fault(
            name, f"{name} is not a share from 0 to below 1, such as 0.1, in millionths"
        )
        return Fraction(0)

    def _basis(self) -> Basis:
        words = [basis.value for basis in Basis]
        value = self.toml.values.get("basis")
        if value in words:
            return Basis(value)
        near = difflib.get_close_matches(str(value), words, n=1)
        self._fault("basis", f"basis is one of {', '.join(words)}", near[0] if near else None)
        return Basis.ASSUMED

    def _audit(self, basis: Basis) -> Digest | None:
        value = self.toml.values.get("audit")
        if (value is None) == (basis is Basis.AUDITED):
            self._fault("audit", "audit stands exactly where the basis is audited")
        if value is None:
            return None
        if isinstance(value, str) and _DIGEST.fullmatch(value):
            return Digest(bytes.fromhex(value))
        self._fault("audit", "audit is not 64 lower-case hexadecimal digits")
        return None

    def _whole(self, name: str, default: int, high: int) -> int:
        value = self.toml.values.get(name, default)
        if type(value) is int and 1 <= value <= high:
            return value
        self._fault(name, f"{name} is not a whole number from 1 to {high}")
        return default
