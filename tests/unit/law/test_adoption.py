# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from dataclasses import replace

import pytest

from comity.files.library import shipped_library
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.adoption import Adoption, Apart, rebind, with_adoptions
from comity.law.determine import Determination, Status, determine
from comity.law.norm import Role
from comity.law.pack import Pack, PackStatus
from comity.law.profile import Profile

FROM = dt.date(2027, 1, 1)
NAME = LocalText(by_tag={"en": "Relief"})
AGENTS = "soft.waico.chair.agents"
ADOPTION = Adoption(
    pack="soft.waico", market=MarketCode("KHM"), since=FROM,
    because="adopted by KHM through waico on 2027-01-01, statement kh.example/log#3",
)  # fmt: skip


def pack() -> Pack:
    """Return the shipped pack that is adopted."""
    return next(one for one in shipped_library().packs if one.name == "soft.waico")


def asked(*adoptions: Adoption, on: dt.date = FROM, market: str = "KHM") -> Determination:
    """Determine what binds an agent in a market."""
    profile = Profile(
        system="relief", name=NAME, purpose=NAME,
        answers={"is_ai_system": True, "acts_as_agent": True},
    )  # fmt: skip
    library = with_adoptions(shipped_library(), adoptions)
    roles = [Role.PROVIDER, Role.DEPLOYER]
    return determine(library, profile, markets=[market], on=on, roles=roles)


def adopted(found: Determination) -> dict[str, Status]:
    """Return the adopted norms that were ruled on."""
    return {ruling.norm.name: ruling.status for ruling in found.rulings if ruling.pack.adopted}


def test_nothing_is_adopted_unless_somebody_adopts() -> None:
    """The plain library is the same object, and no market gains a norm."""
    library = shipped_library()
    assert with_adoptions(library, ()) is library
    assert adopted(asked()) == {}


def test_an_adopted_norm_binds_where_it_was_adopted() -> None:
    """From the day, with who adopted it; where it came from nothing changes."""
    found = asked(ADOPTION)
    (ruling,) = [one for one in found.rulings if one.pack.adopted]
    assert (ruling.status, ruling.is_binding, ruling.market) == (Status.APPLIES, True, "KHM")
    assert ruling.norm.name == f"khm.adopts.{AGENTS}"
    assert "through waico on 2027-01-01" in ruling.pack.adopted
    assert adopted(asked(ADOPTION, market="BRA")) == {}
    at_home = asked(ADOPTION, market="WAICO")
    assert all(one.pack.status is PackStatus.SOFT for one in at_home.rulings)


def test_before_the_day_it_is_not_yet_in_force() -> None:
    """And a norm that begins later than its adoption begins then."""
    assert adopted(asked(ADOPTION, on=dt.date(2026, 12, 31))) == {
        f"khm.adopts.{AGENTS}": Status.NOT_YET_IN_FORCE
    }
    early = replace(ADOPTION, since=dt.date(2020, 1, 1))
    norm = next(one for one in rebind(pack(), early).norms if one.name.endswith(AGENTS))
    assert norm.valid_from == dt.date(2026, 7, 19)


def test_an_adoption_may_be_soft() -> None:
    """Then it speaks and does not bind."""
    found = asked(replace(ADOPTION, is_binding=False))
    assert [one.pack.status for one in found.rulings if one.pack.adopted] == [PackStatus.SOFT]


@pytest.mark.parametrize("provision", [AGENTS, "soft.waico.chair"])
def test_what_was_reserved_is_left_out(provision: str) -> None:
    """By a norm's id, or by what many ids begin with."""
    apart = Apart(provision=provision, text="Not here.", is_reserved=True)
    assert adopted(asked(replace(ADOPTION, apart=(apart,)))) == {}


def test_a_difference_stands_in_the_place_of_the_norm() -> None:
    """Until its day the norm binds, from then on what the state said."""
    apart = Apart(
        provision=AGENTS, text="Only to public services.", since=dt.date(2028, 1, 1),
        source="kh.example/log entry 2",
    )  # fmt: skip
    adoption = replace(ADOPTION, apart=(apart,))
    plain, other = f"khm.adopts.{AGENTS}", f"khm.adopts.{AGENTS}.differs"
    assert adopted(asked(adoption)) == {
        plain: Status.APPLIES, other: Status.NOT_YET_IN_FORCE,
    }  # fmt: skip
    later = asked(adoption, on=dt.date(2028, 1, 1))
    assert adopted(later) == {plain: Status.ENDED, other: Status.APPLIES}
    said = next(one.norm for one in later.rulings if one.norm.name == other)
    assert said.asks is not None
    assert said.asks.in_language("en") == "Only to public services."
    assert (said.demands, said.grounds.source) == ((), "kh.example/log entry 2")


def test_a_difference_from_the_start_leaves_only_itself() -> None:
    """The norm never bound there."""
    apart = Apart(provision=AGENTS, text="Only to public services.")
    assert adopted(asked(replace(ADOPTION, apart=(apart,)))) == {
        f"khm.adopts.{AGENTS}.differs": Status.APPLIES
    }


def test_a_norm_of_ones_own_may_stand_instead() -> None:
    """Then nothing needs to be said in its place."""
    apart = Apart(provision=AGENTS, text="", instead="khm.plans.data.rights")
    assert adopted(asked(replace(ADOPTION, apart=(apart,)))) == {}


def test_a_pack_that_is_not_held_adds_nothing() -> None:
    """Nor does the second adoption of one."""
    assert adopted(asked(replace(ADOPTION, pack="nowhere"))) == {}
    twice = with_adoptions(
        shipped_library(), [ADOPTION, replace(ADOPTION, since=FROM.replace(year=2028))]
    )
    made = [one for one in twice.packs if one.adopted]
    assert len(made) == 1
    assert "2027-01-01" in made[0].adopted


def test_an_adopted_pack_has_a_digest_of_its_own() -> None:
    """What an answer rested on must say who adopted what."""
    one = rebind(pack(), ADOPTION)
    other = rebind(pack(), replace(ADOPTION, because="adopted by KHM alone"))
    assert len({pack().digest, one.digest, other.digest}) == 3
    assert len({norm.meaning for norm in (*pack().norms, *one.norms)}) == 2 * len(pack().norms)


def test_gaps_follow_their_norms() -> None:
    """Who leans on an adopted norm leans on its gap."""
    library = with_adoptions(shipped_library(), [ADOPTION])
    names = [gap.name for gap in library.gaps_of["khm.adopts.soft.waico.ratify"]]  # type: ignore[index] # a NormId
    assert names == ["khm.adopts.soft.waico.g.text"]


def test_the_json_says_who_adopted() -> None:
    """In the list of packs and at each ruling."""
    plain = asked(ADOPTION).to_json()
    assert isinstance(plain, dict)
    assert [one["adopted"] for one in plain["packs"] if "adopted" in one] == [ADOPTION.because]
    assert [one["adopted"] for one in plain["rulings"] if "adopted" in one] == [
        ADOPTION.because
    ]
