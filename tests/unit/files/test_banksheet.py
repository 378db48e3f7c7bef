# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A data sheet says what a bank is made of, counted, and what it misses."""

from pathlib import Path

from comity.files.banksheet import bank_sheet
from comity.files.offer import offers_in

CORE = """
slug = "small"
licence = "CC0-1.0"
[slots]
a = { from = 100, to = 999 }
b = { from = 1, to = 9 }
[[category]]
name = "sums"
scorer = "answers/1"
sentences = [
  { prompt = "{a} plus {b}?", reference = "{=a+b}" },
  { prompt = "{a} mais {b}?", reference = "{=a+b}", review = "unreviewed" },
]
"""
CLAIM = """
slug = "small"
scorer = "answers/1"
threshold = 0.9
goal = 0.97
risk = 0.05
power = 0.9
conducts = ["accuracy_fit_for_purpose"]
licence = "CC0-1.0"
languages = ["en", "pt"]
limits = "Sums only."
[claim]
en = "It adds."
[categories]
sums = { en = "Sums" }
"""


def sheet_of(folder: Path, core: str | None) -> str:
    """Write a bank's files and return its sheet."""
    (folder / "small.claim.toml").write_text(CLAIM, "utf-8")
    if core is not None:
        (folder / "small.toml").write_text(core, "utf-8")
    norms = {"accuracy_fit_for_purpose": [f"x.{number}" for number in range(8)]}
    return bank_sheet(offers_in([folder])["small"], norms)


def test_a_sheet_counts_from_the_core(tmp_path: Path) -> None:
    """Sentences, those unread, items, and what asks for it."""
    sheet = sheet_of(tmp_path, CORE)

    assert "| sums | 2 | 1 | 2000 |" in sheet
    assert "2 sentences by hand" in sheet
    assert "1,000 unreviewed" in sheet
    assert "**Languages**: en, pt" in sheet
    assert "**Limits**: Sums only." in sheet
    assert "`x.5` and 2 more |" in sheet


def test_a_bank_without_sentences_says_so(tmp_path: Path) -> None:
    """An empty slot is no small bank."""
    sheet = sheet_of(tmp_path, None)

    assert "No sentence of it is written here" in sheet
    assert "sentences by hand" not in sheet
