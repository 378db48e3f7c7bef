# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from comity.exposure.cooperate.effect import Sense, effects_of, worst_of
from comity.exposure.cooperate.fit import Ask, Bid, Misfit, misfits
from comity.exposure.cooperate.match import Matching, Table, match
from comity.exposure.cooperate.matter import Matter, Need, Offer
from comity.exposure.material.bill import Bill
from comity.exposure.measure.interval import Interval, known
from comity.kernel.localtext import LocalText
from comity.kernel.material import Material

ON = dt.date(2027, 1, 15)
KHM = frozenset({"KHM"})
BASE = Matter(
    title=LocalText(by_tag={"en": "Places"}), what="training places", sector="health",
    amount=20, unit="places",
)  # fmt: skip


def bid(key: str = "o", *, by: str = "BRA", doubt: str = "", **said: object) -> Bid:
    """Return an offer; what is said replaces the usual."""
    unstated = bool(said.pop("recipients_unstated", False))
    materials = said.pop("materials", ())
    matter = replace(BASE, **said)  # type: ignore[arg-type]  # fields of a matter
    offer = Offer(matter=matter, materials=materials, recipients_unstated=unstated)  # type: ignore[arg-type]  # the same
    markets = frozenset(matter.markets) if matter.markets else None
    return Bid(key=key, by=by, seat=by, offer=offer, markets=markets, doubt=doubt)


def ask(key: str = "n", *, requires: tuple[str, ...] = (), **said: object) -> Ask:
    """Return a need of Cambodia; what is said replaces the usual."""
    matter = replace(BASE, **{"amount": 5, **said})  # type: ignore[arg-type]  # fields of a matter
    need = Need(matter=matter, requires=requires)
    return Ask(key=key, by="KHM", seat="KHM", need=need, markets=KHM)


def matched(asks: tuple[Ask, ...], bids: tuple[Bid, ...]) -> Matching:
    """Match with nothing known of dependence."""
    table = Table(
        asks=asks,
        bids=bids,
        on=ON,
        effects=lambda _, other: effects_of(other.offer, other.seat, (), KHM),
        homes=lambda _: KHM,
    )
    return match(table)


def test_like_fits_like() -> None:
    """The usual offer and the usual need."""
    assert misfits(ask(), bid(), ON) == ()


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (ask(), bid(doubt="nobody saw it"), Misfit.DOUBT),
        (ask(), bid(recipients_unstated=True), Misfit.UNSTATED),
        (ask(), bid(by="KHM"), Misfit.OWN),
        (ask(), bid(what="compute"), Misfit.SORT),
        (ask(), bid(sector="energy"), Misfit.SECTOR),
        (ask(), bid(markets=("MNG",)), Misfit.MARKET),
        (ask(), bid(until=dt.date(2026, 12, 31)), Misfit.ENDED),
        (ask(until=dt.date(2027, 2, 1)), bid(since=dt.date(2027, 3, 1)), Misfit.DAYS),
        (ask(), bid(unit="hours"), Misfit.UNIT),
        (ask(amount=None, unit=None), bid(), Misfit.AMOUNT),
        (ask(requires=("exit_clause",)), bid(terms=("open_source",)), Misfit.TERMS),
        (ask(languages=("km",)), bid(languages=("pt",)), Misfit.LANGUAGE),
    ],
    ids=lambda one: one.name if isinstance(one, Misfit) else "",
)
def test_each_reason_why_two_do_not_fit_is_named(one: Ask, other: Bid, why: Misfit) -> None:
    """Who is refused learns by what; each reason stands alone."""
    assert misfits(one, other, ON) == (why,)


def test_what_is_for_any_sector_or_in_an_unsaid_language_fits() -> None:
    """Silence refuses nobody."""
    assert misfits(ask(languages=("km",)), bid(sector="any"), ON) == ()
    assert misfits(ask(sector="Health"), bid(), ON) == ()


def test_places_and_hours_are_never_added() -> None:
    """A need of places takes nothing of an offer of hours, however large."""
    found = matched((ask(amount=30),), (bid("a"), bid("b", unit="hours", amount=900)))

    assert [(pair.bid.key, pair.amount) for pair in found.pairs] == [("a", 20)]
    assert [one.missing for one in found.alone] == [10]
    assert [(one.bid.key, one.left) for one in found.spare] == [("b", 900)]


