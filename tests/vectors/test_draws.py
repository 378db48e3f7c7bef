# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The exact bytes of every kind of draw, and agreement with consistent sampling elsewhere.

draws.json is for other implementations; consistent_sampling.json restates results that
election audits publish.
"""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from comity.evidence.bank import Category, Commitment
from comity.evidence.beacon import BeaconRound, Pulse
from comity.evidence.contributor import (
    Contributor,
    Contributors,
    DrawCommitment,
    Share,
    commit_share,
)
from comity.evidence.draw import (
    Nonces,
    Role,
    by_ticket,
    commit_nonce,
    draws,
    order,
    seed_of,
    ticket,
)
from comity.evidence.third import SILENT, Spoken, Third, words_of
from comity.files.beacon import read_chain
from comity.kernel.digest import Digest, from_hex, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference

HERE = Path(__file__).parent
VECTORS: dict[str, Any] = json.loads((HERE / "draws.json").read_text("utf-8"))
ELSEWHERE: dict[str, Any] = json.loads((HERE / "consistent_sampling.json").read_text("utf-8"))
ROOT, PLAN = from_hex(VECTORS["root"]), from_hex(VECTORS["plan"])
NONCES = {role: bytes.fromhex(VECTORS[role.value]) for role in Role}
HERE_AND_NOW = from_rfc3339("2026-11-21T19:19:24Z")
APPLICATION = Reference(log=Origin("maker.example/log"), index=3, sha256=sha256(b"app"))

every_draw = pytest.mark.parametrize(
    "case", VECTORS["draws"], ids=[case["name"] for case in VECTORS["draws"]]
)


def third_of(case: dict[str, Any]) -> tuple[Third | None, Spoken]:
    """Return who speaks last in a case, and what was said."""
    if case["name"] == "beacon":
        said = VECTORS["beacon"]
        pulse = Pulse(number=said["round"], signature=bytes.fromhex(said["signature"]))
        chosen = BeaconRound(chain=read_chain(said["chain"]), number=said["round"])
        return chosen, Spoken(pulse=pulse)
    if "shares" not in case:
        return None, SILENT
    members = VECTORS["members"]
    place = Reference(log=Origin("sg.example/log"), index=1, sha256=sha256(b"entry"))
    nodes = tuple(
        Contributor(member=MemberId(one["member"]), commitment=place) for one in members
    )
    shares = tuple(share_of(members[row]) for row in case["shares"])
    return Contributors(nodes=nodes, least=2), Spoken(shares=shares)


def share_of(said: dict[str, str]) -> Share:
    """Return one member's part."""
    committed = DrawCommitment(
        issued=HERE_AND_NOW,
        application=APPLICATION,
        nonce_commitment=from_hex(said["commitment"]),
    )
    return Share(
        member=MemberId(said["member"]), commitment=committed, nonce=from_hex(said["nonce"])
    )


def test_every_commitment_is_as_published() -> None:
    """Parties and thirds commit under names that no other role has."""
    for role in Role:
        assert commit_nonce(NONCES[role], role).hex() == VECTORS["commitments"][role.value]
    for one in VECTORS["members"]:
        nonce = Digest(bytes.fromhex(one["nonce"]))
        assert commit_share(nonce, MemberId(one["member"])).hex() == one["commitment"]


@every_draw
def test_every_kind_of_draw_has_its_published_seed_and_order(case: dict[str, Any]) -> None:
    """A seed today is the seed in every later version, and in every other implementation."""
    third = words_of(*third_of(case), APPLICATION)
    nonces = Nonces(provider=NONCES[Role.PROVIDER], tester=NONCES[Role.TESTER], beacon=third)
    seed = seed_of(ROOT, PLAN, nonces)
    size = VECTORS["size"]

    assert third.hex() == case["third"]
    assert seed.hex() == case["seed"]
    assert [ticket(seed, place).hex() for place in range(3)] == case["tickets"]
    assert list(order(seed, range(size))) == case["order"]
    whole = Commitment(root=ROOT, categories=(Category(name="all", count=size),))
    assert list(draws(seed, whole, (0, 5, 7))["all"]) == case["order_without_0_5_7"]


@every_draw
def test_the_standard_library_comes_to_the_same_seed(case: dict[str, Any]) -> None:
    """Written a second time, from the page alone."""
    third = bytes.fromhex(case["third"])
    hashed = hashlib.sha256(
        b"comity/draw-seed/v1\n"
        + ROOT
        + PLAN
        + NONCES[Role.PROVIDER]
        + NONCES[Role.TESTER]
        + len(third).to_bytes(4, "big")
        + third
    ).digest()
    first = hmac.digest(hashed, bytes(8), "sha256").hex()

    assert (hashed.hex(), first) == (case["seed"], case["tickets"][0])


def test_no_two_kinds_of_draw_come_to_one_seed() -> None:
    """What the third says decides, and so does whose nonce is left out."""
    assert len({case["seed"] for case in VECTORS["draws"]}) == len(VECTORS["draws"])


def ticket_elsewhere(seed: str, name: str) -> str:
    """Return the ticket of an id as consistent sampling for audits defines it."""
    hashed = hashlib.sha256(seed.encode()).hexdigest() + name
    number = int(hashlib.sha256(hashed.encode()).hexdigest(), 16)
    return "0." + f"{number:064d}"[::-1]


def test_tickets_elsewhere_are_restated_rightly() -> None:
    """The table says of itself where each comes from; the rule gives them again."""
    for row in ELSEWHERE["tickets"]:
        assert ticket_elsewhere(row["seed"], row["id"]) == row["ticket"]


@pytest.mark.parametrize(
    "row", ELSEWHERE["orders"], ids=[r["seed"] for r in ELSEWHERE["orders"]]
)
def test_our_order_by_tickets_agrees_with_consistent_sampling(row: dict[str, Any]) -> None:
    """With the same tickets the same draw follows, whole, in part and prolonged."""

    def by_audit(names: list[str]) -> list[str]:
        return list(by_ticket(names, lambda n: ticket_elsewhere(row["seed"], n).encode()))

    assert by_audit(row["ids"]) == row["order"]
    part = row["ids"][::2]
    assert by_audit(part) == [name for name in row["order"] if name in part]
