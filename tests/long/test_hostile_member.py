# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A followed member may sign whatever it likes; the register still answers every reader.

Signatures say who said something, never that it makes sense. Statements here are rightly
signed, canonical, and spoilt in their structure, subjects and references.
"""

import random
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace

import pytest
from starlette.routing import Mount
from starlette.testclient import TestClient
from tests.fakes.mutation import restated
from tests.fakes.world import FakeLedger, World, build

from comity.api.app import build as build_api
from comity.desk.log.codec import find_reader
from comity.desk.register.lookout import Lookout
from comity.errors import InvalidDocument
from comity.kernel.canonical import from_canonical, to_canonical
from comity.ledger.statement import Statement, from_payload, to_payload
from comity.web.app import build as build_site
from comity.web.render import load_renderer
from comity.web.site import Site

pytestmark = pytest.mark.long

WORLDS = 150


@pytest.fixture(scope="module")
def world() -> World:
    """Return a federation in which everything makes sense."""
    return build()


def spoilt(world: World, dice: random.Random) -> World:
    """Return a federation some of whose statements are spoilt; the keysets stay."""
    ledger = FakeLedger()
    ledger.logs = list(world.ledger.logs)
    ledger.raw = world.ledger.raw
    ledger.said = {
        member: [
            one if place == 0 or one is None or dice.random() < 0.5 else _spoilt(one, dice)
            for place, one in enumerate(said)
        ]
        for member, said in world.ledger.said.items()
    }
    other = copy(world)
    other.ledger = ledger
    return other


def _spoilt(statement: Statement, dice: random.Random) -> Statement:
    """Spoil a statement so that it is still one, canonical and of its kind."""
    while True:
        encoded = to_canonical(dict(statement.predicate))
        whole = to_payload(statement)
        try:
            if dice.random() < 0.2:
                found = from_payload(restated(whole, dice))
                return replace(found, predicate_type=statement.predicate_type)
            predicate = from_canonical(restated(encoded, dice))
        except InvalidDocument:
            continue
        if isinstance(predicate, dict):
            return replace(statement, predicate=predicate)


LISTS = ("/en/", "/en/index.json", "/zh/members", "/ar/members.json", "/api/systems",
         "/api/members")  # fmt: skip
"""Pages that are there whatever anybody signed."""


def addresses(world: World) -> Sequence[str]:
    """Return pages and JSON that show every statement, some way or other."""
    system, finding = world.translator.hex(), world.finding.sha256.hex()
    members = [keyset.member for keyset in (world.khm, world.bra, world.sgp, world.provider)]
    pages = [
        "/en/?q=relief&market=EU", f"/en/systems/{system}", f"/en/systems/{system}.json",
        f"/ar/systems/{system}", f"/en/systems/{world.assistant.hex()}",
        f"/en/systems/{system}/duties?market=CHN&market=EU", f"/en/findings/{finding}",
        f"/en/findings/{finding}?category=shelter", f"/en/findings/{finding}.json",
        f"/api/systems/{system}", f"/api/findings/{finding}",
        f"/api/systems/{system}/duties?market=BRA",
    ]  # fmt: skip
    statements = [
        f"/en/statements/{log.keyset.origin}/{index}"
        for log in world.ledger.logs
        for index in range(min(log.size, 12))
    ]
    return [*pages, *(f"/en/members/{member}" for member in members), *statements]


def test_no_statement_takes_the_register_down(world: World, dice: random.Random) -> None:
    """Lists always answer; one thing's page is shown, not found or refused, never broken."""
    renderer, wanted = load_renderer(), addresses(world)
    shown = missing = 0
    for number in range(WORLDS):
        lookout = Lookout(spoilt(world, dice).view)
        site = Site(lookout=lookout, renderer=renderer)
        routes = [Mount("/api", build_api(lookout))]
        with TestClient(build_site(site, routes), follow_redirects=False) as client:
            for path in LISTS:
                assert client.get(path).status_code == 200, f"world {number}: {path}"
            for path in dice.sample(wanted, 14):
                status = client.get(path).status_code
                assert status in {200, 400, 404, 409, 422}, f"world {number}: {path}"
                shown += status == 200
                missing += status == 404
    assert shown > WORLDS
    assert missing > WORLDS // 10


def test_its_twin_that_reads_what_is_signed_as_true_breaks(
    world: World, dice: random.Random
) -> None:
    """The statements have teeth: read without care, most worlds hold one that raises."""
    broken = 0
    for _ in range(20):
        said = [one for log in spoilt(world, dice).ledger.said.values() for one in log if one]
        with suppress(InvalidDocument):
            for statement in said:
                (find_reader(statement.kind) or dict)(dict(statement.predicate))
            continue
        broken += 1
    assert broken > 10
