# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

from comity.kernel.localtext import LocalText
from comity.kernel.truth import Truth
from comity.law.determine import determine
from comity.law.explain import Explanation, Step, explain
from comity.law.fact import Answer
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile


def _explained(library: Library, **answers: Answer) -> Explanation:
    text = LocalText(by_tag={"en": "X"})
    profile = Profile(
        system="x", name=text, purpose=text, answers=answers, roles=(Role.PROVIDER,)
    )
    determination = determine(library, profile, markets=["EU"], on=dt.date(2026, 11, 21))
    return explain(determination, determination.rulings[0])


def _steps(step: Step) -> list[Step]:
    return [step, *(below for part in step.parts for below in _steps(part))]


def test_every_clause_is_told_with_its_truth(library: Library) -> None:
    """Down to the last one, in the words of the pack."""
    said = {step.says: step.truth for step in _steps(_explained(library).scope)}
    assert said == {
        "all of these": Truth.UNDETERMINED,
        "eu.act.scope": Truth.UNDETERMINED,
        "is_ai_system": Truth.UNDETERMINED,
        "not": Truth.UNDETERMINED,
        "sector is other": Truth.UNDETERMINED,
        "generates has any of [audio, image]": Truth.UNDETERMINED,
    }


def test_an_exception_is_told_by_itself(library: Library) -> None:
    """Whoever claims one must see which."""
    steps = _explained(library, staff=5).exceptions
    assert [(step.says, step.truth) for step in steps] == [
        ("staff below 10", Truth.TRUE),
        ("biometric", Truth.UNDETERMINED),
    ]


def test_a_derived_answer_names_its_axiom(library: Library) -> None:
    """Nobody gave it."""
    _, biometric = _explained(library, remote_biometric=True).exceptions
    assert biometric.answers == ("biometric = true (follows from remote_is_biometric)",)


def test_a_definition_is_told_with_its_label(library: Library) -> None:
    """An id alone is no explanation."""
    labels = {step.says: step.label for step in _steps(_explained(library).scope)}
    assert labels["eu.act.scope"] == "In scope"


def test_an_explanation_is_plain_json(library: Library) -> None:
    """`--explain --json` prints it."""
    plain = _explained(library).to_json()
    assert isinstance(plain, dict)
    assert plain["status"] == "cannot tell"
