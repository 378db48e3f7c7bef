# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The exact bytes of what the evidence room commits to, beside a second implementation.

The second one is a few lines of the standard library written from docs/spec/evidence.md.
"""

import hashlib
import hmac
import json
from fractions import Fraction

import pytest

from comity.evidence.bank import Bank, Item
from comity.evidence.bundle import Bundle, digest_of, encode_bundle
from comity.evidence.draw import Nonces, Role, commit_nonce, draws, seed_of
from comity.evidence.statistics.calibration import Request, design_for
from comity.evidence.transcript import Record, encode, head_of
from comity.kernel.digest import sha256

KEY, PLAN = bytes(range(32)), sha256(b"plan")
NONCES = Nonces(provider=b"p" * 32, tester=b"t" * 32)
BANK = Bank.of(
    (
        Item(
            position=n,
            category="rescue" if n < 3 else "shelter",
            prompt={"text": f"q{n}"},
            reference=["a", n],
            scorer="equals/1",
        )
        for n in range(7)
    ),
    KEY,
)
SEED = seed_of(BANK.commitment.root, PLAN, NONCES)


def hashed(*parts: bytes) -> bytes:
    """Hash by the standard library alone."""
    return hashlib.sha256(b"".join(parts)).digest()


def second_leaf(position: int) -> bytes:
    """Hash an item as the specification says."""
    fields = {
        "category": "rescue" if position < 3 else "shelter",
        "position": position,
        "prompt": {"text": f"q{position}"},
        "reference": ["a", position],
        "scorer": "equals/1",
    }
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    place = position.to_bytes(8, "big")
    salt = hmac.new(KEY, b"comity/bank-salt/v1\n" + place, hashlib.sha256).digest()
    return hashed(b"\x00", b"comity/bank-item/v1\n", text.encode(), salt)


def test_leaves_and_root_are_as_specified() -> None:
    """A bank committed today must open under every later version."""
    leaves = [second_leaf(n) for n in range(7)]
    assert list(BANK.tree.levels[0]) == leaves
    one, two, three = (hashed(b"\x01", leaves[n], leaves[n + 1]) for n in (0, 2, 4))
    root = hashed(b"\x01", hashed(b"\x01", one, two), hashed(b"\x01", three, leaves[6]))
    assert BANK.commitment.root == root
    assert root.hex() == "df154f094bc7e1b69b12e0cc2ffec31b8cd8e83d041f2c2b965c0dc9c7033606"


@pytest.mark.parametrize(
    ("role", "nonce", "digest"),
    [
        (
            Role.PROVIDER,
            NONCES.provider,
            "1c47cee081dac239aa52ac70fc555895cdee656d4ea8c2888f760df3087975df",
        ),
        (
            Role.TESTER,
            NONCES.tester,
            "66d3ef4c91bce89ee9409207b722c73eb8a9294d967b421b91b89a30db78f341",
        ),
    ],
)
def test_nonce_commitments_are_as_specified(role: Role, nonce: bytes, digest: str) -> None:
    """Both sides must compute the same."""
    tagged = hashed(b"comity/draw-nonce/v1\n", role.value.encode(), b"\n", nonce)
    assert commit_nonce(nonce, role) == tagged
    assert tagged.hex() == digest


def test_seed_and_order_are_as_specified() -> None:
    """Anyone derives which questions were due."""
    root = BANK.commitment.root
    seed = hashed(b"comity/draw-seed/v1\n", root, PLAN, b"p" * 32, b"t" * 32, bytes(4))
    assert seed == SEED
    assert SEED.hex() == "5e5457477f70bab2dbf3b2c7ef18a42a0b4de45a378a5551f2f602ae9b1111bd"
    tickets = {
        n: hmac.new(seed, n.to_bytes(8, "big"), hashlib.sha256).digest() for n in range(7)
    }
    assert draws(SEED, BANK.commitment) == {
        "rescue": tuple(sorted(range(3), key=tickets.__getitem__)),
        "shelter": tuple(sorted(range(3, 7), key=tickets.__getitem__)),
    }
    assert draws(SEED, BANK.commitment) == {"rescue": (1, 0, 2), "shelter": (4, 6, 5, 3)}


def test_the_chain_and_the_bundle_are_as_specified() -> None:
    """A finding names both by digest."""
    record = Record(draw=1, opening=BANK.open(4), answer="é", passed=True)
    line = encode(record)
    start = hashed(b"comity/transcript/v1\n", PLAN)
    head = hashed(start, hashed(line))
    assert head_of(PLAN, [record]) == head
    assert head.hex() == "c07d0de88623e1b43b93f800e6387d2b4229587c86a56a7a572aefd2a9cd5857"
    heading = b'{"bundle":"comity/evidence-bundle/v1","plan":"' + PLAN.hex().encode() + b'"}'
    encoded = encode_bundle(Bundle(plan=PLAN, records=(record,)))
    assert encoded == heading + b"\n" + line + b"\n"
    digest = "5cdf4b2c3137efbe0564979a3c6fa189bbc29567b99bc29794ed930f9c74bcad"
    assert digest_of(encoded).hex() == digest


@pytest.mark.parametrize(
    ("size", "risk", "cap", "acceptance", "rejection"),
    [
        (
            64,
            Fraction(1, 20),
            49,
            ((23, 0), (37, 1), (49, 2)),
            ((1, 1), (7, 2), (49, 3)),
        ),
        (
            300,
            Fraction(1, 20),
            123,
            ((32, 0), (55, 1), (72, 2), (87, 3), (102, 4), (117, 5), (123, 6)),
            ((2, 2), (13, 3), (29, 4), (45, 5), (63, 6), (81, 7)),
        ),
        (
            300,
            Fraction(1, 100),
            168,
            (
                *((47, 0), (71, 1), (86, 2), (100, 3), (114, 4)),
                *((128, 5), (143, 6), (157, 7), (168, 8)),
            ),
            (
                *((2, 2), (14, 3), (29, 4), (45, 5), (63, 6)),
                *((82, 7), (102, 8), (123, 9)),
            ),
        ),
    ],
)
def test_calibration_gives_the_same_numbers_for_ever(
    size: int,
    risk: Fraction,
    cap: int,
    acceptance: tuple[tuple[int, int], ...],
    rejection: tuple[tuple[int, int], ...],
) -> None:
    """A continuation's numbers follow from the first plan, in every version."""
    request = Request(size=size, threshold=Fraction(9, 10), goal=Fraction(97, 100), risk=risk)
    design = design_for(request)
    assert (design.cap, design.acceptance, design.rejection) == (cap, acceptance, rejection)
