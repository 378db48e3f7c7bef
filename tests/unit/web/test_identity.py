# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whose word stands behind a name, which keys a member had, and what it disputes, on pages."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.fakes.dynasty import saying
from tests.unit.node.conftest import PASSPHRASE, entropy_of

from comity.api.app import create_api
from comity.desk.log.membership import endorse
from comity.desk.log.node import introduce
from comity.kernel.instant import Instant, from_rfc3339
from comity.node.node import Node
from comity.node.rotation import (
    Change,
    Theft,
    log_draft,
    prepare_compromise,
    prepare_rotation,
)
from comity.web.app import create_app
from comity.web.language import TAGS

_MOST_BYTES = 15 * 1024
NOW = from_rfc3339("2026-11-21T19:19:24Z")


class Offices:
    """Two offices, of which the first follows the second."""

    def __init__(self, folder: Path) -> None:
        self.kh, self.br = (self._found(folder, name) for name in ("kh", "br"))
        peer, _ = introduce(str(self.br.public_folder), member=None, name=None, counts=True)
        self.kh.add_peer(peer)
        self.follow()

    def _found(self, folder: Path, name: str) -> Node:
        node = Node.create(
            folder / name,
            name=name,
            role="regulator",
            jurisdiction="KHM",
            origin=f"{name}.example/log",
            passphrase=PASSPHRASE,
            now=NOW,
            entropy=entropy_of(name),
            example=True,
        )
        node.append([saying(1)], NOW)
        node.publish(NOW)
        return node

    def follow(self, now: Instant = NOW) -> None:
        """Publish the second log and let the first read it."""
        self.br.publish(now)
        self.kh.follow("br", now)

    def close(self) -> None:
        """Close both."""
        self.kh.close()
        self.br.close()

    def page(self, path: str, tag: str = "en") -> str:
        """Return a page of the first office's site, which is light."""
        app = create_app(self.kh, api=create_api(self.kh))
        with TestClient(app, follow_redirects=False) as client:
            answer = client.get(f"/{tag}/{path}")
        assert answer.status_code == 200
        assert len(gzip.compress(answer.content)) < _MOST_BYTES
        return answer.text

    def sheet(self, path: str) -> dict[str, object]:
        """Return what the API says."""
        app = create_app(self.kh, api=create_api(self.kh))
        with TestClient(app) as client:
            found: dict[str, object] = client.get(f"/api/{path}").json()
        return found


@pytest.fixture
def offices(tmp_path: Path) -> Iterator[Offices]:
    """Return the two."""
    with closing(Offices(tmp_path)) as made:
        yield made


def test_a_name_nobody_vouches_for_is_shown_as_such(offices: Offices) -> None:
    """It is what the member calls itself."""
    page = offices.page(f"members/{offices.br.member}")
    assert "Nobody this node follows vouches for this name." in page
    assert "Vouched for by" not in page


def test_a_name_is_shown_with_whose_word_it_is_and_how_it_was_checked(offices: Offices) -> None:
    """On the page and in JSON."""
    said = "read out over the telephone <b>"
    endorse(offices.kh, offices.br.member, checked=said, until=None, now=NOW)
    offices.kh.publish(NOW)
    page = offices.page(f"members/{offices.br.member}")
    assert "Nobody this node follows" not in page
    assert "Vouched for by" in page
    assert "read out over the telephone &lt;b&gt;" in page
    identity = offices.sheet(f"members/{offices.br.member}")["identity"]
    assert isinstance(identity, dict)
    assert [one["checked"] for one in identity["vouched"]] == [said]
    assert identity["fingerprint"].replace(" ", "") == offices.br.member[:40]


@pytest.mark.parametrize("tag", TAGS)
def test_a_member_page_shows_its_keys_and_what_it_disputes(offices: Offices, tag: str) -> None:
    """In every language, and still light after many rotations."""
    draws = entropy_of("pages")
    theft = Theft(keys=("statement",), last_good=0, reason="a stolen laptop")
    log_draft(offices.br, prepare_compromise(offices.br, theft, NOW))
    for _ in range(7):
        with closing(Node.open(offices.br.folder, PASSPHRASE)) as node:
            log_draft(node, prepare_rotation(node, Change(), PASSPHRASE, NOW, draws))
    offices.br.close()
    offices.br = Node.open(offices.br.folder, PASSPHRASE)
    offices.follow()
    page = offices.page(f"members/{offices.br.member}", tag)
    assert "a stolen laptop" in page
    assert offices.br.identity.keyset.log_key.vkey in page.replace("&#43;", "+")
    entry = offices.page(f"statements/{offices.br.origin}/1", tag)
    assert "a stolen laptop" in entry
    assert 'class="error"' in entry


def test_a_keyset_without_right_is_shown_as_changing_nothing(offices: Offices) -> None:
    """With the reason, and the member goes on."""
    draft = prepare_rotation(offices.br, Change(), PASSPHRASE, NOW, entropy_of("twice"))
    log_draft(offices.br, draft)
    offices.br.log.append([draft.encoded])
    offices.follow()
    page = offices.page(f"members/{offices.br.member}")
    assert "it is keyset number 1; after 1 comes 2" in page
    assert "changes nothing" in page
