# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A conversation written as one text, for a model that only continues a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.assess.subjects.subject import Message

TEXT = "{text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    r"""How each message is written; every `{text}` becomes what was said.

    Args:
        user: Of what the user says, such as "User: {text}\n".
        assistant: Of an answer.
        system: Of a system message.
        begin: What stands after the last message, where the answer begins.
    """

    user: str
    assistant: str
    system: str
    begin: str

    def write(self, messages: Sequence[Message]) -> str:
        """Return the text that the model is to continue."""
        forms = {"user": self.user, "assistant": self.assistant, "system": self.system}
        spelled = (forms[one.role].replace(TEXT, one.text) for one in messages)
        return "".join((*spelled, self.begin))
