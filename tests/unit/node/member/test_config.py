# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses

import pytest

from comity.errors import InvalidDocument
from comity.kernel.ids import MemberId, Origin
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteKey
from comity.node.member.config import MAX_BYTES, Config, Peer, from_toml, to_toml

PEER = Peer(
    member=MemberId("ab" * 32),
    name='Brazil "the" office',
    url="https://br.example",
    log_key=NoteKey(name="br.example/log", kind=ED25519, public=bytes(range(32))),
    witness_key=NoteKey(name="br.example/w", kind=COSIGNATURE_ED25519, public=bytes(range(32))),
)
SILENT = Peer(
    member=MemberId("cd" * 32),
    name="供应商",
    url="/mnt/stick",
    log_key=NoteKey(name="pro.example/log", kind=ED25519, public=bytes(range(32))),
)
CONFIG = Config(origin=Origin("kh.example/log"), peers=(PEER, SILENT), counts_when=2)


@pytest.mark.parametrize("config", [CONFIG, Config(origin=Origin("x"), counts_self=False)])
def test_settings_come_back(config: Config) -> None:
    """What the node writes, it reads."""
    assert from_toml(to_toml(config).encode()) == config


def test_an_index_elsewhere_comes_back_and_a_secret_in_it_is_refused() -> None:
    """The password has other places; the refusal does not repeat it."""
    url = "postgresql+psycopg://kh@db.example/kh"
    config = dataclasses.replace(CONFIG, index_url=url)
    assert from_toml(to_toml(config).encode()) == config
    alone = Config(origin=Origin("x"), index_url=url.replace("kh@", "kh:hush@"))
    with pytest.raises(InvalidDocument) as refused:
        from_toml(f"{to_toml(alone)}colour = 1\n".encode())
    password, colour = (fault.message for fault in refused.value.faults)
    assert password.startswith("index.url holds a password, and node.toml is no place")
    assert colour == "index.colour is no setting of the index"
    assert "hush" not in str(refused.value)


def test_a_file_too_large_for_settings_is_not_read() -> None:
    """Somebody put something else in its place."""
    with pytest.raises(InvalidDocument, match="at most"):
        from_toml(b"#" * (MAX_BYTES + 1))


@pytest.mark.parametrize("name", [PEER.name, PEER.member, "br.example/log"])
def test_a_peer_is_found_by_any_of_its_names(name: str) -> None:
    """Operators type what they have at hand."""
    assert CONFIG.find_peer(name) == PEER
    assert CONFIG.find_peer(name + "x") is None


def test_a_policy_is_a_file_beside_the_settings() -> None:
    """Its name comes back; a way out of the folder is no name."""
    config = dataclasses.replace(CONFIG, policy="trust.policy")
    assert from_toml(to_toml(config).encode()).policy == "trust.policy"
    for bad in ("../trust.policy", "/etc/passwd", ".hidden", "a b", "x" * 101):
        text = to_toml(dataclasses.replace(CONFIG, policy=bad))
        with pytest.raises(InvalidDocument, match="beside node"):
            from_toml(text.encode())


def test_only_peers_with_a_witness_key_count() -> None:
    """And the node itself, where its operator says so."""
    key = NoteKey(name="kh.example/w", kind=COSIGNATURE_ED25519, public=bytes(32))
    quorum = CONFIG.to_quorum(MemberId("me"), key)
    assert [one.member for one in quorum.witnesses] == [PEER.member, "me"]
    assert quorum.counts_when == 2


def test_every_fault_is_listed_at_once() -> None:
    """An operator mends the file in one round."""
    text = """
origin = "kh example"
colour = 1
[quorum]
counts_when = 0
counts_self = "yes"
[[peer]]
member = "12"
name = "a"
url = "u"
log = "br.example/log+00000000+AAAA"
wittness = "x"
[[peer]]
name = "a"
"""
    with pytest.raises(InvalidDocument) as refused:
        from_toml(text.encode())
    said = str(refused.value)
    for part in (
        "origin", "colour", "counts_when", "counts_self", "peer[0].member", "peer[0].log",
        "peer[0].wittness", "peer[1].member", "peer[1].url", "two peers have the name 'a'",
    ):  # fmt: skip
        assert part in said


def test_a_slip_of_the_pen_has_its_line() -> None:
    """Where TOML itself breaks."""
    with pytest.raises(InvalidDocument) as refused:
        from_toml(b'origin = "x"\n[quorum\n')
    (fault,) = refused.value.faults
    assert fault.line == 2


def test_bytes_that_are_no_text_are_refused() -> None:
    """A file saved in another encoding."""
    with pytest.raises(InvalidDocument, match="UTF-8"):
        from_toml(b"\xff")


@pytest.mark.parametrize("value", [b"9" * 5000, b"[" * 5000])
def test_a_number_or_nesting_beyond_reason_is_refused(value: bytes) -> None:
    """Python itself gives up on it; the operator still gets a sentence."""
    with pytest.raises(InvalidDocument, match="no setting needs"):
        from_toml(b"origin = " + value)


@pytest.mark.parametrize("name", [CONFIG.origin, PEER.log_key.name])
def test_no_two_logs_have_one_name(name: str) -> None:
    """A member could otherwise name its log as another's and stand in its place."""
    key = dataclasses.replace(PEER.log_key, name=name, public=bytes(range(32)))
    other = dataclasses.replace(PEER, member=MemberId("12" * 32), name="other", log_key=key)
    content = to_toml(dataclasses.replace(CONFIG, peers=(PEER, other)))
    with pytest.raises(InvalidDocument, match=f"two logs have the name '{name}'"):
        from_toml(content.encode())
