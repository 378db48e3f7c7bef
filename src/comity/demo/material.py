# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The bank and the claim of one test, built afresh on every run from hand-written cores."""

from dataclasses import dataclass
from pathlib import Path

import comity.packs
from comity.desk.assessment.keeping import Prospectus
from comity.evidence.bank import Item
from comity.files.claim import Claim, read_claim
from comity.files.core import read_core
from comity.files.datasheet import Datasheet, datasheet_of
from comity.files.generator import build

BANKS = Path(comity.packs.__path__[0]) / "banks"
SIZE = 2_000
"""At least so many items; divided evenly among the categories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What one test is made of.

    Args:
        items: The whole bank, secret until drawn. Here the core is public, so the bank is an
            example: a bank in use needs a core of its own.
    """

    claim: Claim
    items: tuple[Item, ...]
    datasheet: Datasheet

    @property
    def prospectus(self) -> Prospectus:
        """Return what is published of the bank besides its root."""
        return Prospectus(
            bank=self.claim.slug,
            claim=self.claim.claim,
            scorer=" ".join(self.claim.scorers),
            templates=self.datasheet.templates,
            near_duplicates=self.datasheet.near_duplicates,
            conducts=self.claim.conducts,
            limits=self.claim.limits,
            licence=self.claim.licence,
            labels=self.claim.categories,
        )


def prepare(slug: str, seed: str) -> Material:
    """Fill a core's sentences by a secret seed and read the claim that goes with it."""
    core = read_core(BANKS / f"{slug}.toml")
    items = build(core, seed, SIZE)
    claim = read_claim(BANKS / f"{slug}.claim.toml")
    return Material(claim=claim, items=items, datasheet=datasheet_of(items))
