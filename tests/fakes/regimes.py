# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Three invented regimes that agree on much, and on some things cannot be met together."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

from comity.kernel.localtext import LocalText
from comity.law.block import Document
from comity.law.conduct import Division
from comity.law.determine import Determination, rule_on
from comity.law.fact import Answer, Kind
from comity.law.measure.cost import CostTable, Effort, Rate
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile
from comity.law.read import read_library
from comity.law.situation import situation_of

ON = dt.date(2026, 11, 22)
TEXT = LocalText(by_tag={"en": "X"})

_FACTS = "".join(
    f"""
fact {head}
  label    "{name}"
  question "{name}?"
  means    "{name}"
"""
    for name, head in {
        "is_ai_system": "is_ai_system bool",
        "names_needed": "names_needed bool",
        "talks": "talks bool",
        "simulates": "simulates bool",
        "users": "users number person step 1",
        "placed_on_market": "placed_on_market date",
        "asked_on": "asked_on date",
        "markets": "markets set [EU, CHN, BRA]",
    }.items()
)
_CONDUCT = "".join(
    f"""
conduct {head}
  label "{head.partition(" ")[0]}"
  means "X"
{clauses}"""
    for head, clauses in {
        "logs number day": "  divisible place\n",
        "erased bool": "  divisible place\n",
        "identity bool": "  divisible [design, place]\n",
        "nameless bool": "  divisible [design, place]\n",
        "mark set [machine, metadata, watermark]": "",
        "route enum [self, outside]": "",
        "care bool": "",
        "minor_mode bool": "  entails care\n",
        "notice number hour": "",
        "weights bool": "",
        "lies bool": "",
    }.items()
)
_VOCABULARY = f"""
```comity
{_FACTS}
axiom talking
  when    simulates
  implies talks
{_CONDUCT}
exclusion kept_and_erased
  when     talks
  together logs at least 100 day
  together erased
  because  "What is kept is not erased."

exclusion named_and_nameless
  together identity
  together nameless
  because  "Who is known has a name."
```
"""


def _norm(name: str, asks: str, when: str = "is_ai_system", more: str = "") -> str:
    return f"""
norm {name}
  title  "{name}"
  who    [provider, deployer]
  {asks}
  when   {when}
  cite   "{name}"
  basis  text
  source "invented"
  exceptions researched
{more}"""


def _pack(market: str, name: str, status: str, *norms: str) -> Document:
    text = f"""
```comity
pack {name}
  title    "{name}"
  market   {market}
  status   {status}
  version  2026-11-21
  language en
{"".join(norms)}
```
"""
    return Document(name=f"{name}.md", text=text)


_PACKS = (
    _pack(
        "EU", "eu.one", "binding",
        _norm("eu.one.logs", "must logs at least 180 day"),
        _norm("eu.one.mark", "must mark has machine"),
        _norm("eu.one.lies", "must not lies"),
        _norm("eu.one.nameless", "must nameless", "is_ai_system and not names_needed"),
        _norm("eu.one.care", "must care"),
        _norm("eu.one.weights", "must weights", "simulates"),
        _norm("eu.one.later", "must route is self", more="  from 2027-01-01\n"),
        _norm("eu.one.over", "must route is self", more="  until 2026-09-01\n"),
    ),
    _pack(
        "CHN", "chn.one", "binding",
        _norm("chn.one.logs", "must logs at least 184 day"),
        _norm("chn.one.mark", "must mark has any of [metadata, machine]"),
        _norm("chn.one.names", "must identity", "is_ai_system and talks"),
        _norm("chn.one.young", "must minor_mode"),
        _norm("chn.one.notice", "must notice at most 4 hour"),
        _norm("chn.one.crowd", "must route is one of [self, outside]",
              "users at least 1000 person"),
        _norm("chn.one.may", "may weights"),
    ),
    _pack(
        "BRA", "bra.one", "binding",
        _norm("bra.one.erased", "must erased", "is_ai_system and talks"),
        _norm("bra.one.notice", "must notice at most 72 hour"),
        _norm("bra.one.logs", "must logs at least 30 day",
              "is_ai_system and users at least 100 person"),
        _norm("bra.one.weights", "must not weights"),
        _norm("bra.one.since", "must route is outside",
              "is_ai_system and asked_on at least 6 month after placed_on_market"),
    ),
    _pack(
        "BRA", "bra.soft", "soft",
        _norm("bra.soft.watermark", "should mark has watermark"),
        _norm("bra.soft.lies", "should lies", "is_ai_system"),
    ),
    _pack("BRA", "bra.bill", "bill", _norm("bra.bill.all", "must lies")),
)  # fmt: skip


@cache
def regimes() -> Library:
    """Return the regimes."""
    return read_library([Document(name="vocabulary.md", text=_VOCABULARY), *_PACKS])


ANSWERS: Mapping[str, Answer] = {
    "is_ai_system": True, "talks": False, "simulates": False, "names_needed": True, "users": 10,
    "placed_on_market": dt.date(2026, 11, 1),
}  # fmt: skip


def determined(*markets: str, **answers: Answer) -> Determination:
    """Determine what binds a system; the answers stand beside, or in place of, `ANSWERS`."""
    return determined_on(ON, markets, answers)


def determined_on(
    on: dt.date,
    markets: Sequence[str],
    answers: Mapping[str, Answer],
    library: Library | None = None,
) -> Determination:
    """Determine what binds a system on a day, by the regimes or by others."""
    profile = Profile(
        system="x", name=TEXT, purpose=TEXT, roles=(Role.PROVIDER,),
        answers={**ANSWERS, **answers},
    )  # fmt: skip
    return rule_on(situation_of(library or regimes(), profile, markets=markets, on=on))


COSTS = CostTable(
    about="invented",
    by_kind={
        Kind.BOOL: Rate(days=5), Kind.NUMBER: Rate(days=3), Kind.ENUM: Rate(days=4),
        Kind.SET: Rate(days=6, each=2),
    },
    by_conduct={"identity": Rate(days=20), "route": Rate(days=1, of_value={"outside": 40})},
    apart={Division.PLACE: 30, Division.DESIGN: 10},
    by_fact={
        "talks": Effort(days=7), "simulates": Effort(days=2), "names_needed": Effort(days=9),
        "users": Effort(days=1),
    },
)  # fmt: skip
