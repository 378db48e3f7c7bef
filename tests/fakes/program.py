# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programs that answer line by line and misbehave in one way each, written as Python."""

import sys

from comity.assess.subjects.process import Process

GREETS = """\
import json, os, sys, time, signal
def say(text): print(json.dumps({"answer": text}), flush=True)
def lines():
    for number, line in enumerate(sys.stdin):
        if number == 0 and "Good morning." in line: say("hello")
        else: yield json.loads(line)
"""


def program(body: str, *, greets: bool = True, **more: object) -> Process:
    """Return a program; *body* may use `say` and `lines`, the greeting being answered."""
    source = (GREETS if greets else "") + body
    return Process(command=(sys.executable, "-c", source), label="a test program", **more)  # type: ignore[arg-type] # each test gives what it needs
