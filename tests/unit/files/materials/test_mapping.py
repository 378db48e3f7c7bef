# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.files.library import shipped_library
from comity.files.materials.mapping import kinds, select, table_from_toml, table_of

FACTS = shipped_library().vocabulary.facts
DOCUMENT = {
    "@graph": [
        {"type": "a", "v": ["x", "y"]},
        {"type": "b", "v": "", "deep": {"w": 0}},
        "loose",
    ],
    "one": {"two": False},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("@graph[*].v", [(["x", "y"], "@graph[0].v")]),
        ("@graph[type=a].v", [(["x", "y"], "@graph[0].v")]),
        ("@graph[type=b,v=].deep.w", [(0, "@graph[1].deep.w")]),
        ("@graph[type=c].v", []),
        ("one.two", [(False, "one.two")]),
        ("one.three", []),
        ("one[*].two", []),
        ("", [(DOCUMENT, "")]),
    ],
)
def test_a_path_leads_to_what_stands_there(path: str, found: list[tuple[object, str]]) -> None:
    """With its place, lists numbered; what is empty is not there."""
    assert list(select(DOCUMENT, path)) == found


@pytest.mark.parametrize("kind", kinds())
def test_every_table_that_comes_along_is_sound(kind: str) -> None:
    """Facts, values and markets are those of the vocabulary; each rule says why."""
    table = table_of(kind, FACTS)
    assert table.kind == kind
    assert table.rules
    assert all(rule.why and rule.at for rule in table.rules)
    assert all(rule.map or rule.day or rule.says is not None for rule in table.rules)


def test_the_kinds_are_those_the_issue_names() -> None:
    """A bill of materials of either kind, a model card, a registration."""
    assert kinds() == ("annex-viii", "cyclonedx", "model-card", "spdx")


def test_a_table_with_faults_names_all_of_them() -> None:
    """Tables are data that people write."""
    text = """
[[rule]]
fact = "is_ai_sistem"
at = "a"
[[rule]]
fact = "generates"
at = "a"
map = { x = ["vido"] }
[[rule]]
fact = "is_ai_system"
at = "a"
say = true
"""
    with pytest.raises(InvalidDocument) as caught:
        table_from_toml(text, FACTS, source="x.toml")
    messages = [fault.message for fault in caught.value.faults]
    assert len(messages) == 4
    assert "no fact is named 'is_ai_sistem'" in messages[0]
    assert "'vido' is not one of" in messages[1]
    assert "a rule has no field 'say'" in messages[2]
