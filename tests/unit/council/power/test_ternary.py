# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import comb

from hypothesis import assume, given, settings
from tests.fakes.coalition import hall, seats_of
from tests.laws.test_power import RULES, halls

from comity.council.power.game import compile_game
from comity.council.power.ternary import Ternary, heeding, measure_ternary
from comity.council.rule.decide import decide
from comity.council.rule.floor import Answer, Base, Floor
from comity.council.rule.rule import AGAINST, All, Leaf, Not, Number, Rule, Share

CHOICES = (Answer.YES, Answer.ABSTAIN, Answer.NO)
TWO_THIRDS = Leaf(need=Share(of=Base.YES_AND_NO, least=Fraction(2, 3)))
NO_VETO = Not(part=Leaf(need=Number(least=1), count=AGAINST, within="p"))
NINE = Leaf(need=Number(least=9))


def _measured(rule: Rule, floor: Floor) -> Ternary | None:
    return measure_ternary(rule, floor, compile_game(rule, floor, seats_of(floor)))


def _by_hand(rule: Rule, floor: Floor) -> dict[str, tuple[Fraction, Fraction]] | None:
    """Decide every vote of three choices, as the tally would; None where a yes can hurt."""
    seats = seats_of(floor)
    won = {
        said: decide(rule, replace(floor, answers=dict(zip(seats, said, strict=True)))).passed
        for said in product(CHOICES, repeat=len(seats))
    }
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for at, seat in enumerate(seats):
        turned = [0, 0]
        for said in won:
            if said[at] is Answer.YES:
                yes, abstains, no = (
                    won[(*said[:at], choice, *said[at + 1 :])] for choice in CHOICES
                )
                if yes < abstains or abstains < no:
                    return None
                turned[0] += yes - abstains
                turned[1] += abstains - no
        total = 3 ** (len(seats) - 1)
        found[seat] = (Fraction(turned[0], total), Fraction(turned[1], total))
    return found


@given(rule=RULES, floor=halls())
@settings(max_examples=40, deadline=None)
def test_three_choices_are_counted_as_the_tally_decides_them(rule: Rule, floor: Floor) -> None:
    """The tally is the meaning of a rule; a measure of power must not have one of its own."""
    assume(len(floor.seats) <= 5)
    found, expected = _measured(rule, floor), _by_hand(rule, floor)

    told = found and {seat: (one.by_yes, one.by_no) for seat, one in found.voices.items()}
    assert told == expected


def test_a_veto_is_worth_twice_an_elected_seat_once_abstaining_is_no_veto() -> None:
    """Of yes and no only it is worth ten times: that is what leaving abstention out hides."""
    floor = hall([1] * 15, {"p": range(5)})
    found = _measured(All(parts=(NINE, NO_VETO)), floor)
    assert found is not None

    def votes(least: int, permanent: int, elected: int) -> int:
        """Count votes with exactly *least* yes, no permanent no; by binomials."""
        return sum(
            comb(permanent, own) * comb(elected, least - own) * 2 ** (elected - least + own)
            for own in range(permanent + 1)
            if 0 <= least - own <= elected
        )

    total = 3**14
    permanent, elected = found.voices["S0"], found.voices["S14"]
    assert permanent.by_yes == Fraction(votes(8, 4, 10), total)
    assert permanent.by_no == Fraction(sum(votes(n, 4, 10) for n in range(9, 15)), total)
    assert elected.by_yes == Fraction(votes(8, 5, 9), total)
    assert elected.by_no == 0
    assert 2 < permanent.banzhaf / elected.banzhaf < Fraction(21, 10)
    assert found.decisiveness == Fraction(sum(votes(n, 5, 10) for n in range(9, 16)), 3**15)


def test_a_body_too_large_for_64_bits_is_counted_exactly() -> None:
    """Three to the 60th does not fit, and a wrapped figure would look like any other."""
    floor = hall([1] * 60)
    found = _measured(TWO_THIRDS, floor)
    assert found is not None
    adopted = sum(
        comb(60, yes) * comb(60 - yes, no)
        for yes in range(1, 61)
        for no in range(61 - yes)
        if 2 * no <= yes
    )
    assert found.decisiveness == Fraction(adopted, 3**60)


def test_members_too_different_to_list_are_not_measured() -> None:
    """Fifteen weights that all differ have fourteen million votes; it says so instead."""
    rule = replace(TWO_THIRDS, by="w")
    assert _measured(rule, hall([2**at for at in range(15)])) is None
    assert _measured(rule, hall([2**at for at in range(6)])) is not None


def test_sums_that_64_bits_do_not_hold_are_not_measured() -> None:
    """A share in millionths of weights near the limit would wrap unseen."""
    share = Share(of=Base.YES_AND_NO, least=Fraction(2**20 - 1, 2**20))
    assert _measured(Leaf(need=share, by="w"), hall([2**50, 2**50, 1])) is None


def test_a_yes_that_hurts_is_not_measured() -> None:
    """Its swings go both ways, and one figure would hide that."""
    assert _measured(Not(part=TWO_THIRDS), hall([1, 1, 1])) is None


def test_it_is_told_in_which_parts_an_abstention_is_not_a_no() -> None:
    """Of all members, not in favour is not in favour; of yes and no it is not."""
    half = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2)))
    assert tuple(heeding(half)) == ()
    assert tuple(heeding(All(parts=(half, TWO_THIRDS)))) == (TWO_THIRDS,)
    assert len(tuple(heeding(NO_VETO))) == 1
