# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One law written in seven languages has one meaning."""

from pathlib import Path

import pytest

from comity.law.block import Document
from comity.law.lexicon import BLOCKS, CLAUSES, DRAFTS, LEXICONS
from comity.law.pack import Library, Pack
from comity.law.read import read_leniently, read_library

TWINS = Path(__file__).parents[2] / "vectors" / "packs" / "languages"
FACT = '\n  label "L"\n  question "Q"\n  means "M"\n'
TEXTS = '\n  label "L"\n  means "M"\n'
WORDS = f"""```comity
fact offered bool{FACT}
fact retired bool{FACT}
fact users number person step 1{FACT}
fact makes set [text, image, audio]{FACT}
fact weights enum [open, closed, secret]{FACT}
fact placed date{FACT}
fact tested date{FACT}
fact markets set [ATA]{FACT}
conduct mark set [metadata, watermark, fingerprint]{TEXTS}
conduct log_days number day{TEXTS}
```
"""


def _library(text: str) -> Library:
    return read_library([Document(name="v.md", text=WORDS), Document(name="p.md", text=text)])


def _pack(language: str) -> Pack:
    (pack,) = _library((TWINS / f"{language}.md").read_text("utf-8")).packs
    return pack


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_one_norm_has_one_hash_in_every_language(language: str) -> None:
    """Two states compare what they wrote without a translator between them."""
    found, english = _pack(language), _pack("en")
    assert [norm.meaning for norm in found.norms] == [norm.meaning for norm in english.norms]
    assert [norm.demands for norm in found.norms] == [norm.demands for norm in english.norms]
    assert found.definitions[0].when == english.definitions[0].when


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_a_text_without_a_tag_is_in_the_language_of_its_block(language: str) -> None:
    """A Chinese title is not shown as English."""
    pack = _pack(language)
    assert set(pack.title.by_tag) == {language}
    assert pack.title.in_language("en") == pack.title.by_tag[language]


@pytest.mark.parametrize("language", sorted(set(LEXICONS) - {"zh"}))
def test_a_word_of_the_language_ends_where_the_word_ends(language: str) -> None:
    """A name that begins like a word of the grammar stays a name."""
    text = (TWINS / f"{language}.md").read_text("utf-8").replace("ata.mark.scope", "ata.mark.e")
    (pack,) = _library(text).packs
    assert pack.definitions[0].name == "ata.mark.e"


@pytest.mark.parametrize("language", sorted(set(LEXICONS) - {"zh"}))
def test_a_slip_in_a_clause_word_is_named_in_its_own_language(language: str) -> None:
    """The near miss of a French slip is a French word."""
    said = next(word for word, known in LEXICONS[language].items() if known == "source")
    text = (TWINS / f"{language}.md").read_text("utf-8")
    slip = text.replace(f"\n  {said} ", f"\n  {said}x ")
    documents = [Document(name="v.md", text=WORDS), Document(name="p.md", text=slip)]
    assert said in {fault.near for fault in read_leniently(documents).faults}


def test_no_two_languages_confuse_a_block() -> None:
    """Portuguese and Spanish share `norma`; the other words tell them apart."""
    shared = {
        word
        for word, known in LEXICONS["es"].items()
        if known in BLOCKS and LEXICONS["pt"].get(word) == known
    }
    assert shared
    for language in ("es", "pt"):
        assert _pack(language).title.by_tag.keys() == {language}
    assert {"en", "zh"}.isdisjoint(DRAFTS)
    assert BLOCKS.isdisjoint(CLAUSES)
