# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from collections.abc import Callable

import pytest

from comity.errors import Fault
from comity.law.condition import And, Cmp, Condition, Gap, Has, In, Is, Not, Or, Ref

Read = Callable[[str], Condition]
Faults = Callable[[str], tuple[Fault, ...]]

CASES: list[tuple[str, Condition]] = [
    ("biometric", Is("biometric")),
    ("not biometric", Not(Is("biometric"))),
    ("sector is health", In("sector", ("health",))),
    ("sector is not health", Not(In("sector", ("health",)))),
    ("sector is one of [other, health]", In("sector", ("health", "other"))),
    ("sector is not one of [other]", Not(In("sector", ("other",)))),
    ("generates has text", Has("generates", ("text",))),
    ("generates has any of [text, audio]", Has("generates", ("audio", "text"))),
    ("generates has all of [text, audio]", Has("generates", ("audio", "text"), every=True)),
    ("generates has all of [text]", Has("generates", ("text",))),
    ("generates has none of [text]", Not(Has("generates", ("text",)))),
    ("training_compute at least 10^25 FLOP", Cmp("training_compute", True, 10**25)),  # noqa: FBT003
    ("training_compute more than 10^25 FLOP", Cmp("training_compute", True, 10**25 + 1)),  # noqa: FBT003
    ("training_compute at most 10^25 FLOP", Cmp("training_compute", False, 10**25 + 1)),  # noqa: FBT003
    ("staff below 10", Cmp("staff", False, 10)),  # noqa: FBT003
    ("placed_on_market before 2026-08-02", Cmp("placed_on_market", False, dt.date(2026, 8, 2))),  # noqa: FBT003
    ("placed_on_market after 2026-08-01", Cmp("placed_on_market", True, dt.date(2026, 8, 2))),  # noqa: FBT003
    ("placed_on_market on or before 2026-08-01",
     Cmp("placed_on_market", False, dt.date(2026, 8, 2))),  # noqa: FBT003
    ("placed_on_market at least 6 months after released_on",
     Gap("placed_on_market", "released_on", 6, "month")),
    ("released_on at least 30 day before placed_on_market",
     Gap("placed_on_market", "released_on", 30, "day")),
    ("placed_on_market below 1 year after released_on",
     Not(Gap("placed_on_market", "released_on", 1, "year"))),
    ("placed_on_market on or after released_on",
     Gap("placed_on_market", "released_on", 0, "day")),
    ("placed_on_market before released_on",
     Not(Gap("placed_on_market", "released_on", 0, "day"))),
    ("eu.act.scope", Ref("eu.act.scope")),
    ("biometric or watermarks and is_ai_system",
     Or((Is("biometric"), And((Is("watermarks"), Is("is_ai_system")))))),
    ("(biometric or watermarks) and is_ai_system",
     And((Or((Is("biometric"), Is("watermarks"))), Is("is_ai_system")))),
    ("not (biometric or watermarks)", Not(Or((Is("biometric"), Is("watermarks"))))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "meant"), CASES, ids=[text for text, _ in CASES])
def test_words_mean_one_condition(condition: Read, text: str, meant: Condition) -> None:
    """The grammar in docs/reference/pack-language.md, case by case."""
    assert condition(text) == meant


FAULTS = [
    ("biometrc", 10, "no fact or definition is named", "biometric"),
    ("eu.x.scop", 10, "no fact or definition is named", None),
    ("sector is helth", 20, "is not a value of 'sector'", "health"),
    ("generates has any of [txt]", 32, "is not a value of 'generates'", "text"),
    ("generates is text", 20, "'generates' is a set", None),
    ("sector has health", 17, "'sector' is a enum", None),
    ("staff is 5", 16, "'staff' is a number", None),
    ("placed_on_market is 5", 27, "'placed_on_market' is a date", None),
    ("training_compute at least 10^25", 36, "the unit is missing", None),
    ("training_compute at least 5 person", 38, "does not convert exactly", None),
    ("staff more than 5", 16, "declares no step", None),
    ("staff at least 1e999", 25, "is not a number of at most 60 digits", None),
    ("placed_on_market before 2026-02-30", 34, "no calendar has the day", None),
    ("placed_on_market at least 2 moon after released_on", 36, "no whole number of day", None),
    ("placed_on_market at least 0.5 month after released_on", 36, "no whole number", None),
    ("placed_on_market at least 2 month after releasd_on", 50, "no date fact", "released_on"),
    ("placed_on_market at least 2 month released_on", 44, "expected after or before", None),
    ("(biometric", 20, "expected ')'", None),
    ("biometric and", 23, "expected a fact or a definition", None),
    ("biometric biometric", 20, "one word too many", None),
    ("( " * 12 + "biometric" + " )" * 12, 32, "more than 10 levels deep", None),
    ("not " * 12 + "biometric", 54, "more than 10 levels deep", None),
]


@pytest.mark.parametrize(("text", "column", "message", "near"), FAULTS)
def test_a_slip_is_named_with_its_place(
    when_faults: Faults, text: str, column: int, message: str, near: str | None
) -> None:
    """Whoever encodes a law is no programmer and must find the word."""
    faults = when_faults(text)
    assert len(faults) == 1
    assert (faults[0].source, faults[0].line, faults[0].column) == ("x.md", 12, column)
    assert message in faults[0].message
    assert faults[0].near == near


def test_every_unknown_name_of_a_condition_is_named(when_faults: Faults) -> None:
    """One run of the checker, all the slips."""
    faults = when_faults("biometrc and (watermrks or generates has any of [txt, imge])")
    assert [fault.near for fault in faults] == ["biometric", "watermarks", "text", "image"]
