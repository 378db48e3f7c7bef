# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A material keeps what it says and what it leaves out, on its way through JSON."""

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import Fault
from comity.kernel.fields import Fields
from comity.kernel.material import (
    PPM,
    Material,
    Upstream,
    from_material_json,
    to_material_json,
)

words = st.text("abc ", min_size=1, max_size=5)
codes = st.none() | st.sampled_from(["KHM", "USA", "EU"])
shares = st.none() | st.integers(0, PPM)
links = st.builds(
    Upstream, name=words, need=st.just("") | words, share_ppm=shares, need_ppm=shares
)
materials = st.builds(
    Material, layer=words, name=words, supplier=st.none() | words, jurisdiction=codes,
    share_ppm=shares, territory=codes, owner=codes, chips=codes, substitutability_ppm=shares,
    recovery_days=st.none() | st.integers(0, 36_500),
    upstream=st.lists(links, max_size=2).map(tuple), source=st.just("") | words,
    basis=st.sampled_from(["", "text", "memory"]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(materials)
def test_what_is_written_reads_back(material: Material) -> None:
    """Unknown stays unknown: None never becomes zero, nor an empty text a name."""
    faults: list[Fault] = []

    assert from_material_json(Fields(to_material_json(material), faults=faults)) == material
    assert faults == []


def test_what_says_nothing_new_is_written_as_before() -> None:
    """A statement of old has the same bytes today."""
    assert set(to_material_json(Material(layer="chips", name="c"))) == {
        "layer", "name", "supplier", "jurisdiction", "share_ppm",
    }  # fmt: skip


def test_every_fault_of_a_material_is_noted() -> None:
    """None hides another."""
    faults: list[Fault] = []
    wrong = {
        "layer": 1, "name": "", "share_ppm": -1, "recovery_days": "soon", "territory": [],
        "upstream": [{"need_ppm": PPM + 1}],
    }  # fmt: skip
    from_material_json(Fields(wrong, faults=faults))

    said = " ".join(fault.message for fault in faults)
    for name in (*wrong, "upstream[0].name", "upstream[0].need_ppm"):
        assert name in said
