# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import numpy as np
import pytest

from comity.errors import InvalidDocument
from comity.files.labels import Placement, labels_from_csv, to_csv

HEAD = b"stratum,participant,group,side\n"
PLACED = {
    "hills": Placement(group=np.array([0, -1]), side=np.array([1, -1])),
    "coast": Placement(group=np.array([2]), side=np.array([0])),
}


def test_placements_survive_a_round_trip() -> None:
    """Groups stand sorted, people by their numbers."""
    encoded = to_csv(PLACED)
    found = labels_from_csv(encoded)
    assert list(found) == ["coast", "hills"]
    assert found["hills"].group.tolist() == [0, -1]
    assert to_csv(found) == encoded
    assert labels_from_csv(to_csv({})) == {}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"coast,1,0,0\n", "do not run from 0"),
        (b"coast,0,-2,0\n", "cannot be"),
        (b"coast,0,0,2\n", "cannot be"),
        (b"coast,0,x,0\n", "not CSV"),
        (b"coast,0,,0\n", "empty"),
    ],
)
def test_labels_that_cannot_be_are_refused(row: bytes, words: str) -> None:
    """Another member's table is a stranger's file."""
    with pytest.raises(InvalidDocument, match=words):
        labels_from_csv(HEAD + row)
