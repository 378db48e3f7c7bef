# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import InvalidDocument
from comity.ledger.gate import Gate, is_met
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteKey
from comity.ledger.policy import TrustPolicy, to_rule, to_text
from comity.ledger.policyfile import MAX_BYTES, MAX_LINES, from_bytes
from comity.ledger.signature import SigningKey


def vkey(number: int, kind: int = COSIGNATURE_ED25519) -> str:
    """Return the key of one witness, or of a log, as its line."""
    public = SigningKey.from_seed(bytes([number]) * 32).public
    return NoteKey(name=f"w{number}.example", kind=kind, public=public).vkey


EXAMPLE = f"""\
# The example of the specification, with keys.
log {vkey(9, ED25519)} https://log.example/

witness X1 {vkey(1)}
witness X2\t{vkey(2)}   https://x2.example
witness X3 {vkey(3)}
group X-witnesses 2 X1 X2 X3

  witness Y1 {vkey(4)}
witness Y2 {vkey(5)}
group Y-witnesses any Y1 Y2

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def faults_of(text: str | bytes) -> list[str]:
    """Return every fault of a policy, with its place."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(InvalidDocument) as caught:
        from_bytes(content)
    assert caught.value.code == "ledger.policy"
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("cosigned", "met"),
    [
        (("X1", "X2", "Y1"), True),
        (("X1", "X3", "Y2"), True),
        (("X1", "Y1", "Y2"), False),
        (("X1", "X2", "X3"), False),
        ((), False),
    ],
)
def test_the_example_of_the_specification_says_what_it_means(
    cosigned: tuple[str, ...], *, met: bool
) -> None:
    """At least two of X, and at least one of Y."""
    rule = to_rule(from_bytes(EXAMPLE.encode()), {})
    assert rule is not None
    assert is_met(rule, cosigned) is met


def test_what_is_written_reads_back() -> None:
    """Comments and blanks are lost, nothing else."""
    policy = from_bytes(EXAMPLE.encode())
    again = to_text(policy, notes=("One line.", "Another."))
    assert from_bytes(again.encode()) == policy
    assert policy.logs[0].url == "https://log.example/"
    assert policy.witnesses[1].url == "https://x2.example"


def test_none_asks_for_nobody() -> None:
    """A quorum nobody has to meet is written out, never left out."""
    policy = from_bytes(b"quorum none\n")
    assert policy == TrustPolicy(quorum="none")
    assert to_rule(policy, {}) is None


def test_a_single_witness_is_a_quorum() -> None:
    """No group is needed."""
    policy = from_bytes(f"witness only {vkey(1)}\nquorum only".encode())
    assert to_rule(policy, {}) == "only"


def test_a_member_with_two_lines_speaks_once() -> None:
    """Its first line stands for all its keys; the number of the group stays."""
    text = (
        f"witness a {vkey(1)}\nwitness a2 {vkey(2)}\nwitness b {vkey(3)}\n"
        "group two 2 a a2 b\nquorum two\n"
    )
    rule = to_rule(from_bytes(text.encode()), {"a": "A", "a2": "A", "b": "B"})
    assert rule == Gate(needed=2, parts=("A", "B"))


