# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Members whose clocks stand still, jump back ten years, or run ahead by centuries.

No verb breaks, nothing signed contradicts, and what was said when is shown as it was claimed.
"""

import contextlib
import io
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.harbour import Harbour, roots_under
from tests.fakes.pair import PASSPHRASE

from comity.cli.app import run
from comity.kernel.instant import from_rfc3339
from comity.node.care.fsck import check_node

pytestmark = pytest.mark.long

CLOCKS = {
    "1970": "1970-01-01T00:00:00Z",
    "ten years ago": "2016-11-22T08:00:00Z",
    "before a leap second": "2016-12-31T23:59:59Z",
    "after a leap second": "2017-01-01T00:00:00Z",
    "today": "2026-11-22T09:00:00Z",
    "2038": "2038-01-19T03:14:08Z",
    "2262": "2262-04-11T23:47:17Z",
    "the last there is": "9999-12-31T23:59:59Z",
}
ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns")
VERBS = (
    "publish {}/note.json --node {}/kh", "publish {}/note.json --node {}/br",
    "node follow {}/br", "node follow {}/kh", "node peers {}/br", "node show {}/kh",
    "view show {}/br", "view diff {}/kh {}/br", "node export {}/kh {}/stick",
    "node import {}/br {}/stick", "node import {}/kh {}/stick", "verify {}/kh/public",
    "blob erasures --node {}/br", "identity show --node {}/br", "node backup {}/kh {}/copy-2",
    "identity rotate --node {}/br", "node fsck {}/kh", "node reindex {}/br",
)  # fmt: skip
STEPS = 90


class Clock:
    """The clock of this machine, set at will; it stands still until it is set anew."""

    def __init__(self) -> None:
        self.now = 0.0

    def set(self, text: str) -> None:
        """Set it."""
        self.now = from_rfc3339(text).timestamp()

    def read(self) -> float:
        """Return seconds since 1970."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Return the machine's clock, and put the time zone back after."""
    found_clock = Clock()
    monkeypatch.setenv("COMITY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(time, "time", found_clock.read)
    monkeypatch.setenv("TZ", "UTC")
    yield found_clock
    monkeypatch.undo()
    time.tzset()


def test_no_jump_of_a_clock_breaks_or_contradicts_anything(
    tmp_path: Path, dice: random.Random, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cosigning, following with a quota, carrying, rotating, backing up, checking, showing."""
    harbour = Harbour.build(tmp_path)
    harbour.renew()
    settings = harbour.work / "br/node.toml"
    settings.write_text(settings.read_text("utf-8") + "statements_a_day = 3\n", "utf-8")
    shown = roots_under(harbour.work)
    for number in range(STEPS):
        name = dice.choice(list(CLOCKS))
        clock.set(CLOCKS[name])
        monkeypatch.setenv("TZ", dice.choice(ZONES))
        time.tzset()
        words = dice.choice(VERBS).replace("{}", str(harbour.work)).split()
        said = f"step {number}: {name}, {words}"
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
        assert code in {0, 1}, f"{said}: {err.getvalue()}"
        for place, root in roots_under(harbour.work).items():
            assert shown.setdefault(place, root) == root, said
    for node in ("kh", "br"):
        assert check_node(harbour.work / node).problems == ()


def test_what_was_dated_ahead_is_shown_as_claimed_and_when_it_was_held(
    tmp_path: Path, clock: Clock
) -> None:
    """The author's date stands beside the day this node first held it, never instead of it."""
    harbour = Harbour.build(tmp_path)
    harbour.renew()
    clock.set(CLOCKS["2262"])
    assert run(f"publish {harbour.work}/note.json --node {harbour.work}/kh".split()) == 0
    clock.set(CLOCKS["today"])
    assert run(f"node follow {harbour.work}/br --no-seen".split()) == 0
    (mirror,) = (harbour.work / "br/peers").iterdir()
    lines = (mirror / "logged").read_text("utf-8").splitlines()
    assert int(lines[-1].split()[1]) == int(clock.now)
