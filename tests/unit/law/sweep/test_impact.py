# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a draft would do: newly bound, released, undetermined; counted, with the first ids."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from tests.fakes.rows import Entry, raw, register_of

from comity.kernel.digest import sha256
from comity.law.condition import And, Is, Not
from comity.law.norm import Norm, Role
from comity.law.pack import Library
from comity.law.sweep.impact import (
    ANY,
    FIRST_IDS,
    NEWLY_BOUND,
    RELEASED,
    UNDETERMINED,
    Impact,
    changed_in,
    impact_of,
    plan_impact,
)

ON = dt.date(2026, 11, 21)
WAICO_NORM = "waico.plan.1"


def _draft(library: Library, **changes: object) -> Library:
    """Change the soft norm: it asks AI systems that are biometric, unless told otherwise."""
    soft = library.packs[1]
    (norm,) = soft.norms
    changed = replace(norm, meaning=sha256(b"draft"), **changes)  # type: ignore[arg-type] # fields of a norm
    return replace(library, packs=(library.packs[0], replace(soft, norms=(changed,))))


def _impact(old: Library, new: Library, entries: list[Entry], on: dt.date = ON) -> Impact:
    plan = plan_impact(old, new, on)
    register = register_of(entries, new)
    sifted = plan.sift(raw(register))
    return impact_of(plan, plan.rule(sifted.encoded), register["id"], skipped=0)


def _entry(role: Role = Role.PROVIDER, **answers: bool) -> Entry:
    return Entry(roles=(role,), markets=None, answers=answers)


ENTRIES = [
    _entry(is_ai_system=True, biometric=True),
    _entry(is_ai_system=True, biometric=False),
    _entry(is_ai_system=True),
    _entry(is_ai_system=False),
    _entry(Role.DEPLOYER, is_ai_system=True, biometric=True),
    _entry(),
]


def test_a_narrower_norm_releases_and_leaves_open(library: Library) -> None:
    """S1 is no longer bound; of S2 it can no longer be told."""
    narrower = And((Is("is_ai_system"), Is("biometric")))
    found = _impact(library, _draft(library, when=narrower), ENTRIES).affected
    counts = {kind: found[WAICO_NORM, kind] for kind in (NEWLY_BOUND, RELEASED, UNDETERMINED)}
    assert [each.count for each in counts.values()] == [0, 1, 1]
    assert counts[RELEASED].first == ("S1",)
    assert counts[UNDETERMINED].first == ("S2",)


def test_a_wider_circle_is_newly_bound(library: Library) -> None:
    """A deployer, too; and all changed norms together say the same."""
    draft = _draft(library, who=(Role.PROVIDER, Role.STATE, Role.DEPLOYER))
    found = _impact(library, draft, ENTRIES).affected
    assert found[WAICO_NORM, NEWLY_BOUND].first == ("S4",)
    assert found[ANY, NEWLY_BOUND].count == 1


def test_a_norm_taken_away_releases_and_a_new_one_binds(library: Library) -> None:
    """Matched by ids; what was open and is no more is not among the undetermined."""
    gone = replace(library, packs=library.packs[:1])
    away = _impact(library, gone, ENTRIES).affected
    back = _impact(gone, library, ENTRIES).affected
    assert away[WAICO_NORM, RELEASED].count == back[WAICO_NORM, NEWLY_BOUND].count == 3
    assert away[WAICO_NORM, UNDETERMINED].count == 0
    assert back[WAICO_NORM, UNDETERMINED].count == 1


def test_a_norm_that_begins_later_binds_nobody_yet(library: Library) -> None:
    """Asked on that day, it does."""
    later = _draft(library, when=Is("biometric"), valid_from=dt.date(2027, 1, 1))
    now = _impact(library, later, ENTRIES).affected
    assert now[WAICO_NORM, RELEASED].count == 3
    then = _impact(library, later, ENTRIES, dt.date(2027, 1, 1)).affected
    assert then[WAICO_NORM, RELEASED].count == 1


def test_a_definition_changed_beneath_a_norm_changes_the_norm(library: Library) -> None:
    """The norm as it was still rests on the definition as it was."""
    scope = library.definitions["eu.act.scope"]
    changed = {"eu.act.scope": replace(scope, when=Not(scope.when))}
    pack = library.packs[0]
    norms = tuple(_redigested(norm) for norm in pack.norms)
    new = replace(
        library,
        packs=(replace(pack, norms=norms), *library.packs[1:]),
        definitions=changed,
    )
    entry = Entry(
        roles=(Role.PROVIDER,), markets=("EU",),
        answers={"is_ai_system": True, "sector": "health", "generates": frozenset({"image"}),
                 "staff": 50, "biometric": False},
    )  # fmt: skip
    found = _impact(library, new, [entry]).affected
    assert found["eu.act.2", RELEASED].count == 1
    assert found["eu.act.2", NEWLY_BOUND].count == 0


def _redigested(norm: Norm) -> Norm:
    return replace(norm, meaning=sha256(norm.meaning))


@pytest.mark.parametrize("cut", [0, 2, 6])
def test_parts_add_up_and_keep_the_first_ids(library: Library, cut: int) -> None:
    """However a register is cut."""
    draft = _draft(library, who=tuple(Role))
    many = [*ENTRIES, *[_entry(Role.DEPLOYER, is_ai_system=True)] * 9]
    plan = plan_impact(library, draft, ON)
    register = register_of(many, library)
    truths = plan.rule(plan.sift(raw(register)).encoded)
    whole = impact_of(plan, truths, register["id"], skipped=0)
    one = impact_of(plan, truths[:cut], register["id"][:cut], skipped=0)
    other = impact_of(plan, truths[cut:], register["id"][cut:], skipped=0)
    assert one.plus(other) == whole
    assert whole.affected[ANY, NEWLY_BOUND].count == 10
    assert len(whole.affected[ANY, NEWLY_BOUND].first) == FIRST_IDS


def test_a_draft_that_changes_nothing_compares_nothing(library: Library) -> None:
    """The desk says so."""
    plan = plan_impact(library, library, ON)
    assert changed_in(plan) == ()
    assert impact_of(plan, pl.DataFrame(), pl.Series([]), skipped=0).affected == {}


def test_only_the_markets_asked_about_are_compared(library: Library) -> None:
    """A draft of many markets, looked at from one."""
    draft = _draft(library, who=(Role.DEPLOYER,))
    assert changed_in(plan_impact(library, draft, ON, ["EU"])) == ()
    assert changed_in(plan_impact(library, draft, ON, ["WAICO"])) == (WAICO_NORM,)
