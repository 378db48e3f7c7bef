# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument
from comity.files.materials.frontmatter import read_front_matter

CARD = """\
---
# a card
license: apache-2.0   # of the weights
language: [en, "pt, BR", 'it''s']
datasets:
- one/two
  # between
- "three: four"
pipeline_tag: 'translation'
tags:
  - a
model-index:
- name: deep
  results:
  - task: x
extra: {a: 1}
anchor: &x y
text: |
  many
  lines
empty:
link: https://example.org/#part
---
# The model
pipeline_tag: not this
"""


def test_the_plain_part_of_a_head_is_read() -> None:
    """Texts and lists of texts; the rest of YAML is left unread."""
    assert read_front_matter(CARD, source="README.md") == {
        "license": "apache-2.0",
        "language": ["en", "pt, BR", "it's"],
        "datasets": ["one/two", "three: four"],
        "pipeline_tag": "translation",
        "tags": ["a"],
        "model-index": [],
        "extra": None,
        "anchor": None,
        "text": None,
        "empty": None,
        "link": "https://example.org/#part",
    }


def test_line_ends_and_marks_of_order_make_no_difference() -> None:
    """Cards come from every editor."""
    other = "\ufeff" + CARD.replace("\n", "\r\n")
    assert read_front_matter(other, source="x") == read_front_matter(CARD, source="x")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# no head", 1, "begins with a head"),
        ("---\na: 1\n", 1, "begins with a head"),
        ("text\n---\na: 1\n---\n", 1, "begins with a head"),
        ("---\na: 1\nloose words\n---\n", 3, "'loose words' is neither a key nor an item"),
        ("---\na: 1\na: 2\n---\n", 3, "a stands twice"),
    ],
)
def test_a_head_with_a_fault_is_refused_with_its_line(
    text: str, line: int, message: str
) -> None:
    """A card that cannot be read answers nothing."""
    with pytest.raises(InvalidDocument) as caught:
        read_front_matter(text, source="README.md")
    (fault,) = caught.value.faults
    assert (fault.line, message in fault.message) == (line, True)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but our own error leaves the reader."""
    try:
        found = read_front_matter(f"---\n{text}\n---\n", source="x")
    except InvalidDocument:
        return
    for value in found.values():
        assert value is None or isinstance(value, str | list)
