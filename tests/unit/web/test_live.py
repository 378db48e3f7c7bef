# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The page of a run: of this machine alone, without a script, without a question."""

import gzip
import re
import socket
import urllib.request
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.fakes.subject import assignment_of, bank_of, course_of, design_of

from comity.assess.run.board import Board
from comity.assess.run.runner import run
from comity.assess.subjects.function import Function
from comity.errors import Conflict
from comity.evidence.statistics.design import Verdict
from comity.web.live import create_live, picture_of, served

HERE = "http://127.0.0.1:8090"


def board_of(folder: Path, answer: str = "yes") -> Board:
    """Return the board of a run of one category of two."""
    board = Board({"road": design_of(), "shelter": design_of()})
    board.begin(0.0)
    call = Function(call=lambda prompt: "no" if prompt == "road 5" else answer)
    run(assignment_of(folder, course_of(bank_of("road"))), call, progress=board.take)
    return board


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """Return a reader of the page of a run that goes on."""
    board = board_of(tmp_path, "a secret answer")
    return TestClient(create_live("Test 1a2b3c4d", lambda: board.standing(8.0)), HERE)


def test_the_page_says_where_each_category_stands(client: TestClient) -> None:
    """What is decided, and how much more it takes where it is not."""
    text = client.get("/").text

    assert "Test 1a2b3c4d" in text
    assert re.search(r"road.*?not shown", text, re.DOTALL)
    assert "12 more if all pass" in text
    assert "3 more if all fail" in text


def test_nothing_of_a_question_or_an_answer_stands_on_it(client: TestClient) -> None:
    """What is seen is spent, and a page is looked at by many."""
    text = client.get("/").text

    assert "secret" not in text
    assert not re.search(r"road \d", text)


def test_it_looks_again_by_itself_without_a_script(client: TestClient, tmp_path: Path) -> None:
    """And no more once the run is over."""
    reply = client.get("/")
    (tmp_path / "over").mkdir()
    over = board_of(tmp_path / "over")
    over.stop(9.0)
    ended = TestClient(create_live("Test", lambda: over.standing(10.0)), HERE).get("/")

    assert '<meta http-equiv="refresh" content="2">' in reply.text
    assert "http-equiv" not in ended.text
    assert "<script" not in reply.text
    assert "script-src" not in reply.headers["content-security-policy"]
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["cache-control"] == "no-store"


def test_it_weighs_little(client: TestClient) -> None:
    """With 31 categories too it stays within the weight of a public page."""
    board = Board({f"category-{n}": design_of() for n in range(31)})
    page = TestClient(create_live("Test", lambda: board.standing(0.0)), HERE).get("/").content

    assert len(gzip.compress(page)) < 15_000
    assert client.get("/static/comity.css").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8090", "127.0.0.1.evil", ""])
def test_a_name_pointed_here_by_others_gets_nothing(client: TestClient, host: str) -> None:
    """Else any web site could read the page through its visitor's browser."""
    reply = client.get("/", headers={"host": host})

    assert reply.status_code == 421
    assert "road" not in reply.text


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost", "[::1]:80", "127.0.0.9"])
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    """Whatever way its user writes it."""
    assert client.get("/", headers={"host": host}).status_code == 200


def test_it_is_served_beside_the_run_on_a_free_port(tmp_path: Path) -> None:
    """The address is printed; when the run ends, so does the page."""
    board = board_of(tmp_path)
    with (
        served("127.0.0.1", 0, "Test", lambda: board.standing(1.0)) as url,
        urllib.request.urlopen(url, timeout=10) as reply,  # noqa: S310 - our own page
    ):
        assert b"Test" in reply.read()
    port = int(url.rstrip("/").rsplit(":", 1)[1])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    """In a sentence, before anything is asked."""
    board = board_of(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(Conflict) as caught,
            served("127.0.0.1", port, "Test", lambda: board.standing(1.0)),
        ):
            pass

    assert caught.value.code == "cli.port"


def test_the_path_is_drawn_between_the_lines(tmp_path: Path) -> None:
    """Each failure lifts it by one; the lines are the plan's numbers."""
    standing = board_of(tmp_path).standing(1.0)
    road, shelter = standing.rows
    found = picture_of(road)

    assert road.verdict is Verdict.SHOWN
    assert found is not None
    assert len(found.misses) == road.failed
    assert found.path.startswith("0,96")
    assert found.accepts
    assert found.rejects
    assert picture_of(shelter) is None
