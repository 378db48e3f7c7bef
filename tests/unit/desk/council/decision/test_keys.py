# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A ballot and the key that signed it: rotated, stolen before the close, stolen after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.federation import PASSPHRASE, Federation

from comity.desk.council.decision.acting import Draft, put, vote
from comity.desk.council.decision.receipt import receive
from comity.desk.council.decision.result import decision
from comity.desk.council.decision.sheet import DecisionSheet
from comity.kernel.reference import Reference
from comity.node.rotation import (
    Change,
    Theft,
    log_draft,
    prepare_compromise,
    prepare_rotation,
)

pytestmark = pytest.mark.xdist_group("council")

WEEK_S = 7 * 24 * 3600


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Federation]:
    """Return two members, one of whom has voted on the other's proposal."""
    federation = Federation(tmp_path)
    for name in ("kh", "br"):
        federation.found(name, "regulator", "KHM")
    federation.publish(*federation.nodes.values())
    (tmp_path / "text.md").write_text("Within 72 hours.", "utf-8")
    yield federation
    federation.close()


def voted(federation: Federation) -> Reference:
    """Let kh propose and br vote, and each receive the other's."""
    draft = Draft(
        title="Notice", text=federation.folder / "text.md", rule="un-general-assembly", days=7
    )
    place, _ = put(federation.kh, draft, now=federation.now())
    federation.publish(federation.kh)
    vote(federation.br, place, "yes", now=federation.now())
    share(federation)
    return place


def share(federation: Federation) -> None:
    """Let both publish, follow, receive and publish again."""
    federation.publish(federation.kh, federation.br)
    for node in (federation.kh, federation.br):
        receive(node, now=federation.now())
    federation.publish(federation.kh, federation.br)


def stolen(federation: Federation) -> None:
    """Let br say that its keys were stolen from its first entry on, and take new ones."""
    br = federation.br
    theft = Theft(keys=("statement",), last_good=0, reason="a stolen laptop")
    log_draft(br, prepare_compromise(br, theft, federation.now()))
    rotate(federation)


def rotate(federation: Federation) -> None:
    """Let br take new keys."""
    br, now = federation.br, federation.now()
    log_draft(br, prepare_rotation(br, Change(), PASSPHRASE, now, federation.entropy))
    share(federation)


def counted(federation: Federation, place: Reference) -> tuple[str, list[str]]:
    """Return where br stands after the close as kh finds it, and what was flagged."""
    federation.seconds += WEEK_S + 1
    sheet: DecisionSheet = decision(federation.kh, place, federation.now())
    answers = {seat.name: seat.answer for seat in sheet.seats}
    return answers["br"], [flag.code for flag in sheet.flags]


def test_a_ballot_outlives_the_rotation_of_its_key(made: Federation) -> None:
    """It is read by the keyset of its place in the log."""
    place = voted(made)
    rotate(made)

    assert counted(made, place) == ("yes", [])


def test_a_ballot_by_a_key_declared_stolen_before_the_close_is_not_the_member_s(
    made: Federation,
) -> None:
    """And with its new keys the member votes itself."""
    place = voted(made)
    stolen(made)
    vote(made.br, place, "no", now=made.now())
    share(made)

    assert counted(made, place) == ("no", ["disputed"])


def test_a_key_declared_stolen_after_the_close_undoes_no_vote(made: Federation) -> None:
    """Else anyone could take its vote back when it dislikes the result."""
    place = voted(made)
    made.seconds += WEEK_S
    stolen(made)

    assert counted(made, place) == ("yes", ["disputed_later"])
