# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses
from collections.abc import Callable

import pytest
from tests.fakes.dynasty import (
    BEGIN,
    DAY,
    Dynasty,
    listed,
    pair,
    root_of,
    saying,
    signed,
)

from comity.errors import VerificationFailed
from comity.kernel.ids import Origin
from comity.kernel.instant import from_posix
from comity.ledger import revocation
from comity.ledger.envelope import keyid_of, sign_payload
from comity.ledger.identity import (
    BOTH_SIGN,
    Identity,
    bearing,
    bears_on_identity,
    open_identity,
)
from comity.ledger.keyset import Keyset, to_statement
from comity.ledger.reading import read_logged
from comity.ledger.revocation import Compromise
from comity.ledger.signature import SigningKey
from comity.ledger.statement import PAYLOAD_TYPE, to_payload

KH = Dynasty()
OLD, NEW = KH.statement(0), KH.statement(1)


def after(*entries: bytes, dynasty: Dynasty = KH) -> Identity:
    """Return who a member is after its first keyset and further entries."""
    return dynasty.identity().extended(1, entries)


def refusal(*entries: bytes, dynasty: Dynasty = KH) -> str:
    """Return the code of the one refusal, and hold that nothing changed."""
    found = after(*entries, dynasty=dynasty)
    assert [one.keyset.sequence for one in found.tenures] == [0]
    (refused,) = found.refused
    assert found.find_refusal(refused.entry) == refused
    return refused.code


def stated(keyset: Keyset, *pairs: SigningKey) -> bytes:
    """Return the entry of any keyset under some keys."""
    return signed(to_statement(keyset), *(pairs or (OLD, NEW)))


