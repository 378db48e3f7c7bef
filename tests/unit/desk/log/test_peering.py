# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.fakes.twostories import NOW, found, meet

from comity.desk.log.peering import Wish, change_peer, remove_peer
from comity.errors import Conflict, NotFound
from comity.node.fetch.http import Asking


@pytest.fixture
def kh(tmp_path: Path) -> Path:
    """Return the folder of kh, which follows br."""
    with closing(found(tmp_path / "kh", NOW)) as kh, closing(found(tmp_path / "br", NOW)) as br:
        meet(kh, br)
    return tmp_path / "kh"


def test_a_peer_that_changed_while_its_log_was_read_is_left_as_it_is_now(kh: Path) -> None:
    """Its log may be far away: meanwhile somebody else changes the file."""

    @contextmanager
    def slowly() -> Iterator[Asking]:
        yield Asking()
        remove_peer(kh, "br")

    moved = (kh.parent / "br").rename(kh.parent / "moved")
    with pytest.raises(Conflict, match="br was changed meanwhile") as refused:
        change_peer(kh, "br", Wish(address=str(moved)), slowly)

    assert refused.value.code == "node.peer_change"
    assert b"[[peer]]" not in (kh / "node.toml").read_bytes()


def test_whom_nobody_wrote_down_is_not_taken_out(kh: Path) -> None:
    """And the peers there are stand beside the refusal."""
    with pytest.raises(NotFound, match="no peer is called 'sg'") as refused:
        remove_peer(kh, "sg")

    assert "br" in (refused.value.hint or "")
