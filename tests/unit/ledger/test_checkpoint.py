# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.ledger.checkpoint import Checkpoint, from_text, open_checkpoint, sign_checkpoint
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteSigner
from comity.ledger.signature import SigningKey

SIGNER = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
CHECKPOINT = Checkpoint(origin=Origin("kh.example/log"), size=3, root=sha256(b"root"))
ROOT = CHECKPOINT.text.split("\n")[2]


def test_a_checkpoint_is_three_lines() -> None:
    """C2SP tlog-checkpoint: origin, size, root."""
    assert CHECKPOINT.text == f"kh.example/log\n3\n{ROOT}\n"
    assert from_text(CHECKPOINT.text) == CHECKPOINT


def test_extensions_survive() -> None:
    """Unknown lines are signed and kept."""
    text = CHECKPOINT.text + "more\n"
    assert from_text(text).extensions == ("more",)
    assert from_text(text).text == text


def test_what_the_log_signed_opens() -> None:
    """The only way from bytes to a trusted checkpoint."""
    checkpoint, note = open_checkpoint(sign_checkpoint(CHECKPOINT, SIGNER).encoded, SIGNER.key)
    assert checkpoint == CHECKPOINT
    assert note.text == CHECKPOINT.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n",
        "o\n3\n",
        f"o\n03\n{ROOT}\n",
        f"o\n-3\n{ROOT}\n",
        f"o\n３\n{ROOT}\n",
        f"o\n9223372036854775808\n{ROOT}\n",
        f"o\n3\n{ROOT}",
        f"\n3\n{ROOT}\n",
        f"o\n3\n{ROOT}\n\n",
        "o\n3\nAAAA\n",
        f"o\n3\n{ROOT[:-2]}B=\n",
    ],
)
def test_a_second_spelling_is_refused(text: str) -> None:
    """One size and one root have one text; pad bits once let a changed root line pass."""
    with pytest.raises(InvalidDocument):
        from_text(text)


def test_every_changed_byte_is_refused() -> None:
    """Whatever byte of a signed checkpoint is flipped, it no longer opens."""
    encoded = sign_checkpoint(CHECKPOINT, SIGNER).encoded
    for at in range(len(encoded)):
        changed = encoded[:at] + bytes([encoded[at] ^ 1]) + encoded[at + 1 :]
        with pytest.raises((InvalidDocument, VerificationFailed)):
            open_checkpoint(changed, SIGNER.key)


def test_another_log_s_checkpoint_is_refused() -> None:
    """A key signs for the log it is named after, and for no other."""
    other = Checkpoint(origin=Origin("br.example/log"), size=3, root=CHECKPOINT.root)
    with pytest.raises(VerificationFailed, match=r"not 'kh\.example/log'"):
        open_checkpoint(sign_checkpoint(other, SIGNER).encoded, SIGNER.key)


def test_a_key_of_another_purpose_signs_no_checkpoint() -> None:
    """A witness key in the log's place would let cosignatures pass for the log."""
    witness = NoteSigner.of("kh.example/log", COSIGNATURE_ED25519, SIGNER.secret)
    with pytest.raises(VerificationFailed):
        open_checkpoint(sign_checkpoint(CHECKPOINT, witness).encoded, witness.key)
