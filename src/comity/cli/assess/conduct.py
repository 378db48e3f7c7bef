# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One run as the command line conducts it: forecast, table, page, and a brake within reach."""

import time
from contextlib import ExitStack

from comity.assess.run.brake import Brake
from comity.assess.run.runner import LEAST_WINDOW, Manner, Result
from comity.assess.subjects.subject import Subject
from comity.cli.assess.forecast import forecast_facts, tell_forecast
from comity.cli.assess.manner import MannerOption, find_page
from comity.cli.assess.rules import find_rate
from comity.cli.assess.watch import Watcher, stoppable
from comity.cli.session import Telling
from comity.desk.assessment.forecasting import forecast_run
from comity.desk.assessment.judging import to_judge
from comity.desk.assessment.testing import run_test
from comity.desk.log.citation import short
from comity.desk.log.shelf import Said
from comity.evidence.plan import plan_from_predicate
from comity.files.judge import read_judge
from comity.node.node import Node


class Conducted:
    """One run: what it shows, and what it found out before the first question."""

    def __init__(
        self, node: Node, said: Said, telling: Telling, option: MannerOption, *, width: int
    ) -> None:
        self._node, self._said, self._telling, self._option = node, said, telling, option
        self._plan = plan_from_predicate(said.statement.predicate)
        designs = {name: self._plan.design_of(name) for name in self._plan.categories}
        self._watcher = Watcher(telling, designs)
        self._brake = Brake(None if option.forecast else self._watcher.heard)
        self._manner = Manner(
            width=width,
            least=1 if option.thrift else LEAST_WINDOW,
            abreast=option.abreast,
            rate=None if option.rate is None else find_rate(option.rate),
            ready=self._ready,
            brake=self._brake,
        )
        file = None if option.judge is None else read_judge(option.judge)
        self._judge = None if file is None else to_judge(file, self._plan)
        self.facts: dict[str, object] = {}

    def run(self, subject: Subject) -> Result:
        """Ask what is due, until it is over or stopped."""
        with ExitStack() as stack:
            stack.enter_context(self._watcher)
            stack.enter_context(stoppable(self._brake))
            self._open_page(stack)
            return run_test(
                self._node,
                self._said.reference,
                subject,
                progress=self._watcher.take,
                manner=self._manner,
                judge=self._judge,
            )

    def _ready(self, latency_s: float) -> None:
        """Say what the run will take; where only that was wanted, ask nothing."""
        found = forecast_run(
            self._node,
            self._plan,
            self._watcher.board.standing(time.monotonic()),
            self._manner,
            latency_s=latency_s,
            price=self._option.price,
        )
        self.facts["forecast"] = forecast_facts(found, latency_s)
        tell_forecast(self._telling, found, latency_s, self._option.price)
        if self._option.forecast:
            self._brake.pull()
        else:
            self._watcher.begin(found.by_category)

    def _open_page(self, stack: ExitStack) -> None:
        page = None if self._option.page is None else find_page(self._option.page)
        if page is None or self._option.forecast:
            return
        from comity.web.live import served  # noqa: PLC0415 - only who wants the page pays for it

        board = self._watcher.board
        title = f"Test {short(self._said)}"
        url = stack.enter_context(
            served(*page, title, lambda: board.standing(time.monotonic()))
        )
        self._telling.say(f"page: {url}", style="bold")
