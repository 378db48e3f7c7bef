# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank is read whole or refused with every fault at its line."""

import json
import resource
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument, NotFound, StorageFailed
from comity.evidence.bank import Bank, Item
from comity.files.bank import MAX_FAULTS, bank_from_jsonl, read_bank, write_bank

ROW = {"category": "road", "prompt": "Is it open?", "reference": "yes", "scorer": "exact/1"}


def lines(*rows: object) -> bytes:
    """Write rows as JSONL."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def faults_of(text: bytes) -> list[str]:
    """Return what is wrong, as said."""
    with pytest.raises(InvalidDocument) as caught:
        bank_from_jsonl(text)
    assert caught.value.code == "files.bank"
    return [str(fault) for fault in caught.value.faults]


def test_items_of_one_category_are_brought_together() -> None:
    """A commitment lays positions out by category."""
    rows = [ROW | {"category": name, "prompt": name + str(n)} for n in (1, 2) for name in "ba"]

    items = bank_from_jsonl(lines(*rows))

    assert [item.prompt for item in items] == ["b1", "b2", "a1", "a2"]
    assert [item.position for item in items] == [0, 1, 2, 3]
    assert Bank.of(items, b"k" * 32).commitment.size == 4


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    """Line separators inside a prompt are no line breaks."""
    prompts = ["São Leopoldo?", 'a "b"\\\n c', "甲\u2028乙\u0085丙"]
    items = bank_from_jsonl(lines(*(ROW | {"prompt": prompt} for prompt in prompts)))

    write_bank(items, tmp_path / "bank.jsonl")

    assert read_bank(tmp_path / "bank.jsonl") == items


def test_parquet_holds_the_same_bank(tmp_path: Path) -> None:
    """Whoever keeps tables should not have to convert them."""
    rows = [ROW | {"prompt": f"{n}?"} for n in range(5)]
    pl.DataFrame(rows).write_parquet(tmp_path / "bank.parquet")

    assert read_bank(tmp_path / "bank.parquet") == bank_from_jsonl(lines(*rows))


def test_a_parquet_file_is_held_to_the_same_rules(tmp_path: Path) -> None:
    """A null or a number is no text in either form."""
    frame = pl.DataFrame({"category": ["road", None], "prompt": [1, 2], "scorer": ["x/1"] * 2})
    frame.write_parquet(tmp_path / "bank.parquet")

    with pytest.raises(InvalidDocument) as caught:
        read_bank(tmp_path / "bank.parquet")

    said = [str(fault) for fault in caught.value.faults]
    assert "line 1: prompt is missing or no text" in said
    assert "line 1: reference is missing or no text" in said
    assert "line 2: category is missing or no text" in said


def test_a_parquet_file_that_is_damaged_inside_is_refused(tmp_path: Path) -> None:
    """The reader beneath panics on some of these bytes, which is no error that others catch."""
    path = tmp_path / "bank.parquet"
    pl.DataFrame([ROW | {"prompt": "1?"}]).write_parquet(path)
    whole = path.read_bytes()
    refused = 0
    for place in range(4, 220):
        path.write_bytes(whole[:place] + b"\0" + whole[place + 1 :])
        try:
            read_bank(path)
        except InvalidDocument:
            refused += 1

    assert refused > 20


def test_a_damaged_parquet_file_is_said_to_be_one(tmp_path: Path) -> None:
    """A truncated download should not be read as broken JSON."""
    (tmp_path / "bank.parquet").write_bytes(b"PAR1" + b"\0" * 40)

    with pytest.raises(InvalidDocument, match="damaged Parquet"):
        read_bank(tmp_path / "bank.parquet")


def test_every_fault_is_listed_with_its_line() -> None:
    """An author mends a file in one round."""
    text = lines(
        ROW,
        ROW | {"prompt": " is  it OPEN? "},
        ROW | {"category": "Road works", "prompt": "a"},
        ROW | {"scorer": "exact", "prompt": "b"},
        ROW | {"prompt": ""},
        ROW | {"prompt": "c", "refrence": "x"},
        {"category": "road", "prompt": "d", "reference": 7},
        [1],
    )

    said = faults_of(text + b'{"category": \n\xff\xfe\n\n' + b"[" * 9_000)

    assert said == [
        "line 2: asks the same as line 1",
        "line 3: 'Road works' is no category name; write lower-case words like road-safety",
        "line 4: 'exact' is no scorer; write its name and version like exact/1",
        "line 5: prompt is empty",
        "line 6: an item has no field 'refrence'; it has category, prompt, reference, scorer",
        "line 7: reference is missing or no text",
        "line 7: scorer is missing or no text",
        "line 8: an item is a JSON object",
        "line 9, column 14: not JSON: Expecting value",
        "line 10, column 1: not UTF-8",
        "line 12: no item is nested or numbered like this",
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW | {"prompt": "x" * 8_001}, "longer than 8000 characters"),
        (ROW | {"prompt": "\ud800"}, "half a surrogate pair"),
    ],
)
def test_an_item_fits_what_will_be_signed(row: object, message: str) -> None:
    """A transcript must be able to hold it."""
    assert message in faults_of(json.dumps(row).encode())[0]


@pytest.mark.parametrize("text", [b"", b"\n \n"])
def test_an_empty_bank_is_no_bank(text: bytes) -> None:
    """There is nothing to draw from."""
    assert faults_of(text) == ["there is no item in it"]


def test_a_hopeless_file_does_not_flood_the_screen() -> None:
    """The first two hundred faults say enough."""
    said = faults_of(b"?\n" * 1_000)

    assert len(said) == MAX_FAULTS + 1
    assert said[-1] == "and 800 more faults"


def test_a_missing_bank_is_not_found(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(NotFound, match=r"nowhere\.jsonl"):
        read_bank(tmp_path / "nowhere.jsonl")


def test_a_full_disk_leaves_the_old_bank(tmp_path: Path) -> None:
    """A bank is written whole or not at all."""
    old = bank_from_jsonl(lines(ROW))
    write_bank(old, tmp_path / "bank.jsonl")
    new = bank_from_jsonl(lines(*(ROW | {"prompt": f"{n} " * 99} for n in range(99))))
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, most))
    try:
        with pytest.raises(StorageFailed, match="cannot write the bank"):
            write_bank(new, tmp_path / "bank.jsonl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))

    assert read_bank(tmp_path / "bank.jsonl") == old
    assert [file.name for file in tmp_path.iterdir()] == ["bank.jsonl"]


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_the_reader_is_total(text: bytes) -> None:
    """Any bytes give a bank or our error, never another."""
    try:
        items = bank_from_jsonl(text)
    except InvalidDocument:
        return
    assert items


@given(st.lists(st.text(min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=9))
def test_banks_round_trip(tmp_path_factory: pytest.TempPathFactory, prompts: list[str]) -> None:
    """Whatever a person can ask survives being written down."""
    kept = {" ".join(prompt.casefold().split()): prompt for prompt in prompts}
    items = tuple(
        Item(position=n, category="c", prompt=prompt, reference="", scorer="exact/1")
        for n, prompt in enumerate(kept.values())
    )
    path = tmp_path_factory.mktemp("bank") / "b"

    write_bank(items, path)

    assert read_bank(path) == items
