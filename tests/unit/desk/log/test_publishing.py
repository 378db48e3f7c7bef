# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path

import pytest

from comity.desk.log.publishing import read_statement
from comity.errors import InvalidDocument, NotFound


def written(folder: Path, content: bytes | str) -> Path:
    """Write a statement's file."""
    path = folder / "statement.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_statement_written_by_hand_is_read(tmp_path: Path) -> None:
    """Short names for our predicates, spaces and any order of keys."""
    text = """
    {
      "predicateType": "ballot",
      "subject": [{"digest": {"sha256": "%s"}}],
      "predicate": {"text": "%s", "choice": "yes", "sequence": 1,
        "proposal": {"log": "kh.example", "index": 4, "sha256": "%s"}}
    }
    """
    statement = read_statement(written(tmp_path, text % (("ab" * 32,) * 3)))
    assert statement.kind == "ballot"
    assert statement.subjects[0].digest == {"sha256": "ab" * 32}


def test_every_fault_is_listed_with_near_misses(tmp_path: Path) -> None:
    """Whoever writes by hand mends all of it in one round."""
    value = {"predicateTyp": "policy", "subject": [{"name": 1}], "predicate": [], "share": 0.5}
    with pytest.raises(InvalidDocument) as refused:
        read_statement(written(tmp_path, json.dumps(value)))
    said = str(refused.value)
    assert said.startswith(str(tmp_path / "statement.json"))
    for part in (
        "did you mean 'predicateType'",
        "subject[0]",
        "predicate must",
        "$.share: float",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "not UTF-8"),
        (b'{"a":\n 1,,}', "line 2"),
        (b"[]", "must be an object"),
        (b'{"a":1,"a":2}', "'a' stands twice"),
        (b"[" * 3000, "nested too deeply"),
        (b'{"predicateType":"x","predicate":{"n":' + b"9" * 5000 + b"}}", "a number too long"),
        (b" " * 200_000, "larger than"),
        (b'{"predicateType":"keyset","predicate":{}}', "never by hand"),
        (b'{"predicateType":"x","predicate":{"v":"%s"}}' % (b"x" * 40_000), "fit in an entry"),
        (
            b'{"predicateType":"x","predicate":{},"subject":[{"digest":{"sha256":"A"}}]}',
            "64 hex",
        ),
        (b'{"predicateType":"x","predicate":{"n":9007199254740993}}', "2\\*\\*53"),
        (b'{"predicateType":"x","predicate":{"n":NaN}}', "float"),
        (b'{"predicateType":"x","predicate":{"n":"\\ud800"}}', "surrogate"),
    ],
)
def test_what_cannot_be_published_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """Each with its reason; nothing but our errors."""
    with pytest.raises(InvalidDocument, match=said):
        read_statement(written(tmp_path, content))


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_missing_file_is_said(tmp_path: Path, name: str) -> None:
    """A folder is no file either."""
    with pytest.raises(NotFound):
        read_statement(tmp_path / name)
