# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, StorageFailed
from comity.kernel.ids import Origin
from comity.ledger.reading import Reading
from comity.node.disk.database import check_url
from comity.node.views.index import Index

KH = Origin("kh.example/log")


def filled(path: Path) -> Index:
    """Return an index of some entries."""
    index = Index(path)
    index.add(KH, 0, [(b"x" * n, Reading(statement=None, fault="?" * 300)) for n in range(500)])
    return index


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nonsense", "no address"),
        ("sqlite:///index.sqlite", "does not begin with"),
        ("mysql://db/comity", "does not begin with"),
        ("postgresql://[db/comity", "no address"),
        ("postgresql+psycopg://kh:secret@db/comity", "PGPASSWORD"),
        ("postgresql+psycopg://kh@db/comity?password=secret", "PGPASSWORD"),
        ("postgresql://kh@db/comity?sslpassword=secret", "PGPASSWORD"),
    ],
)
def test_an_address_that_is_none_or_holds_a_secret_is_refused(url: str, message: str) -> None:
    """The secret is not repeated."""
    with pytest.raises(InvalidDocument, match=message) as refused:
        check_url(url)
    assert "secret" not in str(refused.value)


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Nothing hangs, nothing is half done."""
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    with pytest.raises(StorageFailed) as refused:
        Index(f"postgresql+psycopg://kh@/comity?host={tmp_path}")
    assert "server" in refused.value.hint


@pytest.mark.parametrize("keep", [0, 4000])
def test_a_damaged_file_is_made_anew_at_opening(
    tmp_path: Path, keep: int, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator is told; the logs have everything."""
    path = tmp_path / "index.sqlite"
    filled(path).close()
    content = path.read_bytes()
    path.write_bytes(b"not a database at all".ljust(100)[: 100 - keep] + content[100:])
    if keep:
        path.write_bytes(content[:100] + bytes(keep) + content[100 + keep :])
    index = Index(path)
    assert index.sizes() == {}
    assert "is damaged; it is rebuilt from the logs" in caplog.text
    index.close()


def test_a_file_found_damaged_in_use_is_removed_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The same command, run again, rebuilds it."""
    path = tmp_path / "index.sqlite"
    filled(path).close()
    content = path.read_bytes()
    path.write_bytes(content[:16384] + b"\xff" * (len(content) - 32768) + content[-16384:])
    index = Index(path)
    with pytest.raises(StorageFailed) as refused:
        for _ in index.find():
            pass
    assert refused.value.code == "node.database_broken"
    assert "again" in refused.value.hint
    assert not path.exists()
    assert "rebuilt" in caplog.text
    index.close()
    again = Index(path)
    assert again.sizes() == {}
    again.close()
