# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The pages about packs and profiles: what they show is read, and runs."""

import re
from pathlib import Path

import pytest

from comity.files.library import shipped_library
from comity.files.pack import SHIPPED, documents_below, is_vocabulary, read_document
from comity.files.profile import profile_from_toml
from comity.files.scenario import read_scenarios
from comity.law.form import SHAPES
from comity.law.lexicon import LEXICONS
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.read import read_library
from comity.law.scenario import mismatches

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference" / "pack-language.md"
HOW_TO = DOCS / "how-to" / "encode-a-law.md"
PROFILE = DOCS / "reference" / "profile.md"


def _with_page(page: Path) -> Library:
    words = [document for document in documents_below(SHIPPED) if is_vocabulary(document)]
    return read_library([*words, read_document(page)])


def _fenced(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", [REFERENCE, HOW_TO], ids=lambda page: page.stem)
def test_the_blocks_of_a_page_are_a_pack(page: Path) -> None:
    """A page about packs is a pack."""
    (pack,) = _with_page(page).packs
    assert pack.norms
    assert pack.gaps


def test_the_cases_of_the_how_to_agree_with_its_norm(tmp_path: Path) -> None:
    """Whoever follows it ends with something that runs."""
    (text,) = _fenced(HOW_TO, "toml")
    path = tmp_path / "lesson.scenarios.toml"
    path.write_text(text, "utf-8")
    library = _with_page(HOW_TO)
    scenarios = read_scenarios(path, library)
    assert len(scenarios) == 4
    assert [each for scenario in scenarios for each in mismatches(scenario, library)] == []


def test_the_profile_of_the_reference_is_one() -> None:
    """With every field it lists."""
    (text,) = _fenced(PROFILE, "toml")
    profile = profile_from_toml(text, shipped_library())
    assert profile.system == "relief-translator"
    assert profile.materials


def test_the_reference_names_every_clause_role_and_word() -> None:
    """A word nobody can look up does not exist."""
    text = REFERENCE.read_text("utf-8")
    for word, shape in SHAPES.items():
        (row,) = re.findall(rf"^\| `{word}` \|.*$", text, re.MULTILINE)
        for clause in shape.needs | shape.takes:
            assert re.search(rf"\b{clause}\b", row), (word, clause)
    for role in Role:
        assert role.value in text


def test_the_page_of_words_shows_every_word_in_every_language() -> None:
    """A ministry writes its law with the words it can look up."""
    text = REFERENCE.with_name("lexicons.md").read_text("utf-8")
    for lexicon in LEXICONS.values():
        for word in lexicon:
            assert f"| {word} |" in text
