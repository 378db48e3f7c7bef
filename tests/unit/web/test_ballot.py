# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A rater's page: blinded, escaped, of this machine only, and written down at once."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from comity.errors import NotFound
from comity.evidence.judge.panel import Asked, Word
from comity.files.queue import Queue, ballot_of, create_queue, get_votes
from comity.web.ballot import create_ballot

TOKEN = "t" * 32
HOSTILE = '</pre><script>alert(1)</script><form action="/"><button>{{ 7 * 7 }}'
QUEUE = Queue(
    salt=b"s" * 32,
    raters=("ana", "boran"),
    answers=tuple(
        Asked(prompt=f"Question {n}", reference="yes", answer=f"{HOSTILE} {n}")
        for n in range(3)
    ),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a queue of three answers."""
    create_queue(tmp_path / "q", QUEUE)
    return tmp_path / "q"


def client_of(folder: Path, host: str = "127.0.0.1") -> TestClient:
    """Return a client of the first rater's page."""
    app = create_ballot(folder, "ana", TOKEN)
    return TestClient(app, base_url=f"http://{host}", follow_redirects=False)


def shown(client: TestClient) -> str:
    """Return the id of the answer the page shows."""
    found = re.search(r'name="id" value="(\w+)"', client.get("/").text)
    assert found
    return found[1]


def test_each_decision_is_in_the_file_before_the_next_answer(folder: Path) -> None:
    """A rater who closes the page has lost nothing, and goes on where one stopped."""
    for number, word in enumerate(Word, start=1):
        client = client_of(folder)
        said = {"token": TOKEN, "id": shown(client), "verdict": word.value}
        answer = client.post("/", data=said)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert len(get_votes(folder, QUEUE, "ana")) == number

    assert sorted(get_votes(folder, QUEUE, "ana").values(), key=str) == sorted(Word, key=str)
    assert "All 3 answers are judged" in client_of(folder).get("/").text
    assert get_votes(folder, QUEUE, "boran") == {}


def test_a_decision_can_be_replaced(folder: Path) -> None:
    """Whoever misread may go back."""
    client = client_of(folder)
    name = shown(client)
    for word in ("PASS", "FAIL"):
        client.post("/", data={"token": TOKEN, "id": name, "verdict": word})

    assert "You said FAIL" in client.get(f"/?id={name}").text
    assert list(get_votes(folder, QUEUE, "ana").values()) == [Word.FAIL]


def test_a_hostile_answer_is_text(folder: Path) -> None:
    """It may neither run, nor load, nor add a button, nor end its box."""
    answer = client_of(folder).get("/")

    assert "<script" not in answer.text
    assert answer.text.count("<form") == 1
    assert answer.text.count("<button") == 3
    assert "{{ 7 * 7 }}" in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 403),
        ({"token": "x"}, 403),
        ({"token": "é"}, 403),
        ({"token": TOKEN, "verdict": "pass"}, 400),
        ({"token": TOKEN, "id": "q0", "verdict": "PASS"}, 400),
        ({"token": TOKEN, "more": "x" * 5_000}, 413),
    ],
)
def test_a_form_of_another_page_changes_nothing(
    folder: Path, form: dict[str, str], status: int
) -> None:
    """Another site's page can send a form here, but not with the token."""
    before = ballot_of(folder, "ana").read_bytes()

    assert client_of(folder).post("/", data=form).status_code == status
    assert ballot_of(folder, "ana").read_bytes() == before


def test_another_origin_is_refused_even_with_the_token(folder: Path) -> None:
    """Two locks are better than one."""
    client = client_of(folder)
    form = {"token": TOKEN, "id": shown(client), "verdict": "PASS"}

    refused = client.post("/", data=form, headers={"origin": "http://example.org"})

    assert refused.status_code == 403
    assert get_votes(folder, QUEUE, "ana") == {}


def test_it_answers_to_this_machine_only(folder: Path) -> None:
    """A name that was pointed here would let another site read the answers."""
    assert client_of(folder, "example.org").get("/").status_code == 421
    assert client_of(folder, "localhost").get("/").status_code == 200


def test_a_ballot_broken_meanwhile_is_said(folder: Path) -> None:
    """Somebody may edit the file while the page is open; it is not overwritten."""
    client = client_of(folder)
    name = shown(client)
    ballot_of(folder, "ana").write_text("id,verdict\n", "utf-8")
    answer = client.post("/", data={"token": TOKEN, "id": name, "verdict": "PASS"})

    assert answer.status_code == 500
    assert "missing" in answer.text
    assert ballot_of(folder, "ana").read_text("utf-8") == "id,verdict\n"


def test_a_rater_nobody_named_has_no_page(folder: Path) -> None:
    """A name typed wrongly is said before anything is served."""
    with pytest.raises(NotFound):
        create_ballot(folder, "anna", TOKEN)
