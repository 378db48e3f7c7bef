# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""CPU-seconds to check one finding offline from its dossier, by items opened.

Goal: 150 opened items of a 10,000-item bank in at most 0.5 s. Two programs: Comity's own, and
the verifier in one file, whose Ed25519 is Python's own arithmetic and counted apart.
"""

import sys
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.fakes import federation as fakes

from comity.desk.assessment.planning import Ask
from comity.desk.finding.verification import assemble, verify_dossier
from comity.files.dossier import from_bytes, to_bytes
from comity.verifier import comity_verify

CATEGORIES = tuple(f"c{number:02d}" for number in range(40))
PER_CATEGORY = 250
ROUNDS = 5


def main() -> None:
    """Print one row for each number of categories tested."""
    fakes.CATEGORIES, fakes.PER_CATEGORY = CATEGORIES, PER_CATEGORY
    print(f"bank of {len(CATEGORIES) * PER_CATEGORY:,} items; CPU-s, best of {ROUNDS}")
    print(f"{'':>19} {'comity verify':>15} {'one file, Python alone':>35}")
    heads = ("all", "all", "signatures", "openings, draw")
    print(f"{'opened':>8} {'bytes':>10}" + "".join(f" {head:>15}" for head in heads))
    for tested in (1, 4, 16, 40):
        opened, encoded = dossier(tested)
        alone, signed, drawn = alone_in(encoded)
        spent = best(partial(check, encoded))
        row = "".join(f" {one:>15.3f}" for one in (spent, alone, signed, drawn))
        print(f"{opened:>8,} {len(encoded):>10,}{row}")


def alone_in(encoded: bytes) -> tuple[float, float, float]:
    """Return the one file's CPU time: all of it, the signatures, openings and draw."""

    def whole() -> None:
        comity_verify.CHECKED.clear()
        comity_verify.verify(encoded)

    def signatures() -> None:
        comity_verify.CHECKED.clear()
        comity_verify.open_dossier(encoded)

    opened = comity_verify.open_dossier(encoded)
    test = comity_verify.Test(opened, opened.finding)

    def openings() -> None:
        for one in (comity_verify.check_transcript, comity_verify.check_draw):
            assert next(one(test), None) is None
        assert next(comity_verify.check_items(test), None) is None

    return best(whole), best(signatures), best(openings)


def dossier(tested: int) -> tuple[int, bytes]:
    """Return how many items one test opened, and its dossier."""
    fakes.ASK = Ask(
        threshold=Fraction(9, 10), goal=Fraction(97, 100), categories=CATEGORIES[:tested]
    )
    with TemporaryDirectory() as folder:
        town = fakes.Federation(Path(folder))
        for name, (role, jurisdiction) in fakes.MEMBERS.items():
            town.found(name, role, jurisdiction)
        town.publish(*town.nodes.values())
        plan = town.planned()
        town.reveal(plan)
        test = town.gathered(town.br, town.test(plan))
        encoded = to_bytes(assemble(town.br, test))
        town.close()
    return len(test.case.bundle.records), encoded


def check(encoded: bytes) -> None:
    """Read a dossier and verify all of it."""
    verify_dossier(from_bytes(encoded))


def best(work: Callable[[], object]) -> float:
    """Return the least CPU time of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
