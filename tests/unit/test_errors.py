# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import Fault, InvalidDocument, PeerFailed, VerificationFailed, shown

HARM = "\x1b[2J\u202egnp.exe\ud800"


@pytest.mark.parametrize(
    "error",
    [
        InvalidDocument(HARM, code="a.b", hint=HARM, source=HARM, faults=[Fault(message=HARM)]),
        InvalidDocument("x", code="a.b", faults=[Fault(message="x", source=HARM, near=HARM)]),
        VerificationFailed(HARM, code="a.b", place=HARM),
        PeerFailed(HARM, code="a.b", peer=HARM),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_quoted_document_cannot_steer_the_terminal(error: InvalidDocument) -> None:
    """Errors quote strangers; what they wrote is shown, in bytes any terminal prints."""
    for words in (str(error), error.message, error.hint):
        words.encode()
        assert "\x1b" not in words
        assert "\u202e" not in words


@pytest.mark.parametrize(
    "text", ["", "plain", "两行\nund ü", "هاتف", "emoji \U0001f600", "a\tb"]
)
def test_every_language_is_shown_as_it_is(text: str) -> None:
    """Only what steers is escaped, never what people write."""
    assert shown(text) == text


def test_a_document_read_without_a_name_gets_one_later() -> None:
    """Who reads bytes knows no file; who opened it does."""
    fault = Fault(message="no such field", line=3)
    found = InvalidDocument("not a plan", code="a.b", faults=[fault]).named("p.toml", hint="h")

    assert (found.code, found.hint, found.faults) == ("a.b", "h", (fault,))
    assert str(found).startswith("p.toml: not a plan")