def test_a_quorum_of_nobody_left_is_never_met() -> None:
    """A second line of one member that is the whole quorum counts for nothing."""
    text = f"witness a {vkey(1)}\nwitness a2 {vkey(2)}\nquorum a2\n"
    rule = to_rule(from_bytes(text.encode()), {"a": "A", "a2": "A"})
    assert rule is not None
    assert not is_met(rule, {"A"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no quorum line"),
        ("quorum none\nquorum none\n", "line 2, column 1: a second quorum"),
        ("quorum\n", "line 1, column 1: 0 items where this is meant: quorum NAME"),
        ("quorum a b\n", "line 1, column 10: 2 items"),
        ("quorum a\n", "line 1, column 8: no witness or group above is called 'a'"),
        ("witnes a b\nquorum none\n", "did you mean 'witness'?"),
        ("witness a\nquorum none\n", "line 1, column 1: 1 items"),
        ("witness a xyz\nquorum none\n", "line 1, column 11: 'xyz' is not a key"),
        (f"witness none {vkey(1)}\nquorum none\n", "line 1, column 9: 'none' means no quorum"),
        (
            f"witness a {vkey(1, ED25519)}\nquorum none\n",
            "line 1, column 11: the key of a witness is of type 4 or 6, not 1",
        ),
        (f"log {vkey(1)}\nquorum none\n", "column 5: the key of a log is of type 1, not 4"),
        (
            f"witness a {vkey(1)}\nwitness b {vkey(1)}\nquorum none\n",
            "line 2, column 11: the same key as in line 1",
        ),
        (
            f"witness a {vkey(1)}\nwitness a {vkey(2)}\nquorum none\n",
            "line 2, column 9: 'a' is defined in line 1 already",
        ),
        (
            f"witness abc {vkey(1)}\ngroup g any abd\nquorum g\n",
            "line 2, column 13: no witness or group above is called 'abd'; did you mean 'abc'?",
        ),
        (f"witness a {vkey(1)}\ngroup g any g a\nquorum g\n", "called 'g'"),
        (f"witness a {vkey(1)}\ngroup g 2 a\nquorum g\n", "column 9: '2' is neither all"),
        (f"witness a {vkey(1)}\ngroup g 0 a\nquorum g\n", "'0' is neither all"),
        (f"witness a {vkey(1)}\ngroup g 01 a\nquorum g\n", "'01' is neither all"),
        (f"witness a {vkey(1)}\ngroup g any\nquorum g\n", "group NAME all|any|NUMBER"),
        (
            f"witness a {vkey(1)}\ngroup g any a\ngroup h any a\nquorum h\n",
            "line 3, column 13: 'a' is a member of 'g' already",
        ),
        (f"witness a {vkey(1)}\ngroup g all a a\nquorum g\n", "'a' is a member of 'g'"),
        ("quorum none\r\n", "line 1, column 12: a control character"),
        ("# \x7f\nquorum none\n", "line 1, column 3: a control character"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, said: str) -> None:
    """An operator finds it at once, and sees what was probably meant."""
    assert any(said in fault for fault in faults_of(text)), faults_of(text)


def test_all_faults_are_named_at_once() -> None:
    """Nobody mends one only to be told of the next."""
    text = "witness a x\ngroup g 3 b c\nquorums g\n"
    assert len(faults_of(text)) == 6


def test_names_are_compared_by_their_bytes() -> None:
    """K and the Kelvin sign are two names, and what is not UTF-8 is a name too."""
    text = (
        f"witness K {vkey(1)}\n".encode()
        + b"witness \xe2\x84\xaa "
        + vkey(2).encode()
        + b"\nwitness \xff "
        + vkey(3).encode()
        + b"\ngroup g 2 K \xe2\x84\xaa \xff\nquorum g\n"
    )
    assert len(from_bytes(text).witnesses) == 3


@pytest.mark.parametrize(
    "content",
    [
        bytes(MAX_BYTES + 1),
        b"\n" * (MAX_LINES + 1),
        b"".join(b"group g%d any g%d\n" % (n + 1, n) for n in range(300)),
        f"witness g0 {vkey(1)}\n".encode()
        + b"".join(b"group g%d any g%d\n" % (n + 1, n) for n in range(40))
        + b"quorum g40\n",
    ],
)
def test_a_policy_is_bounded(content: bytes) -> None:
    """In bytes, lines, groups and depth."""
    assert faults_of(content)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.sampled_from(
                ["log", "witness", "group", "quorum", "a", "b", "none", "all", "1", vkey(1)]
            ),
            max_size=12,
        ).map(lambda words: " ".join(words).encode()),
        st.text(max_size=60).map(lambda more: (EXAMPLE + more).encode()),
    )
)
def test_the_reader_is_total(content: bytes) -> None:
    """Whatever stands in the file: a policy, or faults."""
    try:
        policy = from_bytes(content)
    except InvalidDocument as error:
        assert error.faults  # noqa: PT017 - either outcome is right
    else:
        assert from_bytes(to_text(policy).encode("utf-8", "surrogateescape")) == policy
