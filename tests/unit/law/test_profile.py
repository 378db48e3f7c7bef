# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses

import pytest

from comity.kernel.localtext import LocalText
from comity.law.profile import Profile

NAME = LocalText(by_tag={"en": "X"})


def test_another_answer_makes_another_profile() -> None:
    """The interview tries answers without touching what was said."""
    profile = Profile(system="x", name=NAME, purpose=NAME, answers={"a": True})
    other = profile.answering("b", answer=False)
    assert dict(profile.answers) == {"a": True}
    assert dict(other.answers) == {"a": True, "b": False}


def test_a_profile_cannot_be_changed() -> None:
    """What was determined stays what it was determined of."""
    answers = {"a": True}
    profile = Profile(system="x", name=NAME, purpose=NAME, answers=answers)
    answers["a"] = False
    assert profile.answers["a"] is True
    with pytest.raises(dataclasses.FrozenInstanceError):
        profile.system = "y"  # type: ignore[misc] # the point of the test
