# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
import secrets
from collections.abc import Callable

import pytest

from comity.errors import InvalidDocument, NotPermitted
from comity.kernel.canonical import to_canonical
from comity.ledger.signature import LOW_ORDER
from comity.node.keys.keyfile import Strength, seal_secret
from comity.node.keys.officerkey import (
    OfficerKey,
    check_purpose,
    draw_officer_key,
    from_public,
    open_officer_key,
    public_from_hex,
    seal_officer_key,
    to_public,
)

KEY, SEED = draw_officer_key("director", "root", lambda size: bytes(range(size)))


def sealed(key: OfficerKey = KEY, passphrase: str = "right") -> bytes:  # noqa: S107 - of a test
    """Seal a key lightly."""
    return seal_officer_key(
        key, SEED, passphrase, entropy=secrets.token_bytes, strength=Strength.LIGHT
    )


def test_a_sealed_key_comes_back_with_its_office_and_purpose() -> None:
    """By its passphrase alone."""
    assert open_officer_key(sealed(), "right") == KEY
    with pytest.raises(NotPermitted):
        open_officer_key(sealed(), "wrong")
    assert SEED not in sealed()
    assert SEED.hex() not in repr(KEY)


def test_what_is_shown_to_others_holds_no_secret() -> None:
    """And comes back, with or without the newline of its file."""
    shown = to_public(KEY.shown)
    assert SEED.hex().encode() not in shown
    assert from_public(shown) == from_public(shown + b"\n") == KEY.shown


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda value: {**value, "ed25519": next(iter(LOW_ORDER)).hex()}, "low-order"),
        (lambda value: {**value, "keyid": "00" * 32}, "not the id"),
        (lambda value: {**value, "purpose": "log"}, "root, statement"),
        (lambda value: {**value, "format": "other"}, "format"),
        (lambda value: {"format": value["format"]}, "ed25519 is missing"),
    ],
)
def test_a_spoilt_public_key_is_refused(
    spoil: Callable[[dict[str, str]], dict[str, str]], said: str
) -> None:
    """With what is wrong in it."""
    value = json.loads(to_public(KEY.shown))
    with pytest.raises(InvalidDocument) as refused:
        from_public(to_canonical(spoil(value)))
    assert said in str(refused.value)


def test_a_bare_public_key_is_64_digits_of_a_real_key() -> None:
    """Such as a token shows."""
    assert public_from_hex(KEY.pair.public.hex(), "root").public == KEY.pair.public
    for text in ("", "ab", "zz" * 32, next(iter(LOW_ORDER)).hex()):
        with pytest.raises(InvalidDocument):
            public_from_hex(text, "root")


def test_each_key_signs_what_it_is_for() -> None:
    """A root key keysets and compromises, a statement key all else."""
    officer, _ = draw_officer_key("testing", "statement", secrets.token_bytes)
    check_purpose(KEY.shown, "keyset")
    check_purpose(KEY.shown, "compromise")
    check_purpose(officer.shown, "finding")
    for shown, kind in ((KEY.shown, "finding"), (officer.shown, "keyset")):
        with pytest.raises(NotPermitted) as refused:
            check_purpose(shown, kind)
        assert refused.value.code == "node.officer_purpose"


@pytest.mark.parametrize("secret", [b"{}", b"[]", b"5", b'{"seed":"zz"}', b'{"seed":5}'])
def test_a_file_with_the_right_seal_and_nothing_in_it_is_refused(secret: bytes) -> None:
    """An error of ours, whatever lay inside."""
    form = "comity-officer-key/v1"
    entropy, light = secrets.token_bytes, Strength.LIGHT
    file = seal_secret(secret, "right", form=form, entropy=entropy, strength=light)
    with pytest.raises(InvalidDocument):
        open_officer_key(file, "right")
