# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import io
from itertools import pairwise

import pytest
from nacl.public import PrivateKey

from comity.errors import ComityError, InvalidDocument, NotPermitted, VerificationFailed
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.reference import Reference, to_reference_json
from comity.node.secrets.sealed import (
    MAX_RECIPIENTS,
    PIECE_BYTES,
    is_sealed,
    open_stream,
    read_head,
    seal_stream,
)

ABOUT = Reference(log=Origin("kh.example/log"), index=7, sha256=sha256(b"entry"))
BR, SG, VN = (PrivateKey(bytes([number]) * 32) for number in (1, 2, 3))


def sealed(content: bytes, *keys: PrivateKey, about: Reference | None = ABOUT) -> bytes:
    """Seal bytes for members."""
    target = io.BytesIO()
    seal_stream(io.BytesIO(content), target, [bytes(key.public_key) for key in keys], about)
    return target.getvalue()


def opened(content: bytes, *keys: PrivateKey) -> bytes:
    """Open what was sealed."""
    target = io.BytesIO()
    open_stream(io.BytesIO(content), target, [bytes(key) for key in keys])
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, 3 * PIECE_BYTES + 7])
def test_every_recipient_opens_the_same_bytes(size: int) -> None:
    """Encrypted once, whatever the number of pieces."""
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    file = sealed(content, BR, SG)
    assert opened(file, BR) == opened(file, SG) == content
    assert is_sealed(file)


def test_nobody_else_opens_it() -> None:
    """Not even with several keys of its own."""
    with pytest.raises(NotPermitted) as caught:
        opened(sealed(b"report", BR, SG), VN, PrivateKey(bytes([9]) * 32))
    assert caught.value.code == "node.sealed"


def test_a_member_opens_with_an_earlier_key() -> None:
    """What was sealed before a rotation stays readable."""
    assert opened(sealed(b"report", BR), VN, BR) == b"report"


def test_any_changed_byte_is_found() -> None:
    """Of the head, of the commitment, of the stream; nothing is ever opened wrongly."""
    file = sealed(b"report", BR)
    for at in range(len(file)):
        changed = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        with pytest.raises(ComityError):
            opened(changed, BR)


def test_pieces_cut_off_doubled_or_moved_are_found() -> None:
    """A stream that merely stops would pass for a shorter content."""
    file = sealed(bytes(3 * PIECE_BYTES), BR)
    start = file.index(b"\n") + 1 + 32 + 24
    step = PIECE_BYTES + 17
    marks = [*range(start, len(file), step), len(file)]
    pieces = [file[one:two] for one, two in pairwise(marks)]
    for wrong in (pieces[:-1], pieces[:0], [*pieces, pieces[-1]], pieces[::-1], pieces[1:]):
        with pytest.raises(VerificationFailed) as caught:
            opened(file[:start] + b"".join(wrong), BR)
        assert caught.value.code == "node.sealed_changed"
    with pytest.raises(VerificationFailed):
        opened(file[: start - 40], BR)


def test_what_it_is_about_is_bound_into_every_key() -> None:
    """A file sealed about one statement cannot be passed off as about another."""
    file = sealed(b"report", BR)
    line, _, body = file.partition(b"\n")
    head = from_canonical(line)
    assert isinstance(head, dict)
    assert head["about"] == to_reference_json(ABOUT)
    moved = to_canonical({**head, "about": None}) + b"\n" + body
    with pytest.raises(NotPermitted):
        opened(moved, BR)


def test_a_body_under_two_heads_opens_to_one_content() -> None:
    """The key is committed to: no head made later makes the same body say something else."""
    one, two = sealed(b"report", BR), sealed(b"another", BR)
    head, body = two.partition(b"\n")[0], one.partition(b"\n")[2]
    with pytest.raises(VerificationFailed, match="not the one it was sealed with"):
        opened(head + b"\n" + body, BR)


def test_the_head_does_not_tell_for_whom_it_is() -> None:
    """No key and no name stands in it, and three recipients look like four."""
    file = sealed(b"report", BR, SG, VN)
    head = read_head(io.BytesIO(file))
    assert len(head.wraps) == 4
    line = file.partition(b"\n")[0]
    for key in (BR, SG, VN):
        assert bytes(key.public_key) not in b"".join(head.wraps)
        assert bytes(key.public_key).hex().encode() not in line
    assert {wrap[31] & 0x80 for wrap in head.wraps} == {0}


def test_for_nobody_or_too_many_nothing_is_sealed() -> None:
    """And no key is taken that everybody could open with."""
    with pytest.raises(InvalidDocument, match="0 recipients"):
        sealed(b"report")
    keys = [number.to_bytes(32, "big") for number in range(MAX_RECIPIENTS + 1)]
    with pytest.raises(InvalidDocument, match="257 recipients"):
        seal_stream(io.BytesIO(), io.BytesIO(), keys, None)
    with pytest.raises(NotPermitted):
        seal_stream(io.BytesIO(), io.BytesIO(), [bytes(32)], None)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"{}\n", b"x" * 70_000, b"[1]\n",
        b'{"about":null,"format":"comity-sealed/2","wraps":["AAAA"]}\n',
        b'{"about":null,"format":"comity-sealed/1","wraps":[]}\n',
        b'{"about":null,"format":"comity-sealed/1","wraps":["AAAA"]}\n',
        b'{"about":null,"format":"comity-sealed/1","wraps":["%"]}\n',
        b'{"about":1,"format":"comity-sealed/1","more":1,"wraps":["AAAA"]}\n',
        b'{"about":null, "format":"comity-sealed/1","wraps":["AAAA"]}\n',
    ],
)  # fmt: skip
def test_what_is_no_sealed_file_is_refused(content: bytes) -> None:
    """Before any key is tried."""
    with pytest.raises(InvalidDocument):
        opened(content, BR)


class Trickle(io.BytesIO):
    """A source that gives at most a thousand bytes at a time, as a pipe may."""

    def read(self, size: int | None = -1) -> bytes:
        """Return fewer bytes than asked for."""
        return super().read(min(1000, size or 0))


def test_a_source_that_trickles_is_sealed_as_any_other() -> None:
    """What is one piece depends on the bytes, not on how they come in."""
    content, target = bytes(PIECE_BYTES + 5), io.BytesIO()
    seal_stream(Trickle(content), target, [bytes(BR.public_key)], None)
    assert len(target.getvalue()) == len(sealed(content, BR, about=None))
    plain = io.BytesIO()
    open_stream(Trickle(target.getvalue()), plain, [bytes(BR)])
    assert plain.getvalue() == content
