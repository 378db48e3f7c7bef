# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Other members commit before the plan, and their commitments are nobody else's."""

import pytest

from comity.errors import InvalidDocument
from comity.evidence.contributor import (
    Contributor,
    Contributors,
    DrawCommitment,
    Share,
    commit_share,
    contributors_from,
    draw_commitment_from_predicate,
)
from comity.evidence.draw import Role, commit_nonce
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference

ISSUED = from_rfc3339("2026-11-21T19:19:24Z")
NONCE = Digest(b"n" * 32)
SG, BR = MemberId("ab" * 32), MemberId("cd" * 32)
PLACE = Reference(log=Origin("sg.example/log"), index=3, sha256=sha256(b"entry"))


def contributors(count: int, least: int) -> Contributors:
    """Return so many contributors."""
    nodes = tuple(
        Contributor(member=MemberId(f"{n:064x}"), commitment=PLACE) for n in range(count)
    )
    return Contributors(nodes=nodes, least=least)


@pytest.mark.parametrize(
    ("count", "least", "draws"), [(1, 1, 1), (3, 3, 1), (3, 2, 4), (5, 4, 6), (5, 3, 16)]
)
def test_the_draws_to_choose_among_are_counted(count: int, least: int, draws: int) -> None:
    """Whoever reveals or closes last may leave out at most n - k of n nonces."""
    assert contributors(count, least).draws == draws


def test_a_commitment_is_one_members_and_one_roles() -> None:
    """A copied commitment could be opened only by the copied nonce, under another name."""
    own = commit_share(NONCE, SG)

    assert own != commit_share(NONCE, BR)
    assert own not in {commit_nonce(NONCE, role) for role in Role}


def test_a_share_is_held_to_its_commitment() -> None:
    """Another nonce than the committed one is as good as none."""
    committed = DrawCommitment(
        issued=ISSUED, application=PLACE, nonce_commitment=commit_share(NONCE, SG)
    )

    assert Share(member=SG, commitment=committed, nonce=NONCE).is_committed
    assert not Share(member=BR, commitment=committed, nonce=NONCE).is_committed
    other = Digest(b"m" * 32)
    assert not Share(member=SG, commitment=committed, nonce=other).is_committed


def test_a_commitment_reads_back_as_written() -> None:
    """Unknown fields survive."""
    committed = DrawCommitment(
        issued=ISSUED,
        application=PLACE,
        nonce_commitment=commit_share(NONCE, SG),
        extra={"why": "asked"},
    )

    assert draw_commitment_from_predicate(committed.to_predicate()) == committed


@pytest.mark.parametrize("junk", [None, 7, "text", [], {"issued": 7}, {"application": {}}])
def test_junk_is_no_commitment(junk: Json) -> None:
    """A stranger's statement is refused with its faults, never with a crash."""
    with pytest.raises(InvalidDocument) as refused:
        draw_commitment_from_predicate(junk)

    assert refused.value.code == "evidence.statement"


@pytest.mark.parametrize(
    ("count", "least", "fault"),
    [(0, 1, "is not 1 to 32"), (33, 3, "is not 1 to 32"), (3, 0, "threshold"), (3, 4, "thr")],
)
def test_a_draw_of_nobody_or_of_too_many_is_refused(count: int, least: int, fault: str) -> None:
    """The least number lies between one and all."""
    nodes = [node for node in contributors(count, 1).to_json() if isinstance(node, dict)]
    plain: dict[str, Json] = {"nodes": nodes, "threshold": least}
    fields = Fields(plain, faults=[])
    contributors_from(fields, fields.rows("nodes"))

    assert any(fault in one.message for one in fields.faults)


def test_a_member_speaks_once() -> None:
    """Named twice, it would have two votes on the draw."""
    twice: dict[str, Json] = {"nodes": contributors(1, 1).to_json() * 2, "threshold": 1}
    fields = Fields(twice, faults=[])
    contributors_from(fields, fields.rows("nodes"))

    assert "a second time" in fields.faults[0].message