def compromise(keys: frozenset[str], last_good: int, *pairs: SigningKey) -> bytes:
    """Return the entry that declares keys of the first keyset stolen."""
    said = Compromise(
        entry=0,
        sequence=0,
        keys=keys,
        last_good=last_good,
        reason="a laptop was stolen",
        issued=from_posix(BEGIN + DAY // 2),
    )
    return signed(revocation.to_statement(said, KH.keyset(0)), *(pairs or (OLD,)))


def test_a_member_is_its_first_keyset_for_ever() -> None:
    """A rotation changes its keys, never its id or its log's name."""
    found = after(KH.rotation(1), KH.rotation(2))
    assert found.member == KH.keyset(0).member == found.keyset.member
    assert found.keyset == KH.keyset(2)
    assert found.origin == KH.keyset(0).origin
    assert open_identity(KH.first()) == KH.identity()


def test_each_entry_has_the_keys_in_force_before_it() -> None:
    """The keyset at 2 gives the keys from 3 on: its own entry stands under both."""
    found = after(signed(saying(1), OLD), KH.rotation(1), signed(saying(3), NEW))
    assert [list(found.statement_keys_at(at)) for at in (0, 1, 2, 3, 9)] == [
        *[[keyid_of(OLD.public)]] * 3,
        *[[keyid_of(NEW.public)]] * 2,
    ]


def test_an_old_key_signs_nothing_after_its_rotation() -> None:
    """An entry by the retired key stays, unreadable, and blocks nothing after it."""
    late, good = signed(saying(2), OLD), signed(saying(3), NEW)
    found = after(KH.rotation(1), late, good)
    assert "no key of the member's keyset" in read_logged(late, 2, found).fault
    assert read_logged(good, 3, found).statement is not None
    assert read_logged(good, 0, found).statement is None


def test_a_reading_never_changes_as_the_log_grows() -> None:
    """Two readers of one log agree whenever they look."""
    entries = [signed(saying(1), OLD), KH.rotation(1), signed(saying(3), NEW)]
    shorter = after(entries[0])
    assert read_logged(entries[0], 1, shorter) == read_logged(entries[0], 1, after(*entries))
    assert after(*entries).until(2) == shorter
    assert after(*entries).until(0) == KH.identity()


@pytest.mark.parametrize(
    ("keyset", "code"),
    [
        (dataclasses.replace(KH.keyset(1), sequence=2), "ledger.keyset_sequence"),
        (KH.keyset(0), "ledger.keyset_sequence"),
        (KH.keyset(2), "ledger.keyset_sequence"),
        (
            dataclasses.replace(KH.keyset(2), sequence=1),
            "ledger.keyset_next",
        ),
        (
            dataclasses.replace(
                KH.keyset(1),
                log_key=dataclasses.replace(KH.log(1).key, name=Origin("other.example/log")),
                witness_key=dataclasses.replace(
                    KH.witness(1).key, name="other.example/log/witness"
                ),
            ),
            "ledger.keyset_origin",
        ),
        (
            dataclasses.replace(KH.keyset(1), stated_root=root_of(1, OLD)),
            "ledger.keyset_purpose",
        ),
        (
            dataclasses.replace(KH.keyset(1), stated_root=root_of(1, pair("kh log 0"))),
            "ledger.keyset_purpose",
        ),
        (
            dataclasses.replace(KH.keyset(1), stated_root=root_of(2, pair("a"), pair("b"))),
            "ledger.root_threshold",
        ),
    ],
)
def test_a_keyset_that_does_not_follow_changes_nothing(keyset: Keyset, code: str) -> None:
    """Each rule has its own name, and every other rule is kept in each of these."""
    assert refusal(stated(keyset)) == code


def test_a_keyset_of_another_digest_than_its_subject_changes_nothing() -> None:
    """Whoever finds a keyset by its digest must find this one."""
    said = dataclasses.replace(to_statement(KH.keyset(1)), subjects=())
    assert refusal(signed(said, OLD, NEW)) == "ledger.keyset"


def test_a_malformed_keyset_changes_nothing_and_blocks_nothing() -> None:
    """It is listed with its faults, and the next one still counts."""
    said = to_statement(KH.keyset(1))
    wrong = dataclasses.replace(said, predicate={**said.predicate, "statement_keys": []})
    found = after(signed(wrong, OLD, NEW), KH.rotation(1))
    assert found.refused[0].code == "ledger.keyset"
    assert "1 to 16 keys" in found.refused[0].reason
    assert found.keyset == KH.keyset(1)


@pytest.mark.parametrize(
    "pairs",
    [
        (OLD,),
        (NEW,),
        (pair("kh log 0"), NEW),
        (OLD, pair("kh log 1")),
        (pair("kh witness 0"), pair("kh witness 1")),
    ],
)
def test_a_thief_of_one_key_rotates_nothing(pairs: tuple[SigningKey, ...]) -> None:
    """Not of the log's, not of the statements', not of the witness's."""
    assert refusal(KH.rotation(1, *pairs)) == "ledger.root_threshold"


def test_a_thief_of_the_keys_in_use_cannot_choose_what_follows() -> None:
    """Only the keys announced beforehand may follow, whatever the thief signs."""
    thief = Dynasty(name="thief")
    chosen = dataclasses.replace(
        KH.keyset(1), statement_keys=listed([thief.statement(1)]), log_key=thief.log(1).key
    )
    assert refusal(stated(chosen, OLD, thief.statement(1))) == "ledger.keyset_next"


def test_a_root_of_several_rotates_by_its_threshold_alone() -> None:
    """Two of three officers, without the lost statement key."""
    roots = {0: root_of(2, *map(pair, "abc")), 1: root_of(2, *map(pair, "bcd"))}
    dynasty = Dynasty(roots=roots)
    assert (
        after(dynasty.rotation(1, pair("b"), pair("c")), dynasty=dynasty).keyset.sequence == 1
    )
    for some in (("a", "b"), ("b", "d"), ("a", "d"), ("b",)):
        entry = dynasty.rotation(1, *map(pair, some))
        assert refusal(entry, dynasty=dynasty) == "ledger.root_threshold"


def test_signatures_by_strangers_count_for_nothing() -> None:
    """They neither help nor spoil."""
    assert after(KH.rotation(1, OLD, NEW, pair("x"))).keyset.sequence == 1
    assert refusal(KH.rotation(1, OLD, pair("x"), pair("y"))) == "ledger.root_threshold"


def test_a_checkpoint_over_a_rotation_needs_the_new_key() -> None:
    """The old one may sign beside it for a while, for those who have not read of it."""
    found = after(signed(saying(1), OLD), KH.rotation(1))
    old, new = KH.log(0).key, KH.log(1).key
    assert [found.log_keys_for(size) for size in (0, 1, 2)] == [(old,)] * 3
    assert found.log_keys_for(3) == (new, old)
    assert found.log_keys_for(2 + BOTH_SIGN) == (new, old)
    assert found.log_keys_for(3 + BOTH_SIGN) == (new,)


def test_a_compromise_disputes_what_its_keys_signed_after_the_last_good_entry() -> None:
    """What stands before it, what other keys signed and what the root vouches for stays."""
    old_id, new_id = keyid_of(OLD.public), keyid_of(NEW.public)
    found = after(
        signed(saying(1), OLD),
        signed(saying(2), OLD),
        compromise(frozenset([old_id]), 1),
        KH.rotation(1),
        signed(saying(5), NEW),
    )
    disputed = [bool(found.disputes(at, [old_id])) for at in range(6)]
    assert disputed == [False, False, True, False, False, True]
    assert not found.disputes(5, [new_id])
    assert found.disputes(2, [old_id])[0].reason == "a laptop was stolen"


def test_a_stolen_log_key_disputes_the_stretch_it_signed_for() -> None:
    """Until the checkpoints were signed by another."""
    vkey = KH.log(0).key.vkey
    found = after(
        signed(saying(1), OLD),
        compromise(frozenset([vkey]), 0),
        KH.rotation(1),
        signed(saying(4), NEW),
    )
    assert [bool(found.disputes(at, [])) for at in range(5)] == [
        False,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("keys", "last_good", "pairs"),
    [
        (frozenset([keyid_of(OLD.public)]), 1, (pair("x"),)),
        (frozenset([keyid_of(OLD.public)]), 1, (KH.statement(1),)),
        (frozenset([keyid_of(OLD.public)]), 2, (OLD,)),
        (frozenset([keyid_of(NEW.public)]), 1, (OLD,)),
        (frozenset[str](), 1, (OLD,)),
    ],
)
def test_a_compromise_without_right_changes_nothing(
    keys: frozenset[str], last_good: int, pairs: tuple[SigningKey, ...]
) -> None:
    """Signed by no root, of an entry to come, of a key that is not there, of no key."""
    entry = compromise(keys, last_good, *pairs)
    found = after(signed(saying(1), OLD), entry)
    assert not found.compromises
    assert found.refused[0].code in {"ledger.compromise", "ledger.root_threshold"}


def stolen_officer(dynasty: Dynasty) -> bytes:
    """Return the entry by which a member says that an officer's key was stolen."""
    said = Compromise(
        entry=0,
        sequence=0,
        keys=frozenset([keyid_of(pair("maria").public)]),
        last_good=0,
        reason="lost in a taxi",
        issued=from_posix(BEGIN),
    )
    return signed(revocation.to_statement(said, dynasty.keyset(0)), dynasty.statement(0))


def test_a_stolen_key_that_was_announced_locks_nobody_out() -> None:
    """The keyset that has it comes into force; what the key signs stays disputed."""
    dynasty = Dynasty(officers=["maria"])
    found = after(stolen_officer(dynasty), dynasty.rotation(1), dynasty=dynasty)
    assert found.keyset.sequence == 1
    assert found.disputes(3, [keyid_of(pair("maria").public)])
    assert not found.disputes(3, [keyid_of(dynasty.statement(1).public)])


def test_a_stolen_root_key_never_comes_back() -> None:
    """The root is chosen anew at each rotation, so nothing is lost by refusing it."""
    root = root_of(1, pair("a"), pair("b"))
    dynasty = Dynasty(roots={0: root, 1: root})
    said = Compromise(
        entry=0,
        sequence=0,
        keys=frozenset([keyid_of(pair("a").public)]),
        last_good=0,
        reason="copied",
        issued=from_posix(BEGIN),
    )
    entry = signed(revocation.to_statement(said, dynasty.keyset(0)), pair("b"))
    again = dynasty.rotation(1, pair("b"))
    assert refusal(entry, again, dynasty=dynasty) == "ledger.keyset_compromised"


def test_a_time_before_the_keys_existed_is_shown() -> None:
    """Backdating with the new key, or after a compromise, contradicts the log's own order."""
    found = after(compromise(frozenset([keyid_of(OLD.public)]), 0), KH.rotation(1))
    before, between, later = (from_posix(BEGIN + at) for at in (-DAY, 3 * DAY // 4, 2 * DAY))
    assert found.find_later_claim(3, before) == 2
    assert found.find_later_claim(2, before) == 1
    assert found.find_later_claim(3, between) == 2
    assert found.find_later_claim(2, between) is None
    assert found.find_later_claim(3, later) is None


def test_two_officers_sign_what_asks_for_two() -> None:
    """One signature is shown as one of two; other kinds need one."""
    dynasty = Dynasty(officers=["maria"], needed={"policy": 2})
    found, own = dynasty.identity(), dynasty.statement(0)
    both = signed(saying(1, "policy"), own, pair("maria"))
    alone = signed(saying(1, "policy"), own)
    assert read_logged(both, 1, found).statement is not None
    assert "signed by 1 of 2 officers" in read_logged(alone, 1, found).fault
    assert read_logged(signed(saying(1), pair("maria")), 1, found).statement is not None


@pytest.mark.parametrize(
    ("entry", "bears"),
    [
        (KH.rotation(1), True),
        (compromise(frozenset(["x"]), 0), True),
        (signed(saying(1), OLD), False),
        (b'{"other":1,"payload":"e30="}', True),
        (b"\x00 garbage", True),
        (b'{"payload":"!!!', False),
        (b'{"payload":"e30', False),
    ],
)
def test_the_quick_look_passes_over_no_keyset(entry: bytes, bears: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """It may look twice at garbage; it may not pass over a rotation."""
    assert bears_on_identity(entry) is bears


def test_a_look_at_many_finds_what_a_look_at_each_does() -> None:
    """Wherever among others it stands, and whatever the others hold."""
    usual, odd = signed(saying(1), OLD), b'{"a":1,"payload":"e30="}'
    lures = (usual, b'x\n{"payload":"', b'{"payload":"e30')
    for one in (KH.rotation(1), compromise(frozenset(["x"]), 0), odd, usual):
        for at in range(4):
            among = [*lures]
            among.insert(at, one)
            each = [n for n, entry in enumerate(among) if bears_on_identity(entry)]
            assert list(bearing(among)) == each
    assert list(bearing([usual] * 3)) == list(bearing([])) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entry: entry[:-1],
        lambda entry: b" " + entry,
        lambda entry: entry.replace(b"vnd.in-toto", b"vnd.in-tote"),
        lambda _: sign_payload(b'{"x":"/keyset/v1\\""}', PAYLOAD_TYPE, [OLD]),
        lambda _: sign_payload(
            to_payload(to_statement(KH.keyset(1))), "text/plain", [OLD, NEW]
        ),
    ],
)
def test_garbage_that_looks_like_a_keyset_is_nothing(spoil: Callable[[bytes], bytes]) -> None:
    """It never raises and is no refusal of anything either."""
    found = after(spoil(KH.rotation(1)), KH.rotation(1))
    assert not found.refused
    assert found.keyset.sequence == 1


def test_a_log_that_begins_with_a_later_keyset_is_nobodys() -> None:
    """Its first entry must give the id."""
    with pytest.raises(VerificationFailed):
        open_identity(KH.rotation(1))
    with pytest.raises(VerificationFailed):
        Identity.of(KH.keyset(1))
