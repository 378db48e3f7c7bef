# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A linter over a pack of a few lines, beside the small vocabulary of the room."""

from collections.abc import Callable

import pytest

from comity.law.block import Document
from comity.law.lint.finding import Finding
from comity.law.lint.linter import TIMEOUT_MS, Linter
from comity.law.lint.place import places_of
from comity.law.read import read_library

SHARED = """\
```comity
fact ice_days number day step 1
  label    "Ice"
  question "How long is there ice?"
  means    "Days in a row."
  guard    biometric

conduct published bool
  label "Publish"
  means "For everybody."

conduct sealed bool
  label "Seal"
  means "For nobody."

conduct erased_after number day
  label "Erase"
  means "After so long."

conduct archived bool
  label   "Archive"
  means   "For good."
  entails log_retention at least 3000 day

exclusion kept_and_erased
  together log_retention at least 100 day
  together erased_after at most 50 day
  because  "What is erased is not kept."

exclusion open_and_sealed
  when     biometric
  together published
  together sealed
  because  "Faces cannot be both."
```
"""

HEAD = """\
```comity
pack eu.x
  title   "X"
  market  EU
  status  binding
  version 2026-11-21
"""

Lint = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def lint(vocabulary: Document) -> Lint:
    """Return a linter of entries that follow a sound head; line 8 is their first."""

    def run(entries: str, *, timeout_ms: int = TIMEOUT_MS) -> tuple[Finding, ...]:
        document = Document(name="x.md", text=f"{HEAD}\n{entries}\n```\n")
        shared = Document(name="vocabulary/more.md", text=SHARED)
        linter = Linter(
            library=read_library([vocabulary, shared, document]),
            places=places_of([document]),
            timeout_ms=timeout_ms,
        )
        found = [each for one in linter.definitions() for each in linter.of_definition(one)]
        found += [each for pair in linter.norms() for each in linter.of_norm(*pair)]
        return (*found, *linter.of_vocabulary())

    return run


@pytest.fixture
def norm() -> Callable[..., str]:
    """Return a maker of a norm: clauses of one's own, beside those every norm needs."""

    def make(*clauses: str, name: str = "eu.x.1", cite: str = "Art. 1") -> str:
        lines = [
            f"norm {name}", *(f"  {each}" for each in clauses),
            '  title "X"', "  who provider", f'  cite "{cite}"', "  basis text", '  source "S"',
        ]  # fmt: skip
        return "\n".join(lines)

    return make
