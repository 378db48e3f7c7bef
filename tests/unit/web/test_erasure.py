# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What readers see of what is gone: who erased it, when, on what basis; never what it was."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from comity.api.app import create_api
from comity.desk.log.erasure import erase_blob, erase_entry, find_blob_target, get_entry
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference
from comity.ledger.commitment import Access, AccessClass
from comity.ledger.erasure import Erasure
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.node import Node
from comity.web.app import create_app
from comity.web.language import TAGS

NOW = from_rfc3339("2026-11-21T19:19:24Z")
WORD = "for tests only"  # it protects nothing
SECRET = "the words that had to go"  # noqa: S105 - what is erased, no password


def say(node: Node, kind: str, predicate: dict[str, Json]) -> Reference:
    """Log a statement."""
    statement = Statement(
        predicate_type=to_predicate_type(kind),
        predicate=predicate,
        subjects=(Subject.of(sha256(b"something")),),
    )
    return node.append([statement], NOW)[0]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Return a node: 1 an erased note, 2 a note with an erased blob, 3 an incident."""
    folder: Path = tmp_path_factory.mktemp("node") / "kh"
    draws = count()
    node = Node.create(
        folder, name="AI Office", role="regulator", jurisdiction="KHM",
        origin="kh.example/log", passphrase=WORD, now=NOW, example=True,
        entropy=lambda size: sha256(b"%d" % next(draws))[:size].ljust(size),
    )  # fmt: skip
    with closing(node):
        say(node, "note", {"text": SECRET})
        made = node.blobs.kept.keep(
            b"report",
            salt=bytes(16),
            media="text/plain",
            access=Access(kind=AccessClass.MEMBERS),
        )
        say(node, "note", {"details": made.to_json()})
        incident = say(node, "incident", {"text": "harm"})
        entry = get_entry(node, "kh.example/log#1")
        erase_entry(node, entry, "illegal content", "Order <9> of 2026", NOW)
        target = find_blob_target(node, "kh.example/log#2")
        erase_blob(node, target, "personal data", "Article 17", NOW)
        alone = Erasure(issued=NOW, of=incident, blob=None, kind="secret", basis="none")
        node.append([alone.to_statement()], NOW)
        node.publish(NOW)
        yield node


@pytest.fixture(scope="module")
def client(node: Node) -> Iterator[TestClient]:
    """Return a client of the site and its interface."""
    with TestClient(create_app(node, api=create_api(node), clock=lambda: NOW)) as client:
        yield client


def page(client: TestClient, index: int, tag: str = "en") -> str:
    """Return the page of an entry."""
    answer = client.get(f"/{tag}/statements/kh.example/log/{index}")
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < 15_000
    assert "<script" not in answer.text
    return answer.text


def test_an_erased_entry_says_by_whom_when_and_on_what_basis(client: TestClient) -> None:
    """And nothing of what it was."""
    text = page(client, 1)
    assert "Erased by its author" in text
    assert "21 November 2026" in text or "November 21, 2026" in text
    assert "Order &lt;9&gt; of 2026" in text
    assert SECRET not in text
    assert "comity-erased" not in text


def test_a_statement_whose_blob_is_gone_says_so_and_stays(client: TestClient) -> None:
    """Only the content outside the log is meant."""
    text = page(client, 2)
    assert "Only content outside the log is meant" in text
    assert "Article 17" in text
    assert "What it says" in text


def test_an_erasure_without_effect_is_shown_as_such(client: TestClient) -> None:
    """On the page of the incident, and on its own."""
    for index in (3, 6):
        text = page(client, index)
        assert "not in force" in text
        assert "no other member has countersigned" in text
    assert "harm" in page(client, 3)


@pytest.mark.parametrize("tag", TAGS)
def test_every_language_tells_it(client: TestClient, tag: str) -> None:
    """Without a word of English but what its author wrote."""
    text = page(client, 1, tag)
    assert ("Erased by its author" in text) == (tag == "en")


def test_an_erasure_of_an_erased_entry_is_no_oddity(client: TestClient) -> None:
    """What it names cannot be compared any more; that is the point."""
    assert client.get("/api/statements/kh.example/log/4").json()["anomalies"] == []


def test_the_interface_tells_the_same(client: TestClient) -> None:
    """As fields."""
    erased = client.get("/api/statements/kh.example/log/1").json()
    assert erased["raw"] == ""
    assert erased["predicate"] is None
    (one,) = erased["erasures"]
    assert (one["kind"], one["is_in_force"], one["of"]) == (
        "illegal content", True, "kh.example/log#1",
    )  # fmt: skip
    (other,) = client.get("/api/statements/kh.example/log/3").json()["erasures"]
    assert not other["is_in_force"]
    assert other["reason"]


def test_the_denied_bundle_is_not_found_and_its_redacted_form_is_served(
    client: TestClient,
) -> None:
    """Neighbours and leaf hash; the entry's bytes nowhere."""
    assert client.get("/tile/entries/000.p/7").status_code == 404
    answer = client.get("/tile/redacted/000.p/7")
    assert answer.status_code == 200
    assert answer.content.startswith(b"comity-redacted/1\n")
    assert SECRET.encode() not in answer.content
