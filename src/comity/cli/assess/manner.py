# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Options that say how one run goes about its plan, and what it is forecast to take."""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cyclopts import Parameter

from comity.assess.run.crew import MAX_WORKERS
from comity.assess.run.forecast import Price
from comity.cli.assess.rules import find_rate, rate_fault
from comity.errors import Fault, InvalidDocument

_PAGE = re.compile(r"(?:(?P<host>\[[0-9a-f:]+\]|[0-9.]+|localhost):)?(?P<port>[0-9]{1,5})")


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class MannerOption:
    """How the run goes about the plan; none of it changes what the outcomes mean.

    Args:
        forecast: Say what the run will take, and ask nothing of the bank.
        price_question: What the service asks for one question, in any currency.
        price_1k_tokens: What it asks for a thousand tokens, question and answer together.
        rate: Go slower than the plan allows: at most 2/s, 60/min or 1000/h.
        thrift: Have no question on its way that a verdict may not need; slower, and no item
            is spent behind a verdict.
        abreast: Categories asked at a time.
        workers: Processes that ask; the verdict is that of one.
        engine: Where workers run: process on this machine, ray on a cluster (extra `cluster`).
        page: Show where the run stands on a page of this machine: an address such as
            127.0.0.1:8090, or a port; 0 takes a free one.
        judge: The file of the judge the plan states, where answers are to be judged; the run
            asks no other.
    """

    forecast: bool = False
    price_question: float = 0.0
    price_1k_tokens: float = 0.0
    rate: str | None = None
    thrift: bool = False
    abreast: int = 1
    workers: int = 1
    engine: Literal["process", "ray"] = "process"
    page: str | None = None
    judge: Path | None = None

    @property
    def price(self) -> Price:
        """Return what the service asks for."""
        return Price(question=self.price_question, kilo_token=self.price_1k_tokens)


NO_MANNER = MannerOption()


def check_manner(option: MannerOption) -> None:
    """Refuse what no run can do.

    Raises:
        InvalidDocument: With every fault.
    """
    faults: list[Fault] = []
    if option.rate is not None and find_rate(option.rate) is None:
        faults.append(rate_fault(option.rate))
    if not all(0 <= one < 1e6 for one in (option.price_question, option.price_1k_tokens)):
        faults.append(Fault(message="a price is not from 0 to a million"))
    if not 1 <= option.abreast <= 256:
        faults.append(Fault(message="--abreast is not from 1 to 256"))
    if not 1 <= option.workers <= MAX_WORKERS:
        faults.append(Fault(message=f"--workers is not from 1 to {MAX_WORKERS}"))
    if option.page is not None and find_page(option.page) is None:
        message = (
            f"--page {option.page!r} is no address of this machine: write 127.0.0.1:8090; "
            "others would see it without a word asked"
        )
        faults.append(Fault(message=message))
    if faults:
        raise InvalidDocument("cannot be run so", code="cli.manner", faults=faults)


def find_page(text: str) -> tuple[str, int] | None:
    """Return the loopback address and port a text says, or None."""
    found = _PAGE.fullmatch(text.strip())
    if found is None or int(found["port"]) > 65_535:
        return None
    host = (found["host"] or "127.0.0.1").strip("[]")
    if host == "localhost":
        host = "127.0.0.1"
    try:
        is_ours = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return None
    return (host, int(found["port"])) if is_ours else None
