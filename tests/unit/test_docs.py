# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Documentation is a test: what is generated is current, what is said is there."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """Load docs/reference/make.py, which is not part of the package."""
    spec = importlib.util.spec_from_file_location("make_reference", REFERENCE / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_current(maker: ModuleType) -> None:
    """Whoever changes a verb or an error code re-makes its page (`make docs`)."""
    stale = [
        path.name for path, text in maker.pages().items() if path.read_text("utf-8") != text
    ]

    assert stale == []


def test_every_link_inside_the_documentation_leads_somewhere() -> None:
    """A page that moved takes its links along."""
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
        if "://" not in target
    ]
    broken = [
        (page.relative_to(ROOT).as_posix(), target)
        for page, target in links
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    """One word, one meaning."""
    words = re.findall(
        r"^\*\*(.+?)\*\*", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE
    )

    assert len(words) > 30
    assert words == sorted(set(words), key=str.casefold)
