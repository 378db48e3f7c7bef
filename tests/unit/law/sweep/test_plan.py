# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A sweep rules on each row of a register as `determine` rules on the system by itself."""

import datetime as dt
import random
from dataclasses import replace

import polars as pl
import pytest
from tests.fakes.rows import Entry, expected, random_entries, raw, register_of

from comity.errors import InvalidDocument
from comity.files.library import shipped_library
from comity.law.condition import Not
from comity.law.norm import Role
from comity.law.pack import Library, Pack
from comity.law.sweep.plan import Plan, changed_norms, plan_rules, plan_sweep
from comity.law.sweep.tally import matrix_of

ON = dt.date(2026, 11, 21)


def rulings(plan: Plan, register: pl.DataFrame) -> list[dict[str, str] | None]:
    """Sweep a register; None for each row that is set aside."""
    sifted = plan.sift(raw(register))
    rows = iter(matrix_of(plan.rule(sifted.encoded), plan.asked).rows(named=True))
    return [next(rows) if sound else None for sound in sifted.kept]


@pytest.mark.parametrize("on", [ON, dt.date(2026, 1, 1), dt.date(2031, 5, 5)])
def test_the_small_law_is_swept_as_it_is_determined(library: Library, on: dt.date) -> None:
    """Before the law is in force, while it is, and after."""
    dice = random.Random(1)  # noqa: S311 - repeatable
    entries = random_entries(library, dice, 60)
    found = rulings(plan_sweep(library, ["EU", "WAICO"], on), register_of(entries, library))
    assert found == [expected(entry, library, ["EU", "WAICO"], on) for entry in entries]
    assert None in found


def test_every_pack_is_swept_as_it_is_determined() -> None:
    """All markets that packs are held for, axioms and guards included: 10,000 cells."""
    library = shipped_library()
    dice = random.Random(2)  # noqa: S311 - repeatable
    markets = list(dict.fromkeys(str(pack.market) for pack in library.packs))
    entries = random_entries(library, dice, 16)
    found = rulings(plan_sweep(library, markets, ON), register_of(entries, library))
    assert found == [expected(entry, library, markets, ON) for entry in entries]
    sound = [row for row in found if row is not None]
    assert sum(map(len, sound)) >= 10_000
    assert {word for row in sound for word in row.values()} == {
        "applies", "does_not_apply", "cannot_tell", "not_in_force",
    }  # fmt: skip


def _entry(**answers: bool) -> Entry:
    return Entry(roles=(Role.PROVIDER,), markets=("EU",), answers=answers)


def test_contradicting_answers_name_the_axiom_and_the_row(library: Library) -> None:
    """As a profile's would be refused."""
    plan = plan_sweep(library, ["EU"], ON)
    entries = [_entry(), _entry(remote_biometric=True, biometric=False), _entry()]
    sifted = plan.sift(raw(register_of(entries, library)))
    (fault,) = sifted.faults
    assert sifted.kept.tolist() == [True, False, True]
    assert fault.row == 1
    assert "break the axiom 'remote_is_biometric'" in fault.message


def test_a_malformed_row_and_a_contradicting_one_are_both_set_aside(library: Library) -> None:
    """Places count in the register, whatever stood aside before."""
    plan = plan_sweep(library, ["EU"], ON)
    entries = [_entry(), _entry(remote_biometric=True, biometric=False), _entry()]
    register = register_of(entries, library).with_columns(
        sector=pl.Series(["helth", None, None])
    )
    sifted = plan.sift(raw(register))
    assert [fault.row for fault in sifted.faults] == [0, 1]
    assert sifted.kept.tolist() == [False, False, True]
    assert sifted.encoded.frame.height == 1


def test_an_unknown_market_is_refused(library: Library) -> None:
    """As `determine` refuses it."""
    with pytest.raises(InvalidDocument, match="unknown market"):
        plan_sweep(library, ["XXX"], ON)


def test_a_plan_of_rules_asks_no_norm(library: Library) -> None:
    """It still closes and finds contradictions."""
    plan = plan_rules(library)
    sifted = plan.sift(raw(register_of([_entry(remote_biometric=True)], library)))
    assert plan.asked == {}
    assert sifted.encoded.frame["biometric"].to_list() == [True]
    assert plan.rule(sifted.encoded).width == 0


def _with(library: Library, pack: Pack) -> Library:
    return replace(library, packs=(pack, *library.packs[1:]))


def test_only_what_binds_otherwise_is_a_changed_norm(library: Library) -> None:
    """Another title is no change; another condition, role or day is; so is a norm gone."""
    pack = library.packs[0]
    first, second = pack.norms
    same = replace(pack, norms=(replace(first, title=second.title), second))
    assert list(changed_norms(library, _with(library, same))) == []
    for other in (
        replace(second, who=(Role.DEPLOYER,)),
        replace(second, valid_from=None),
        replace(second, valid_until=ON),
        replace(second, when=Not(second.when), meaning=first.meaning),
    ):
        changed = replace(pack, norms=(first, other))
        assert list(changed_norms(library, _with(library, changed))) == ["eu.act.3"]
    gone = replace(pack, norms=(first,))
    assert list(changed_norms(library, _with(library, gone))) == ["eu.act.3"]
