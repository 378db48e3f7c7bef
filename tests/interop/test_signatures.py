# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Go's Ed25519 and WebCrypto's, under the one refusal, say what libsodium says for us."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.fakes.edge import Edge, edges, is_small
from tests.interop.auditor import Auditor
from tests.interop.script import Script

from comity.ledger.signature import is_valid


def ours(vectors: Sequence[Edge]) -> list[bool]:
    """Return our verdicts."""
    return [is_valid(one.key, one.message, one.signature) for one in vectors]


def gos(auditor: Auditor, vectors: Sequence[Edge]) -> list[bool]:
    """Return the verdicts of Go's library, with nothing of ours around it."""
    questions = [
        {
            "name": one.place,
            "ask": "ed25519",
            "public": one.key,
            "message": one.message,
            "sig": one.signature,
        }
        for one in vectors
    ]
    return [bool(said["ok"]) for said in auditor.answers(questions)]


def webs(script: Script, vectors: Sequence[Edge], folder: Path) -> list[bool]:
    """Return the verdicts of WebCrypto under the rule as the script has it."""
    path = folder / "vectors.json"
    rows = [[one.key.hex(), one.message.hex(), one.signature.hex()] for one in vectors]
    path.write_text(json.dumps(rows))
    (said,) = script.verdicts([path], "--ed25519")
    verdicts = said["verdicts"]
    assert isinstance(verdicts, list)
    return verdicts


@pytest.fixture(scope="module")
def made() -> list[Edge]:
    """Return edges made from the curve."""
    return list(edges())


@pytest.fixture(scope="module")
def published(shared: Path) -> list[Edge]:
    """Return the 914 edges of C2SP/CCTV."""
    vectors = json.loads((shared / "vectors" / "cctv_ed25519.json").read_bytes())
    return [
        Edge(
            place=f"{vector['number']}",
            key=bytes.fromhex(vector["key"]),
            message=vector["msg"].encode(),
            signature=bytes.fromhex(vector["sig"]),
        )
        for vector in vectors
    ]


def refusing(vectors: Sequence[Edge], verdicts: Sequence[bool]) -> list[bool]:
    """Put the refusal of low-order encodings before a library's verdicts."""
    return [said and not is_small(one) for one, said in zip(vectors, verdicts, strict=True)]


def test_gos_library_says_the_same_of_edges_made_from_the_curve(
    auditor: Auditor, made: list[Edge]
) -> None:
    """And without the refusal it does not, so the refusal is needed."""
    said = gos(auditor, made)

    assert refusing(made, said) == ours(made)
    assert said != ours(made)


def test_webcrypto_says_the_same_of_edges_made_from_the_curve(
    script: Script, made: list[Edge], tmp_path: Path
) -> None:
    """A reader in a browser is told what a node is told."""
    assert webs(script, made, tmp_path) == ours(made)


def test_gos_library_says_the_same_of_the_published_edges(
    auditor: Auditor, published: list[Edge]
) -> None:
    """C2SP/CCTV's 914, one verdict."""
    said = gos(auditor, published)

    assert len(said) == 914
    assert refusing(published, said) == ours(published)


def test_webcrypto_says_the_same_of_the_published_edges(
    script: Script, published: list[Edge], tmp_path: Path
) -> None:
    """The same 914."""
    assert webs(script, published, tmp_path) == ours(published)
