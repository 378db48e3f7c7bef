# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Proposals of what a draft speaks to."""

from collections.abc import Sequence

import numpy as np
import pytest

from comity.files.library import shipped_library
from comity.law.align import align, provisions_of, terms
from comity.law.pack import Library, Pack

DRAFT = """# Draft law

Preamble over
two lines.

## Article 3
1. The privacy and personal data of people are protected.
2. Nobody manipulates public opinion.

```text
no prose
```

- An item.
- An item.
"""


@pytest.fixture(scope="module")
def library() -> Library:
    """Return the shipped packs."""
    return shipped_library()


@pytest.fixture(scope="module")
def pack(library: Library) -> Pack:
    """Return the Global AI Governance Initiative."""
    return next(pack for pack in library.packs if pack.name == "soft.gaigi")


def test_a_draft_splits_at_paragraphs_and_items() -> None:
    """Each under the headings it stands below, with its line; fenced blocks left out."""
    assert [(each.label, each.line, each.text) for each in provisions_of(DRAFT)] == [
        ("Draft law", 3, "Preamble over two lines."),
        ("Article 3 > 1.", 7, "The privacy and personal data of people are protected."),
        ("Article 3 > 2.", 8, "Nobody manipulates public opinion."),
        ("Article 3 ¶1", 14, "An item."),
        ("Article 3 ¶2", 15, "An item."),
    ]


def test_the_norm_that_says_the_same_comes_first(pack: Pack, library: Library) -> None:
    """Rare words that both hold weigh most, and are shown."""
    found = align(provisions_of(DRAFT), pack, library, most=1)
    first = {one.provision.label: one for one in found}
    assert first["Article 3 > 1."].norm == "soft.gaigi.6.a"
    assert "privaci" in first["Article 3 > 1."].shared
    assert first["Article 3 > 2."].norm == "soft.gaigi.2.c"
    assert first["Article 3 > 2."].meaning is None


def test_a_provision_that_shares_no_word_has_no_proposal(pack: Pack, library: Library) -> None:
    """Nothing is proposed for the sake of proposing."""
    assert align(provisions_of("Zyzzyva qwxy."), pack, library) == ()
    assert align((), pack, library) == ()


def test_an_encoder_finds_what_shares_no_word(pack: Pack, library: Library) -> None:
    """Its ranking is fused with the words', and its cosine shown."""

    def encoder(texts: Sequence[str]) -> np.ndarray:
        about_privacy = ["privacy" in text or "Zyzzyva" in text for text in texts]
        return np.array([[1.0, 0.0] if each else [0.0, 1.0] for each in about_privacy])

    found = align(provisions_of("Zyzzyva qwxy."), pack, library, most=2, encoder=encoder)
    assert {one.norm for one in found} <= {"soft.gaigi.6.a", "soft.gaigi.6.b"}
    assert [one.meaning for one in found] == [1000, 1000]


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Protecting the DATA", "en", ["protect", "the", "data"]),
        ("保护个人信息 AI", "zh", ["保护", "护个", "个人", "人信", "信息", "ai"]),
        ("données personnelles", "fr", ["don", "personnel"]),
        ("данных", "ru", ["дан"]),
    ],
)
def test_terms_are_stems_or_pairs_of_signs(text: str, language: str, found: list[str]) -> None:
    """Chinese, Thai, Lao and Khmer write no spaces."""
    assert terms(text, language) == found
