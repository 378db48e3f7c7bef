# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The vault: secrets at rest, for one member's keys only."""

from pathlib import Path

import pytest
from nacl.public import PrivateKey

from comity.errors import NotFound, NotPermitted
from comity.node.disk.storage import Disk
from comity.node.secrets.vault import Vault

KEY = PrivateKey(bytes(range(32)))


def test_a_secret_comes_back_and_the_newest_stands(tmp_path: Path) -> None:
    """A nonce is drawn once and read when it is due."""
    vault = Vault(Disk(tmp_path), lambda: (KEY,))
    vault.put("nonce/a", b"old")
    vault.put("nonce/a", b"new")

    assert vault.get("nonce/a") == b"new"
    assert vault.find("nonce/b") is None


def test_a_missing_secret_is_named(tmp_path: Path) -> None:
    """An officer on the wrong machine learns so."""
    with pytest.raises(NotFound, match="nonce/a"):
        Vault(Disk(tmp_path), lambda: (KEY,)).get("nonce/a")


def test_nothing_of_a_secret_stands_on_disk(tmp_path: Path) -> None:
    """A stolen disk gives neither nonce nor bank."""
    Vault(Disk(tmp_path), lambda: (KEY,)).put("bank", b"which questions will be asked")
    stored = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())

    assert b"questions" not in stored


def test_another_members_key_or_a_changed_file_opens_nothing(tmp_path: Path) -> None:
    """A secret is opened by its owner or not at all."""
    vault = Vault(Disk(tmp_path), lambda: (KEY,))
    vault.put("bank", b"secret")
    with pytest.raises(NotPermitted):
        Vault(Disk(tmp_path), lambda: (PrivateKey(bytes(32)),)).get("bank")
    path = tmp_path / "vault/bank"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(NotPermitted):
        vault.get("bank")
