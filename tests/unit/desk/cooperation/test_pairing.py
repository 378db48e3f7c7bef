# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Statements that are signed but absurd: each has one outcome, and spoils no other's match."""

import datetime as dt
from collections.abc import Mapping

import pytest

from comity.desk.cooperation.cooperating import Who, board_of
from comity.desk.cooperation.pairing import Asked, makers_of, match_sheet
from comity.desk.cooperation.sheet import MatchSheet
from comity.desk.log.shelf import MemoryShelf, Said
from comity.evidence.afterwards import Withdrawal
from comity.exposure.cooperate.match import Method
from comity.exposure.cooperate.matter import Matter, Need, Offer, Project
from comity.exposure.cooperate.statement import to_need_json, to_offer_json, to_project_json
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_posix
from comity.kernel.localtext import LocalText
from comity.kernel.reference import Reference
from comity.ledger.statement import Statement, Subject, to_predicate_type

DAY = dt.date(2027, 1, 15)
SEATS = {"br": "BRA", "kh": "KHM", "sg": "SGP"}
PLACES = Matter(
    title=LocalText(by_tag={"en": "Places"}), what="training places", sector="any",
    amount=20, unit="places",
)  # fmt: skip


def member(name: str) -> MemberId:
    """Return the id of a member by its name here."""
    return MemberId(sha256(name.encode()).hex())


def matter(**said: object) -> Matter:
    """Return the usual places, but for what is said."""
    fields = {name: getattr(PLACES, name) for name in PLACES.__dataclass_fields__}
    return Matter(**{**fields, **said})


class Logs:
    """The logs of a few members, written one statement after another."""

    def __init__(self) -> None:
        self.said: list[Said] = []

    def say(
        self,
        name: str,
        kind: str,
        predicate: Mapping[str, Json],
        *,
        doubt: str = "",
        about: Digest | None = None,
    ) -> Reference:
        """Let a member say something, a second after the last."""
        index = len(self.said)
        issued = f"2027-01-01T00:00:{index:02}Z"
        reference = Reference(
            log=Origin(f"{name}.example/log"), index=index, sha256=sha256(f"{index}".encode())
        )
        statement = Statement(
            predicate_type=to_predicate_type(kind),
            predicate={**predicate, "issued": issued},
            subjects=() if about is None else (Subject.of(about),),
        )
        self.said.append(
            Said(
                reference=reference,
                member=member(name),
                statement=statement,
                is_counted=True,
                doubt=doubt,
            )
        )
        return reference

    def withdraw(self, name: str, of: Reference) -> None:
        """Let a member take something back, whosever it is."""
        predicate = Withdrawal(issued=from_posix(0), of=of, reason="Gone.").to_predicate()
        self.say(name, "withdrawal", predicate, about=of.sha256)

    def offer(self, name: str, *, doubt: str = "", **said: object) -> Reference:
        """Let a member offer places."""
        return self.say(name, "offer", to_offer_json(Offer(matter=matter(**said))), doubt=doubt)

    def need(self, name: str, **said: object) -> Reference:
        """Let a member need places."""
        return self.say(name, "need", to_need_json(Need(matter=matter(**said))))

    def match(
        self, method: Method = "stable", keys: Mapping[str, bytes] | None = None
    ) -> MatchSheet:
        """Match them, as anybody does who follows them all."""
        own = {name: name.encode() for name in SEATS} | dict(keys or {})
        who = {
            member(name): Who(name=name, seat=seat, keys=frozenset({own[name]}))
            for name, seat in SEATS.items()
        }
        return match_sheet(Asked(on=DAY, method=method), MemoryShelf(self.said), who)


def pairs(sheet: MatchSheet) -> list[tuple[str, str, int | None]]:
    """Return who meets whose need, with how much."""
    return sorted(
        (one.need.standing.by, one.offer.standing.by, one.amount) for one in sheet.pairs
    )


@pytest.mark.parametrize("method", ["stable", "coverage"])
def test_an_absurd_offer_meets_needs_and_no_more(method: Method) -> None:
    """10^15 places are taken at their word: everybody gets what it asked for."""
    logs = Logs()
    logs.offer("br", amount=10**15)
    logs.need("kh")
    logs.need("sg", amount=7)

    sheet = logs.match(method)
    assert pairs(sheet) == [("kh", "br", 20), ("sg", "br", 7)]
    assert sheet.spare[0].left == 10**15 - 27


def test_an_absurd_need_takes_nothing_where_it_cannot_be_met() -> None:
    """Coverage gives all or nothing; stable gives by the offer's own order, not by size."""
    logs = Logs()
    logs.offer("br", amount=30)
    logs.need("kh", amount=10**15)
    logs.need("sg", amount=7, goals=("4.4",))

    assert pairs(logs.match("coverage")) == [("sg", "br", 7)]
    logs.offer("br", amount=8, goals=("4.4",))
    assert ("sg", "br", 7) in pairs(logs.match("stable"))


