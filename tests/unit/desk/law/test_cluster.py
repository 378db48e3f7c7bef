# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where the cluster engine is not there, that is said; tests/functional runs it."""

import builtins
from collections.abc import Mapping, Sequence
from types import ModuleType

import pytest

from comity.desk.law.cluster import on_ray
from comity.errors import NotPermitted


def test_a_missing_cluster_engine_is_told_with_its_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And nothing is worked on."""
    real = builtins.__import__

    def without_ray(
        name: str,
        names: Mapping[str, object] | None = None,
        local: Mapping[str, object] | None = None,
        wanted: Sequence[str] = (),
        level: int = 0,
    ) -> ModuleType:
        if name == "ray":
            raise ImportError(name)
        return real(name, names, local, wanted, level)

    monkeypatch.setattr(builtins, "__import__", without_ray)
    with pytest.raises(NotPermitted) as caught:
        list(on_ray(len, (), [1]))
    assert "comity[cluster]" in caught.value.hint
