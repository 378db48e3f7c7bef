# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A beacon is data: its description and its rounds are files anyone can compare."""

import hashlib
import json
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.beacon import FOLDER, read_chain, read_pulse
from comity.kernel.instant import to_posix


def test_the_shipped_description_hashes_to_the_chains_name() -> None:
    """The chain's hash is how its operators and everyone else name it.

    Source: drand's chain hash: period, genesis, key, group hash and beacon id under SHA-256.
    """
    info = json.loads((FOLDER / "quicknet.json").read_text("utf-8"))
    parts = (
        info["period"].to_bytes(4, "big"),
        info["genesis_time"].to_bytes(8, "big"),
        bytes.fromhex(info["public_key"]),
        bytes.fromhex(info["groupHash"]),
        info["metadata"]["beaconID"].encode(),
    )

    assert hashlib.sha256(b"".join(parts)).hexdigest() == info["hash"]
    assert info["hash"].startswith("52db9ba70e0cc0f6eaf7803dd07447a1")


def test_a_beacon_is_read_by_name_or_from_a_file(tmp_path: Path) -> None:
    """A state may run a beacon of its own."""
    own = tmp_path / "own.json"
    own.write_bytes((FOLDER / "quicknet.json").read_bytes())

    assert read_chain(str(own)) == read_chain("quicknet")
    assert to_posix(read_chain("quicknet").genesis) == 1_692_803_367


def test_an_unknown_beacon_is_named_with_the_nearest() -> None:
    """A slip of the pen must not end a test."""
    with pytest.raises(NotFound) as refused:
        read_chain("quiknet")

    assert "did you mean quicknet" in refused.value.hint


@pytest.mark.parametrize("text", ["", "{", "[]", "7" * 5000, '{"round": 1}', "{" * 99_999])
def test_nonsense_is_no_round(tmp_path: Path, text: str) -> None:
    """A parser raises nothing but ours."""
    path = tmp_path / "round.json"
    path.write_text(text, "utf-8")

    with pytest.raises(InvalidDocument):
        read_pulse(path)
