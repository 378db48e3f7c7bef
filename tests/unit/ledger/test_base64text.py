# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.ledger.base64text import from_base64, to_base64


@pytest.mark.parametrize("raw", [b"", b"f", b"fo", b"foo", bytes(range(256))])
def test_every_value_comes_back(raw: bytes) -> None:
    """RFC 4648, section 10 and beyond."""
    assert from_base64(to_base64(raw)) == raw


@pytest.mark.parametrize(
    "text",
    ["Zg", "Zh==", "Zm9=", "Zm8=\n", "Z m8=", "Zm8", "_w==", "Zm8==", "é", "Z===", "===="],
)
def test_a_second_spelling_is_refused(text: str) -> None:
    """Non-zero pad bits, missing padding, other alphabets: one value has one text."""
    with pytest.raises(InvalidDocument):
        from_base64(text)
