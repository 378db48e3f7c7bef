# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace

import pytest

from comity.errors import Conflict
from comity.kernel.ids import MemberId
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteKey
from comity.node.logs.following import Following, Mode
from comity.node.member.config import Peer, from_toml
from comity.node.member.peerblock import with_peer, without_peer


def key(name: str, kind: int = ED25519) -> NoteKey:
    """Return some key."""
    return NoteKey(name=name, kind=kind, public=bytes(range(32)))


HAND = f"""\
# our node
origin = "kh.example/log"
[quorum]
counts_when = "all" # every one
counts_self = true

# Brazil: call Tuesday
[[peer]] # the first
member = "{"ab" * 32}"
name = "br"
# the old line
url = "https://br.example" # moves in May
log = "{key("br.example/log").vkey}"
witness = "{key("br.example/w", COSIGNATURE_ED25519).vkey}"
mirrors = [
  "https://one.example", # near
  "[[peer]]",
]

# Singapore
[[peer]]
member = "{"cd" * 32}"
name = "sg"
url = "https://sg.example"
log = "{key("sg.example/log").vkey}"

[http]
sign = false
"""


def peers(content: bytes) -> tuple[Peer, ...]:
    """Return the peers of a node.toml."""
    return from_toml(content).peers


def test_one_setting_changes_and_every_other_line_stays() -> None:
    """The comments are the operator's own."""
    br, sg = peers(HAND.encode())
    after = replace(br, url="https://new.example")
    found = with_peer(HAND.encode(), br, after)
    assert found.decode() == HAND.replace("https://br.example", "https://new.example")
    assert peers(found) == (after, sg)


def test_settings_come_and_go_within_their_own_block() -> None:
    """A list over several lines goes whole; what was not there is added at the end."""
    br, sg = peers(HAND.encode())
    following = Following(mode=Mode.SELECTED, kinds=("finding",), places=(12,))
    after = replace(br, witness_key=None, following=following)
    found = with_peer(HAND.encode(), br, after)
    assert peers(found) == (after, sg)
    assert b"# near" not in found
    for kept in ("# the old line", "# moves in May", "# Singapore\n[[peer]]", "sign = false"):
        assert kept in found.decode()
    assert peers(with_peer(found, after, br)) == (br, sg)


@pytest.mark.parametrize("gone", [0, 1])
def test_a_peer_goes_and_the_others_stay(gone: int) -> None:
    """The first and the last alike; what stands after it is untouched."""
    both = peers(HAND.encode())
    found = without_peer(HAND.encode(), both[gone])
    assert peers(found) == (both[1 - gone],)
    assert found.endswith(b"[http]\nsign = false\n")
    assert b"# Singapore" in found


def test_a_change_that_would_give_two_peers_one_name_is_refused() -> None:
    """Nothing is half written."""
    br = peers(HAND.encode())[0]
    with pytest.raises(Conflict, match="two peers have the name 'sg'"):
        with_peer(HAND.encode(), br, replace(br, name="sg"))


def test_what_is_written_in_another_way_is_left_to_its_author() -> None:
    """Peers in one line are TOML too; no program guesses where to cut there."""
    head = HAND.partition("# Brazil")[0].partition("[quorum]")
    row = f'{{member = "{"ab" * 32}", name = "br", url = "x", log = "{key("b").vkey}"}}'
    content = f"{head[0]}peer = [{row}]\n[quorum]{head[2]}".encode()
    (br,) = peers(content)
    assert br.member == MemberId("ab" * 32)
    with pytest.raises(Conflict, match="no program should edit"):
        without_peer(content, br)
