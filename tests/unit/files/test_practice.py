# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is practised on is never asked: the parting is by sentence as written."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.bank import is_practice, read_bank, write_bank
from comity.files.core import Core, core_from_toml
from comity.files.generator import build
from comity.files.practice import part_core

TEXT = """
slug = "roads"
licence = "CC0-1.0"

[slots]
town = ["Beira", "Maputo", "Nampula", "Tete"]

[[category]]
name = "road"
scorer = "declines/1"
sentences = [
{sentences}
]
"""


def core(count: int) -> Core:
    """Return a core of so many sentences in one category."""
    lines = [
        f'  "Way {"abcdefghijklmnopqrstuvwxyz"[n] * 4} to {{town}} is open.",'
        for n in range(count)
    ]
    return core_from_toml(TEXT.replace("{sentences}", "\n".join(lines)))


def written(part: Core) -> set[tuple[str, ...]]:
    """Return the sentences of a core."""
    return {one.texts for category in part.categories for one in category.sentences}


def test_no_sentence_is_in_both_parts() -> None:
    """A provider that learns the practice bank by heart has learnt no question."""
    whole = core(20)
    official, practice = part_core(whole, "seed")

    assert written(official) | written(practice) == written(whole)
    assert written(official) & written(practice) == set()
    assert len(written(practice)) == 2


def test_the_seed_chooses_and_nothing_else() -> None:
    """The same core and seed give the same parts on every machine."""
    assert part_core(core(20), "a") == part_core(core(20), "a")
    parts = [written(part_core(core(20), str(n))[1]) for n in range(9)]
    assert any(one != parts[0] for one in parts)


def test_a_small_category_keeps_one_sentence_in_each_part() -> None:
    """A tenth of two is none, and a category of none is no category."""
    official, practice = part_core(core(2), "seed")

    assert (len(written(official)), len(written(practice))) == (1, 1)


def test_a_single_sentence_cannot_be_parted() -> None:
    """The reason names the category."""
    with pytest.raises(InvalidDocument) as refused:
        part_core(core(1), "seed")

    assert "'road' has a single sentence" in refused.value.faults[0].message


def test_a_practice_file_says_so_and_reads_as_a_bank(tmp_path: Path) -> None:
    """Its first line is the marker; a bank without it is official."""
    items = build(core(4), "seed", 8)
    marked, plain = tmp_path / "practice.jsonl", tmp_path / "bank.jsonl"
    write_bank(items, marked, practice=True)
    write_bank(items, plain)

    assert read_bank(marked) == read_bank(plain) == items
    assert is_practice(marked)
    assert not is_practice(plain)
    with pytest.raises(NotFound):
        is_practice(tmp_path / "none.jsonl")


def test_the_marker_counts_on_the_first_line_only(tmp_path: Path) -> None:
    """Elsewhere it is an item that is none."""
    path = tmp_path / "bank.jsonl"
    write_bank(build(core(4), "seed", 8), path)
    path.write_text(path.read_text("utf-8") + '{"practice": true}\n', "utf-8")

    assert not is_practice(path)
    with pytest.raises(InvalidDocument):
        read_bank(path)
