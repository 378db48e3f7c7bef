# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from tests.fakes.regimes import determined

from comity.law.determine import rule_on
from comity.law.fact import Silence
from comity.law.measure.ask import Ask, owed_by
from comity.law.norm import Role
from comity.law.situation import situation_of


def _norms(asks: tuple[Ask, ...]) -> set[str]:
    return {ask.norm.name for ask in asks}


def test_only_what_binds_now_is_a_duty() -> None:
    """A permission, a bill, soft law, what is over and what is to come are none."""
    owed = owed_by(determined("EU", "CHN", "BRA"))
    assert _norms(owed.duties) == {
        "eu.one.logs", "eu.one.mark", "eu.one.lies", "eu.one.care", "chn.one.logs",
        "chn.one.mark", "chn.one.young", "chn.one.notice", "bra.one.notice",
        "bra.one.weights",
    }  # fmt: skip
    assert owed.advice == owed.permitted == ()


def test_what_is_to_come_is_a_duty_where_asked_for() -> None:
    """Whoever plans ahead plans once."""
    assert _norms(owed_by(determined("EU")).later) == {"eu.one.later"}
    coming = owed_by(determined("EU"), coming=True)
    assert "eu.one.later" in _norms(coming.duties)
    assert coming.later == ()


def test_what_cannot_be_told_is_no_duty_and_not_forgotten() -> None:
    """Unknown is not no."""
    owed = owed_by(determined("CHN", users=Silence.NOT_KNOWN))
    assert _norms(owed.doubtful) == {"chn.one.crowd"}
    assert owed.doubtful[0].unsettled == ("users",)


def test_recommendations_and_permissions_are_gathered_where_asked_for() -> None:
    """They bind nobody; a bill is not even a recommendation."""
    owed = owed_by(determined("CHN", "BRA"), soft=True)
    assert _norms(owed.advice) == {"bra.soft.watermark", "bra.soft.lies"}
    assert _norms(owed.permitted) == {"chn.one.may"}


def test_a_norm_that_binds_in_two_roles_asks_once() -> None:
    """One measure meets it in both."""
    situation = determined("BRA").situation
    both = situation_of(
        situation.library, situation.profile, markets=("BRA",), on=situation.on,
        roles=(Role.PROVIDER, Role.DEPLOYER),
    )  # fmt: skip
    owed = owed_by(rule_on(both))
    (notice,) = (ask for ask in owed.duties if ask.norm.name == "bra.one.notice")
    assert notice.roles == (Role.PROVIDER, Role.DEPLOYER)
