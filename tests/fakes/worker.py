# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Subjects that stand by their name in a module, so that other processes can ask them."""

import os

from comity.assess.subjects.subject import GREETING


def right_but_for_every_fifth(prompt: str) -> str:
    """Answer as a system that is wrong of every fifth item."""
    return "no" if prompt.endswith(("4", "9")) else "yes"


def says_which_process(prompt: str) -> str:
    """Answer with the number of the process, and print what would break a worker's output."""
    print(prompt)  # noqa: T201 - what a subject prints must not reach the runner
    return str(os.getpid())


def dies(prompt: str) -> str:
    """Take the whole process along, after the greeting."""
    if prompt != GREETING:
        os._exit(3)
    return "yes"
