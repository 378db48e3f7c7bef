# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A small law of our own: one vocabulary and one pack that every test of the room reads."""

from collections.abc import Callable

import pytest

from comity.errors import Fault
from comity.law.block import Document
from comity.law.condition import Condition
from comity.law.pack import Library
from comity.law.read import read_leniently, read_library

VOCABULARY = """\
# Facts

```comity
fact is_ai_system bool
  label    "Is an AI system" zh "属于人工智能系统"
  question "Does it infer?"
  means    "Infers outputs."

fact generates set [text, image, audio]
  label    "Generates"
  question "Which kinds of content does it generate?"
  means    "Content it produces."

fact watermarks bool
  label    "Watermarks"
  question "Does it watermark what it generates?"
  means    "In every output."
  guard    generates has any of [text, image, audio]

fact sector enum [health, finance, other]
  label    "Sector"
  question "In which sector is it used?"
  means    "Mainly."

fact training_compute number FLOP step 1
  label    "Compute"
  question "How much compute trained it?"
  means    "Cumulative."

fact staff number
  label    "Staff"
  question "How many people?"
  means    "Heads."

fact placed_on_market date
  label    "Placed on the market"
  question "When was it placed on the market?"
  means    "First."

fact released_on date
  label    "Released"
  question "When was it released?"
  means    "The model."

fact biometric bool
  label    "Biometric"
  question "Does it identify people by their bodies?"
  means    "Face, gait, voice."

fact remote_biometric bool
  label    "Remote biometric"
  question "Does it identify people at a distance?"
  means    "Without their taking part."

fact asked_on date
  label    "Asked on"
  question "When is the question asked?"
  means    "Set by the question."

fact markets set [EU, CHN, BRA, WAICO]
  label    "Markets"
  question "Where is it offered?"
  means    "Set by the question."
```

```comity
axiom remote_is_biometric
  when    remote_biometric
  implies biometric

conduct marked bool
  label "Mark output"
  means "A mark."

conduct log_retention number day
  label "Keep logs"
  means "Kept so long."

conduct notice number hour
  label "Tell the authority"
  means "Within so long."

conduct place set [EU, CHN, elsewhere]
  label "Where data lie"
  means "Storage."

conduct method enum [visible, hidden]
  label "How"
  means "The way."
  entails marked
```
"""

PACK = """\
# A law

```comity
pack eu.act
  title    "An act"
  market   EU
  status   binding
  version  2026-11-21
  language en
  kind     regulation

define eu.act.scope "In scope"
  when   is_ai_system and not sector is other
  cite   "Art. 1"
  basis  text
  source "S1"

norm eu.act.2
  title  "Mark output"
  who    [provider, deployer]
  must   marked
  must   log_retention at least 180 day
  when   eu.act.scope and generates has any of [image, audio]
  unless staff below 10
  unless biometric
  from   2026-08-02
  until  2030-01-01
  cite   "Art. 2"
  basis  text
  source "S1"
  rows   EU.2.a "EU 2 b"
  exceptions researched

norm eu.act.3
  title  "Report large models"
  who    provider
  must   notice at most 24 hour
  when   eu.act.scope and training_compute more than 10^25 FLOP
  from   2027-08-02
  cite   "Art. 3"
  basis  secondary
  source "S1"

gap eu.act.g.effective
  about  eu.act.scope
  says   "What is effective, nobody says."
```
"""

SOFT = """\
```comity
pack waico.plan
  title    "A plan"
  market   WAICO
  status   soft
  version  2026-11-21

norm waico.plan.1
  title  "Keep people first"
  who    [provider, state]
  should marked
  when   is_ai_system
  cite   "Point 1"
  basis  memory
  source "S2"
```
"""


@pytest.fixture(scope="session")
def vocabulary() -> Document:
    """Return the small vocabulary, unread, for tests that write packs of their own."""
    return Document(name="vocabulary/facts.md", text=VOCABULARY)


@pytest.fixture(scope="session")
def library() -> Library:
    """Return the small law, read."""
    return read_library(
        [
            Document(name="vocabulary/facts.md", text=VOCABULARY),
            Document(name="eu/act.md", text=PACK),
            Document(name="soft/plan.md", text=SOFT),
        ]
    )


@pytest.fixture
def faults_of() -> Callable[[str], tuple[Fault, ...]]:
    """Return a reader of one pack beside the small vocabulary, that gives its faults."""

    def read(text: str) -> tuple[Fault, ...]:
        reading = read_leniently(
            [
                Document(name="vocabulary/facts.md", text=VOCABULARY),
                Document(name="x.md", text=text),
            ]
        )
        return reading.faults

    return read


HEAD = """\
```comity
pack eu.x
  title   "X"
  market  EU
  status  binding
  version 2026-11-21
"""

NORM = """\
norm eu.x.1
  title  "X"
  who    provider
  must   marked
  when   {when}
  cite   "Art. 1"
  basis  text
  source "S"
"""


@pytest.fixture
def pack_with() -> Callable[[str], str]:
    """Return a maker of the text of a pack whose entries follow a sound head."""
    return lambda entries: f"{HEAD}\n{entries}\n```\n"


@pytest.fixture
def when_faults(
    faults_of: Callable[[str], tuple[Fault, ...]], pack_with: Callable[[str], str]
) -> Callable[[str], tuple[Fault, ...]]:
    """Return a reader of one condition that gives its faults; the condition is in line 12."""
    return lambda when: faults_of(pack_with(NORM.format(when=when)))


@pytest.fixture
def condition(pack_with: Callable[[str], str]) -> Callable[[str], Condition]:
    """Return a reader of one condition, in English."""

    def read(when: str) -> Condition:
        documents = [
            Document(name="vocabulary/facts.md", text=VOCABULARY),
            Document(name="eu/act.md", text=PACK),
            Document(name="x.md", text=pack_with(NORM.format(when=when))),
        ]
        norms = read_library(documents).norms
        return next(norm.when for name, norm in norms.items() if name == "eu.x.1")

    return read
