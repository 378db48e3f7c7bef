# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether an answer is right and in the language asked for ("lundi|premier jour;fr")."""

from comity.assess.scorers import tongue
from comity.assess.scorers.phrase import folded, is_any_said
from comity.assess.scorers.wording import MAX_CHARACTERS, said


def is_right(prompt: str, reference: str, answer: str) -> bool:
    """Tell whether an answer says an alternative in the language and copies no prompt."""
    alternatives, _, language = reference.rpartition(";")
    text = folded(said(answer))
    if len(answer) > MAX_CHARACTERS or folded(prompt) in text:
        return False
    return is_any_said(alternatives, text) and tongue.is_in(text, language)


def fault_of(reference: str) -> str | None:
    """Say what keeps a text from being a right answer and its language, or None."""
    alternatives, mark, language = reference.rpartition(";")
    if not mark or not all(folded(one) for one in alternatives.split("|")):
        return "the reference is not like lundi|Monday;fr, answers before their language"
    return tongue.fault_of(language)
