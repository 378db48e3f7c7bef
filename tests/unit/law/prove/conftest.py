# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Three small regimes that collide in every way the prover knows."""

import pytest

from comity.law.block import Document
from comity.law.pack import Library
from comity.law.read import read_library

TEXTS = '\n  label "L"\n  question "Q"\n  means "M"\n'
WORDS = f"""\
```comity
fact asked_on date{TEXTS}
fact markets set [EU, CHN, BRA]{TEXTS}
fact online bool{TEXTS}
fact personal bool{TEXTS}
fact logs_personal bool{TEXTS}
  guard online
fact sector enum [finance, health, other]{TEXTS}
fact users number person step 1{TEXTS}
fact launched date{TEXTS}
fact changed date{TEXTS}

axiom personal_logs
  when    logs_personal
  implies personal

conduct logs number day
  label "Keep logs" zh "留存日志"
  means "So long."
  divisible place

conduct erased bool
  label "Erase logs"
  means "As soon as they have served."
  divisible place

conduct weights bool
  label "Publish weights"
  means "For all to see."

conduct encrypted bool
  label "Encrypt logs"
  means "At rest."
  divisible design

conduct route enum [self, body]
  label "Who assesses"
  means "The assessor."

conduct stored set [EU, CHN, BRA]
  label "Where data lie"
  means "The place."
  divisible place

conduct notice number hour
  label "Report incidents"
  means "Within so long."

conduct strong bool
  label "Encrypt strongly"
  means "With no way round."
  entails encrypted

exclusion kept_and_erased
  when     logs_personal
  together logs at least 100 day
  together erased
  because  "What is erased is not kept." zh "删除者不存。"
```
"""


def norm(name: str, *clauses: str) -> str:
    """Write a norm."""
    lines = "".join(f"\n  {clause}" for clause in clauses)
    cite = f"Art. {name.rsplit('.', maxsplit=1)[-1]}"
    return (
        f'\nnorm {name}\n  title "{name}"\n  who [provider, deployer]{lines}\n  cite "{cite}"'
        '\n  basis text\n  source "S"\n'
    )


def pack(name: str, market: str, *entries: str, status: str = "binding") -> str:
    """Write a pack."""
    head = f'pack {name}\n  title "T"\n  market {market}\n  status {status}\n'
    return f"```comity\n{head}  version 2026-11-21\n{''.join(entries)}\n```\n"


EU = pack(
    "eu.x", "EU",
    norm("eu.x.erase", "must erased", "when personal", "unless sector is health"),
    norm("eu.x.weights", "must weights", "when online", "from 2026-01-01"),
    norm("eu.x.notice", "must notice at most 72 hour", "when online"),
    norm("eu.x.stored", "must stored within EU", "when personal"),
    norm("eu.x.long", "must encrypted", "when online and sector is finance"),
    norm("eu.x.route", "must route is self", "when users at least 10 person"),
    norm("eu.x.may", "may weights"),
)  # fmt: skip
CHN = pack(
    "chn.x", "CHN",
    norm("chn.x.logs", "must logs at least 184 day", "when online"),
    norm("chn.x.weights", "must not weights", "when users at least 1000 person"),
    norm("chn.x.notice", "must notice at most 24 hour", "when online"),
    norm("chn.x.stored", "must stored has CHN", "when personal"),
    norm("chn.x.small", "must not route is self", "when users below 10 person"),
    norm("chn.x.old", "must not weights", "when online", "until 2025-01-01"),
)  # fmt: skip
BRA = pack(
    "bra.x",
    "BRA",
    norm("bra.x.open", "must not encrypted", "when online"),
    norm("bra.x.should", "should not logs at least 90 day", "when online"),
    status="soft",
)


@pytest.fixture(scope="session")
def library() -> Library:
    """Return the three regimes."""
    texts = {"vocabulary/x.md": WORDS, "eu/x.md": EU, "chn/x.md": CHN, "bra/x.md": BRA}
    return read_library([Document(name=name, text=text) for name, text in texts.items()])
