# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from comity.errors import Conflict
from comity.kernel.ids import MemberId
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteKey
from comity.node.disk.storage import Disk
from comity.node.logs.following import Following, Mode
from comity.node.member.config import Peer, from_toml
from comity.node.member.peerblock import rewrite, with_new_peer, with_peer, without_peer


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


def test_a_peer_that_stands_there_no_more_is_not_changed() -> None:
    """Somebody else took it out or changed it since it was read: our error, and no other."""
    br, sg = peers(HAND.encode())
    gone = without_peer(HAND.encode(), br)
    for change in (without_peer, lambda content, peer: with_peer(content, peer, sg)):
        with pytest.raises(Conflict, match="br was changed meanwhile") as refused:
            change(gone, br)
        assert refused.value.code == "node.peer_change"


def test_of_two_changes_at_once_neither_is_lost(tmp_path: Path) -> None:
    """The second waits until the first is written, and changes that."""
    disk, has_read = Disk(tmp_path), Event()
    disk.replace("node.toml", HAND.encode())
    br, sg = peers(HAND.encode())
    th = replace(sg, member=MemberId("ef" * 32), name="th", log_key=key("th.example/log"))

    def second(content: bytes) -> bytes:
        has_read.set()
        return with_new_peer(content, th)

    other = Thread(target=rewrite, args=(Disk(tmp_path), second))

    def first(content: bytes) -> bytes:
        other.start()
        assert not has_read.wait(0.1)
        return without_peer(content, br)

    assert rewrite(disk, first) == HAND.encode()
    other.join()
    assert peers(disk.read("node.toml")) == (sg, th)


def test_a_refused_change_leaves_the_file_and_lets_the_next_one_in(tmp_path: Path) -> None:
    """Nothing is half written, and nobody waits for who has given up."""
    disk = Disk(tmp_path)
    disk.replace("node.toml", HAND.encode())
    br, sg = peers(HAND.encode())
    with pytest.raises(Conflict):
        rewrite(disk, lambda content: with_new_peer(content, br))
    assert disk.read("node.toml") == HAND.encode()
    rewrite(disk, lambda content: without_peer(content, br))
    assert peers(disk.read("node.toml")) == (sg,)