def test_an_offer_of_unsaid_size_meets_everyone_and_says_so() -> None:
    """Nothing limits it that anybody knows of."""
    found = matched((ask("a"), ask("b", amount=99)), (bid(amount=None),))

    assert [pair.amount for pair in found.pairs] == [5, 99]
    assert not any(pair.is_counted for pair in found.pairs)


def test_more_wished_terms_come_before_less_dependence() -> None:
    """The order of preference is stated, and no weights are hidden in it."""
    terms = ("exit_clause", "local_training")
    plain = bid("a", terms=("exit_clause",))
    better = bid("b", terms=terms, materials=(_cloud("CHN"),))
    found = matched((ask(terms=terms),), (plain, better))

    assert [pair.bid.key for pair in found.pairs] == ["b"]
    assert found.pairs[0].merit.terms == terms
    assert found.spare[0].reasons == ()


def test_of_equal_terms_the_smaller_dependence_wins() -> None:
    """An offer that takes a tenth of a layer before one that may take all of it."""
    small = bid("b", materials=(_cloud("BRA", share=100_000),))
    found = match(
        Table(
            asks=(ask(),),
            bids=(bid("a", materials=(_cloud("CHN"),)), small),
            on=ON,
            effects=lambda _, other: effects_of(other.offer, "", _own(), KHM),
            homes=lambda _: KHM,
        )
    )

    assert [pair.bid.key for pair in found.pairs] == ["b"]
    assert found.pairs[0].effects[0].after == known(Fraction(1, 10))


def _cloud(law: str | None, share: int | None = None) -> Material:
    return Material(layer="cloud", name="hosting", jurisdiction=law, share_ppm=share)


def _own() -> tuple[Bill, ...]:
    return (Bill(key="k", name="k", materials=(_cloud("KHM", 1_000_000),)),)


def _foreign() -> tuple[Bill, ...]:
    materials = (_cloud("SGP", 600_000), replace(_cloud("KHM"), name="own"))
    return (Bill(key="k", name="k", materials=materials),)


def test_a_new_supplier_creates_one_dependence_and_relieves_another() -> None:
    """A fifth of the layer: SGP falls from 60 to 48 %, the newcomer rises to 20."""
    offer = Offer(matter=BASE, materials=(_cloud("BRA", 200_000),))
    created, relieved = effects_of(offer, "", _foreign(), KHM)

    assert (created.sense, created.before, created.after) == (
        Sense.CREATES, known(Fraction(0)), known(Fraction(1, 5)),
    )  # fmt: skip
    assert (relieved.jurisdiction, relieved.sense) == ("SGP", Sense.RELIEVES)
    assert (relieved.before, relieved.after) == (known(Fraction(3, 5)), known(Fraction(12, 25)))


def test_own_supply_relieves_and_creates_nothing() -> None:
    """What stands under one's own law is no dependence."""
    offer = Offer(matter=BASE, materials=(_cloud("KHM", 500_000),))
    grown, relieved = effects_of(offer, "", _foreign(), KHM)

    assert (grown.sense, relieved.sense) == (Sense.OWN, Sense.RELIEVES)
    assert worst_of((grown, relieved), KHM) == 0


def test_what_nobody_said_stays_open_and_counts_at_its_worst() -> None:
    """No bill, no share, no law: from nothing to everything, and ranked as everything."""
    offer = Offer(matter=BASE, materials=(_cloud(None),))
    (effect,) = effects_of(offer, "", (), KHM)

    assert effect.sense is Sense.MAY_DEEPEN
    assert effect.after == Interval(least=Fraction(0), most=Fraction(1))
    assert worst_of((effect,), KHM) == 1


def test_where_the_offer_is_silent_its_sort_and_seat_speak_and_say_so() -> None:
    """Compute from a member under Brazil's law is cloud under it, as an assumption."""
    compute = replace(BASE, what="compute")
    (effect,) = effects_of(Offer(matter=compute), "BRA", (), KHM)

    assert (effect.layer, effect.jurisdiction, effect.assumed) == ("cloud", "BRA", True)
    assert effects_of(Offer(matter=BASE), "BRA", (), KHM) == ()


def test_a_layer_already_under_one_law_stays_as_it_is() -> None:
    """More of the same supplier changes nothing."""
    whole = (Bill(key="k", name="k", materials=(_cloud("BRA", 1_000_000),)),)
    (effect,) = effects_of(Offer(matter=BASE, materials=(_cloud("BRA"),)), "", whole, KHM)

    assert effect.sense is Sense.KEEPS
