# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever bytes come in, a reader returns or refuses in our own words, in bounded time.

Every reader is given documents that are valid, damaged, reworded, restated, nested and pure
noise. What it refuses, it refuses with one of our errors, whose words can be printed.
"""

import random
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import pytest
from tests.fakes.document import Documents, gather_documents
from tests.fakes.federation import play
from tests.fakes.reader import JSON, Reader, readers_of
from tests.fakes.reader_council import COUNCIL, council_readers

from comity.errors import ComityError
from comity.files.library import shipped_library
from comity.kernel.canonical import from_canonical
from comity.law.pack import Library

pytestmark = pytest.mark.long

CPU_S = 3.0
CODE = re.compile(r"[a-z]+(\.[a-z0-9_]+)+")
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class TooSlow(BaseException):
    """A reader used more processor time than one document may cost."""


@contextmanager
def watchdog(cpu_s: float = CPU_S) -> Iterator[None]:
    """Interrupt what costs more than a few seconds of this process's own time."""

    def bark(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, bark)
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Documents:
    """Return a valid document of every kind."""
    folder = tmp_path_factory.mktemp("documents")
    return gather_documents(play(folder / "played"), folder)


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return shipped_library()


@pytest.fixture(scope="module")
def readers(
    documents: Documents, library: Library, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Reader]:
    """Return every way in, by name."""
    folder = tmp_path_factory.mktemp("fuzzed")
    return {**readers_of(documents, library, folder), **council_readers(library, folder)}


NAMES = (
    "canonical JSON", "envelope", "statement", "note", "checkpoint", "cosignature",
    "tlog-proof", "tile bundle", "tile", "first entry", "fork evidence", "witness request",
    "node.toml", "trust policy",
    "predicate of keyset", "predicate of system", "predicate of bank",
    "predicate of application", "predicate of plan", "predicate of reveal",
    "predicate of finding", "predicate of custody", "predicate of policy",
    "predicate of recognition", "predicate of proposal", "predicate of ballot",
    "predicate of amendment", "predicate of ballot-receipt", "predicate of bloc-mandate",
    "predicate of bloc-position", "predicate of challenge", "predicate of result",
    "predicate of roll-change", "predicate of rule", "predicate of seen",
    "transcript record", "evidence bundle", "dossier",
    "bank with its key", "statement file", "profile", "scenarios", "core", "claim",
    "policy file", "bank", "pack", "vocabulary", "real pack", *COUNCIL,
)  # fmt: skip


def test_every_reader_is_fuzzed(readers: Mapping[str, Reader]) -> None:
    """A new one must be added to the list as well."""
    assert tuple(readers) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_raises_nothing_but_ours(
    readers: Mapping[str, Reader], name: str, dice: random.Random
) -> None:
    """Thousands of spoilt documents, each in bounded time; sound ones are read all along."""
    reader = readers[name]
    for valid in reader.valid:
        reader.read(valid)
    refused = 0
    for number in range(reader.examples):
        mutate = dice.choice(reader.mutators)
        encoded = mutate(dice.choice(reader.valid), dice)
        refused += is_refused(reader, encoded, f"{name}, example {number}, {mutate.__name__}")
    assert refused > reader.examples // 10
    for valid in reader.valid:
        reader.read(valid)


def is_refused(reader: Reader, encoded: bytes, said: str) -> bool:
    """Read one document; tell whether it was refused, in words that can be printed."""
    try:
        with watchdog():
            reader.read(encoded)
    except ComityError as error:
        check_words(error)
        return True
    except (Exception, TooSlow) as error:
        message = f"{said}: {type(error).__name__}: {error}\n{encoded[:1_000]!r}"
        raise AssertionError(message) from error
    return False


def check_words(error: ComityError) -> None:
    """Check that a refusal has a code, and words that any terminal can print."""
    assert CODE.fullmatch(error.code)
    for words in (str(error), error.message, error.hint):
        words.encode()
        found = HARMFUL.search(words)
        assert found is None, f"{error.code} says {found!r}"


def test_the_twin_that_trusts_its_input_is_found_out(
    documents: Documents, dice: random.Random
) -> None:
    """The harness has teeth: a reader without our care raises what is not ours."""

    def naive(encoded: bytes) -> object:
        return bytes.fromhex(str(from_canonical(encoded)["seed"]))  # type: ignore[index,call-overload] # the fault under test

    twin = Reader(read=naive, valid=[documents.predicates["finding"]], mutators=JSON)
    found = 0
    for number in range(300):
        encoded = dice.choice(JSON)(twin.valid[0], dice)
        with suppress(AssertionError):
            is_refused(twin, encoded, f"example {number}")
            continue
        found += 1
    assert found > 3


def test_the_watchdog_bites() -> None:
    """A reader that takes for ever is interrupted, not waited for."""

    def endless() -> None:
        while True:
            pass

    with pytest.raises(TooSlow), watchdog(0.1):
        endless()
