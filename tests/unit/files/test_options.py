# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Option files: what may be said of who could supply what, and how it is misused."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument
from comity.exposure.diversify.market import OWN
from comity.files.options import Options, read_options

HEAD = 'title = "t"\nunit = "m"\nsource = "s"\nbasis = "weak"\n'
OPTION = '[[option]]\nlayer = "cloud"\nname = "{name}"\ncost = 1\n'


def read(folder: Path, *parts: str) -> Options:
    """Read a file made of parts."""
    path = folder / "options.toml"
    path.write_text(HEAD + "".join(parts), "utf-8")
    return read_options(path)


def faults(folder: Path, *parts: str) -> list[str]:
    """Return the faults of a file made of parts."""
    with pytest.raises(InvalidDocument) as caught:
        read(folder, *parts)
    return [str(one) for one in caught.value.faults]


def test_an_option_may_be_whoever_buys(tmp_path: Path) -> None:
    """Supplied at home, by another's firm at home, or on chips of one's own."""
    own = OPTION.format(name="own") + 'jurisdiction = "own"\nterritory = "own"\n'
    zone = OPTION.format(name="zone") + 'jurisdiction = "USA"\nterritory = "own"\n'
    one, other = (option.material for option in read(tmp_path, own, zone).options)

    assert (one.jurisdiction, one.territory, one.owner) == (OWN, OWN, None)
    assert (other.jurisdiction, other.territory) == ("USA", OWN)


def test_own_is_written_in_one_way_and_of_options_alone(tmp_path: Path) -> None:
    """A supply is the same whoever buys, and nobody is allied with itself; all at once."""
    found = faults(
        tmp_path,
        'allies = ["own"]\n',
        OPTION.format(name="a") + 'jurisdiction = "Own"\n',
        '[[supply]]\nlayer = "chips"\nname = "c"\njurisdiction = "own"\n',
    )

    assert len(found) == 3
    for part in (
        "one's own state has no ceiling",
        "jurisdiction 'Own' is no code",
        "did you mean 'own'",
        "a supply names a state",
        "line 5",
        "line 14",
    ):
        assert any(part in one for one in found), (part, found)


def test_a_code_that_is_no_state_is_refused_still(tmp_path: Path) -> None:
    """The one word that stands for a state lets no other through."""
    found = faults(tmp_path, OPTION.format(name="a") + 'jurisdiction = "mine"\n')

    assert len(found) == 1
    assert "mine" in found[0]
