# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_rfc3339
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign
from comity.ledger.gate import Gate, Part
from comity.ledger.mldsa import MlDsaKey
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    Note,
    NoteSignature,
    NoteSigner,
)
from comity.ledger.quorum import (
    CountsWhen,
    Policy,
    Quorum,
    Witness,
    eligible,
    rule_of,
    tally,
)
from comity.ledger.signature import SigningKey

NOW = from_rfc3339("2026-11-21T19:19:24Z")
LOG = NoteSigner.of("a.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
SIGNERS = {
    MemberId(name): NoteSigner.of(
        f"{name}.example/witness",
        COSIGNATURE_ED25519,
        SigningKey.from_seed(bytes([number]) * 32),
    )
    for number, name in enumerate("abcd")
}
NOTE = sign_checkpoint(Checkpoint(origin=Origin("a.example/log"), size=1, root=sha256()), LOG)


def quorum(counts_when: CountsWhen, names: str = "abcd") -> Quorum:
    """Return a rule over members by their one-letter names."""
    witnesses = tuple(
        Witness(member=MemberId(name), key=SIGNERS[MemberId(name)].key) for name in names
    )
    return Quorum(witnesses=witnesses, counts_when=counts_when)


def cosigned_by(names: str) -> Note:
    """Return member a's checkpoint with cosignatures."""
    more = [cosign(NOTE, SIGNERS[MemberId(name)], NOW) for name in names]
    return NOTE.with_signatures(more)


@pytest.mark.parametrize(
    ("counts_when", "cosigners", "is_met"),
    [
        ("all", "bcd", True),
        ("all", "bc", False),
        ("all", "abc", False),
        (2, "bc", True),
        (2, "ab", False),
        (3, "abcd", True),
        (4, "abcd", False),
        (1, "", False),
    ],
)
def test_an_owner_never_counts_for_its_own_log(
    counts_when: CountsWhen, cosigners: str, *, is_met: bool
) -> None:
    """Member a owns the log; its own cosignature adds nothing."""
    found = tally(cosigned_by(cosigners), quorum(counts_when), owner=MemberId("a"))
    assert found.is_met is is_met
    assert MemberId("a") not in found.members


def test_a_rule_without_witnesses_is_never_met() -> None:
    """Nobody vouching is not everybody vouching."""
    assert not tally(cosigned_by("b"), quorum("all", ""), owner=MemberId("a")).is_met
    assert not tally(cosigned_by("a"), quorum("all", "a"), owner=MemberId("a")).is_met


def test_one_key_under_two_names_counts_once() -> None:
    """A member must not multiply itself."""
    key = SIGNERS[MemberId("b")].key
    twice = (Witness(member=MemberId("b"), key=key), Witness(member=MemberId("x"), key=key))
    found = tally(cosigned_by("b"), Quorum(witnesses=twice, counts_when=2), owner=MemberId("a"))
    assert (found.members, found.is_met) == ((MemberId("b"),), False)


def test_the_owner_s_key_under_another_name_does_not_count() -> None:
    """Not even when an operator wrote it down for somebody else."""
    key = SIGNERS[MemberId("a")].key
    both = (Witness(member=MemberId("a"), key=key), Witness(member=MemberId("x"), key=key))
    assert eligible(Quorum(witnesses=both), owner=MemberId("a")) == ()


def test_a_stranger_s_cosignature_is_ignored() -> None:
    """Only those the reader named count."""
    found = tally(cosigned_by("bcd"), quorum(1, "b"), owner=MemberId("a"))
    assert found.members == (MemberId("b"),)


def test_a_forged_cosignature_refuses_the_checkpoint() -> None:
    """It is not merely not counted: somebody tampered with the note."""
    real = cosign(NOTE, SIGNERS[MemberId("b")], NOW)
    forged = NoteSignature(
        name=real.name, key_id=real.key_id, signature=real.signature[:-1] + b"!"
    )
    with pytest.raises(VerificationFailed):
        tally(NOTE.with_signatures([forged]), quorum(1), owner=MemberId("a"))


@pytest.mark.parametrize(
    ("n", "k", "f"), [(4, 3, 1), (4, 2, 1), (7, 5, 2), (8, 5, 2), (3, 2, 0)]
)
def test_a_split_view_passes_exactly_at_the_bound(n: int, k: int, f: int) -> None:
    """Colluders sign both views, each honest witness one: it passes iff 2k <= n + f."""
    honest = n - f
    passes = any(f + first >= k and f + honest - first >= k for first in range(honest + 1))
    assert passes is (2 * k <= n + f)


SECOND = {
    member: NoteSigner.of(
        signer.key.name, COSIGNATURE_MLDSA, MlDsaKey.from_seed(signer.key.public)
    )
    for member, signer in SIGNERS.items()
}


def policy(rule: Part | None, origins: frozenset[Origin] | None = None) -> Quorum:
    """Return a rule that a trust policy states, over members with two keys each."""
    witnesses = tuple(
        Witness(member=member, key=signer.key, others=(SECOND[member].key,))
        for member, signer in SIGNERS.items()
    )
    return Quorum(witnesses=witnesses, policy=Policy(rule=rule, origins=origins))


@pytest.mark.parametrize("signers", [(SIGNERS,), (SECOND,), (SIGNERS, SECOND)])
def test_a_member_counts_once_whichever_of_its_keys_cosigned(
    signers: tuple[dict[MemberId, NoteSigner], ...],
) -> None:
    """By the first key, the second, or both."""
    more = [cosign(NOTE, by[MemberId("b")], NOW) for by in signers]
    rule = Gate(needed=2, parts=("b", "c"))
    found = tally(NOTE.with_signatures(more), policy(rule), owner=MemberId("a"))
    assert (found.members, found.needed, found.is_met) == ((MemberId("b"),), 2, False)


@pytest.mark.parametrize(
    ("rule", "cosigners", "is_met"),
    [
        (Gate(needed=2, parts=("a", "b", "c")), "ab", False),
        (Gate(needed=2, parts=("a", "b", "c")), "bc", True),
        (Gate(needed=3, parts=("a", "b", "c")), "abc", False),
        (Gate(needed=None, parts=("a", "b")), "b", True),
        (Gate(needed=None, parts=("a",)), "abcd", False),
        ("a", "abcd", False),
        ("b", "b", True),
        (Gate(needed=None, parts=(Gate(needed=1, parts=("a",)), "c")), "c", True),
        (Gate(needed=2, parts=(Gate(needed=1, parts=("b", "c")), "d")), "bc", False),
    ],
)
def test_a_policy_decides_and_the_owner_is_taken_out_of_it(
    rule: Part, cosigners: str, *, is_met: bool
) -> None:
    """Numbers stay; "all" is all that are left; of nobody left, never."""
    found = tally(cosigned_by(cosigners), policy(rule), owner=MemberId("a"))
    assert found.is_met is is_met


def test_a_policy_may_ask_for_nobody() -> None:
    """Its author wrote so; a rule without witnesses is another thing."""
    found = tally(cosigned_by(""), policy(None), owner=MemberId("a"))
    assert (found.needed, found.is_met) == (0, True)


@pytest.mark.parametrize(("origin", "is_met"), [("a.example/log", True), ("x", False)])
def test_a_policy_that_lists_logs_counts_no_other(origin: str, *, is_met: bool) -> None:
    """Whatever cosignatures the other carries."""
    only = policy(Gate(needed=1, parts=("b",)), frozenset((Origin(origin),)))
    assert tally(cosigned_by("b"), only, owner=MemberId("a")).is_met is is_met


def test_the_rule_for_one_log_is_known_beforehand() -> None:
    """What `comity trust show` explains is what `tally` does."""
    assert rule_of(quorum(2, "abc"), owner=MemberId("a")) == Gate(needed=2, parts=("b", "c"))
    assert rule_of(quorum("all", "a"), owner=MemberId("a")) is None
    assert rule_of(policy(None)) is None
    three = policy(Gate(needed=2, parts=("a", "b", "c")))
    assert rule_of(three, owner=MemberId("a")) == Gate(needed=2, parts=("b", "c"))


def test_one_key_of_two_under_another_name_counts_once() -> None:
    """A member must not multiply itself by its second key either."""
    first, second = SIGNERS[MemberId("b")].key, SECOND[MemberId("b")].key
    both = (
        Witness(member=MemberId("b"), key=first, others=(second,)),
        Witness(member=MemberId("x"), key=second),
    )
    found = eligible(Quorum(witnesses=both), owner=MemberId("a"))
    assert [one.keys for one in found] == [(first,), (second,)]
    assert eligible(Quorum(witnesses=both), owner=MemberId("x")) == ()