def test_one_does_not_meet_ones_own_need_under_another_name() -> None:
    """Two ids that sign with one key are one: in the reasons, too."""
    logs = Logs()
    logs.offer("br")
    logs.need("kh")

    assert pairs(logs.match()) == [("kh", "br", 20)]
    shared = logs.match(keys={"kh": b"same", "br": b"same"})
    assert shared.pairs == ()
    assert shared.alone[0].reasons[0][1] == ("they are of the same member",)


def test_members_that_share_keys_are_one_however_far() -> None:
    """One shares with the second, the second with the third; a fourth shares with nobody."""
    a, b, c, d = (member(name) for name in "abcd")
    keys = {a: {b"1"}, b: {b"1", b"2"}, c: {b"2"}, d: {b"3"}}
    who = {one: Who(name="", seat="", keys=frozenset(held)) for one, held in keys.items()}

    found = makers_of(who)
    assert found[a] == found[b] == found[c] != found[d]
    assert len(makers_of({a: Who(name="", seat=""), b: Who(name="", seat="")})) == 2


def test_an_offer_said_twice_is_there_once() -> None:
    """Repeating oneself makes no place; other words, or another member, do."""
    logs = Logs()
    first = logs.offer("br")
    logs.offer("br")
    logs.need("kh", amount=60)
    assert pairs(logs.match()) == [("kh", "br", 20)]

    logs.offer("br", title=LocalText(by_tag={"en": "More places"}))
    logs.offer("sg")
    assert [amount for _, _, amount in pairs(logs.match())] == [20, 20, 20]
    assert len(board_of(MemoryShelf(logs.said), {}).offers) == 3

    logs.withdraw("br", first)
    assert [amount for _, _, amount in pairs(logs.match())] == [20, 20, 20]


def test_only_who_said_it_takes_it_back() -> None:
    """A rival's withdrawal of another's offer is no withdrawal."""
    logs = Logs()
    offered = logs.offer("br")
    logs.need("kh")
    logs.withdraw("sg", offered)
    assert pairs(logs.match()) == [("kh", "br", 20)]

    logs.withdraw("br", offered)
    assert logs.match().pairs == ()


def test_who_told_two_stories_is_paired_with_nobody() -> None:
    """From where they part; what it said before stands."""
    logs = Logs()
    logs.offer("br", amount=5)
    logs.offer("br", amount=15, doubt="the log told two stories")
    logs.need("kh")

    assert pairs(logs.match()) == [("kh", "br", 5)]
    assert len(board_of(MemoryShelf(logs.said), {}).offers) == 1


def test_what_is_over_says_so() -> None:
    """On its last day it stands; the day after it is over."""
    logs = Logs()
    logs.offer("br", until=DAY)
    logs.offer("sg", until=DAY - dt.timedelta(days=1))
    logs.need("kh", amount=40)

    sheet = logs.match()
    assert pairs(sheet) == [("kh", "br", 20)]
    reasons = {row.standing.by: why for row, why in sheet.alone[0].reasons}
    assert reasons == {"br": (), "sg": ("it is over",)}


def test_two_that_need_what_the_other_offers_are_paired_both_ways() -> None:
    """A circle of help is two pairs, and ends there."""
    logs = Logs()
    for name in ("br", "kh"):
        logs.offer(name)
        logs.need(name)

    assert pairs(logs.match()) == [("br", "kh", 20), ("kh", "br", 20)]


def test_a_place_that_is_none_is_for_nobody() -> None:
    """A code that no state has meets no need of a state."""
    logs = Logs()
    logs.offer("br", markets=("ZZZ",))
    logs.need("kh")

    assert logs.match().alone[0].reasons[0][1] == ("it is for other states",)


def test_what_cannot_be_read_is_passed_over() -> None:
    """A malformed statement is no statement of its kind, and blocks none."""
    logs = Logs()
    logs.say("sg", "offer", {"title": {"en": "x"}, "amount": -1})
    cycle: Json = [
        {"layer": "data", "name": "a", "upstream": [{"name": "b"}]},
        {"layer": "data", "name": "b", "upstream": [{"name": "a"}]},
    ]
    logs.say("sg", "offer", {**to_offer_json(Offer(matter=PLACES)), "materials": cycle})
    logs.offer("br")
    logs.need("kh")

    assert pairs(logs.match()) == [("kh", "br", 20)]


def test_a_project_may_cite_itself_or_what_is_no_offer_and_is_shown_with_that() -> None:
    """What a citation finds is of another kind: it is not here as what it is called."""
    logs = Logs()
    need = logs.need("kh")
    own = Reference(log=Origin("kh.example/log"), index=1, sha256=sha256(b"1"))
    project = Project(
        title=PLACES.title, kind="joint", parties=("kh",), status="planned",
        offers=(need, own), needs=(need,), systems=(),
    )  # fmt: skip
    assert logs.say("kh", "project", to_project_json(project)) == own

    (row,) = board_of(MemoryShelf(logs.said), {}).projects
    words = [word for _, word in row.rests_on]
    assert words == ["offer that is not here", "offer that is not here", "need"]
