# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A node serves what statements must say, and its pages say which of them do not say it."""

import gzip
import json

import pytest
from tests.fakes.world import World, build
from tests.unit.web.test_app import client_of

from comity.desk.log.schema import find_served, kinds


@pytest.fixture
def world() -> World:
    """Return a federation to add statements to."""
    return build()


@pytest.mark.parametrize("kind", [*kinds(), "common"])
def test_every_schema_is_served_as_it_ships(world: World, kind: str) -> None:
    """So that a stranger's validator can follow the reference from one to the other."""
    with client_of(world) as client:
        answer = client.get(f"/schemas/{kind}/v1")
    schema = find_served(kind)
    assert schema is not None
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.content == schema.encoded
    assert json.loads(answer.content)["$id"].endswith(f"/schemas/{kind}/v1")


def test_no_other_name_is_a_schema(world: World) -> None:
    """Nor is a path out of the folder."""
    with client_of(world) as client:
        for name in ("finding/v2", "nothing/v1", "..%2Fcosts/v1"):
            assert client.get(f"/schemas/{name}").status_code == 404


@pytest.mark.parametrize("tag", ["en", "zh", "ar"])
def test_a_statement_with_wrong_fields_is_shown_with_every_fault(
    world: World, tag: str
) -> None:
    """In any language, with a link to what it should have said, in few bytes."""
    where = world.say(
        world.bra,
        "incident",
        {"severity": "harmm", "markets": ["KHN"] * 500, "zzz": 1, "<b>": 2},
    )
    with client_of(world) as client:
        answer = client.get(f"/{tag}/statements/{where.log}/{where.index}")
        sheet = client.get(f"/{tag}/statements/{where.log}/{where.index}.json").json()
    assert answer.status_code == 200
    assert "severity is not one of" in answer.text
    assert "/schemas/incident/v1" in answer.text
    assert "zzz" in answer.text
    assert "<b>" not in answer.text
    assert len(gzip.compress(answer.content)) < 15_000
    assert "summary is missing" in sheet["faults"]
    assert sheet["unknown_fields"] == ["zzz", "<b>"]
    assert len(sheet["faults"]) == 100


def test_odd_entries_are_named_on_their_page(world: World) -> None:
    """The code is for programs, the sentence for people."""
    where = world.say(world.bra, "seen", {"issued": "2099-01-01T00:00:00Z", "checkpoints": []})
    with client_of(world) as client:
        page = client.get(f"/en/statements/{where.log}/{where.index}").text
        sheet = client.get(f"/en/statements/{where.log}/{where.index}.json").json()
    assert "It says it was issued in the future." in page
    assert [one["code"] for one in sheet["anomalies"]] == ["ledger.future_dated"]


def test_every_kind_has_a_name_for_people(world: World) -> None:
    """A slug is for programs."""
    for kind in kinds():
        where = world.say(world.bra, kind, {})
        with client_of(world) as client:
            page = client.get(f"/en/statements/{where.log}/{where.index}").text
        heading = page.split("<h1>")[1].split("</h1>")[0]
        assert heading
        assert heading != kind
        assert "unknown" not in heading
