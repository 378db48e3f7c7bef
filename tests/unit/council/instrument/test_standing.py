# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

import pytest
from tests.fakes.treaty import act, ratified, treaty

from comity.council.instrument.act import Act, Basis, Deed, Ground
from comity.council.instrument.delay import Delay
from comity.council.instrument.instrument import Exit, NotProvided, Unknown
from comity.council.instrument.standing import Membership, Standing
from comity.council.instrument.status import Status, status
from comity.kernel.truth import Truth

DAY = dt.date(2024, 1, 1)
THREE = ratified("KHM", "LAO", "BRA")


def row_of(found: Status, state: str) -> Membership:
    """Return where a state stands."""
    return next(row for row in found.members if row.state == state)


def codes(found: Status) -> list[str]:
    """Return what was flagged."""
    return [one.code for one in found.anomalies]


def test_a_signatory_is_not_bound() -> None:
    """Signing is not joining."""
    found = status(treaty(), [act("KHM", Deed.SIGNATURE, "2020-02-01")], DAY)
    assert row_of(found, "KHM").standing is Standing.SIGNATORY
    assert not row_of(found, "KHM").is_bound(DAY)


def test_a_state_that_consented_is_no_party_before_entry_into_force() -> None:
    """Vienna Convention 2(1)(f) and (g): a contracting state, not yet a party."""
    found = status(treaty(), ratified("KHM"), DAY)
    assert row_of(found, "KHM").standing is Standing.CONTRACTING


def test_ratifying_twice_counts_once_and_is_flagged() -> None:
    """Else two papers of one state could bring a treaty into force."""
    acts = (*ratified("KHM", "LAO"), *ratified("KHM", on="2021-04-01"))
    found = status(treaty(), acts, DAY)

    assert codes(found) == ["twice"]
    assert found.in_force.missing == ("1 more state",)


def test_the_same_act_from_two_sources_corroborates() -> None:
    """It is one act, and both words are shown."""
    again = act(
        "KHM", Deed.RATIFICATION, "2021-03-01",
        ground=Ground(basis=Basis.STATEMENT, source="kh.example/log entry 4"),
    )  # fmt: skip
    found = status(treaty(), (*THREE, again), DAY)

    assert codes(found) == []
    assert [one.ground.basis for one in row_of(found, "KHM").acts] == [
        Basis.TEXT, Basis.STATEMENT,
    ]  # fmt: skip


def test_a_state_that_contradicts_the_record_is_shown() -> None:
    """Both days are named; the earlier one counts."""
    own = act(
        "KHM", Deed.RATIFICATION, "2021-03-09",
        ground=Ground(basis=Basis.STATEMENT, source="kh.example/log entry 4"),
    )  # fmt: skip
    (flag,) = status(treaty(), (*THREE, own), DAY).anomalies

    assert flag.act == own
    assert "its own statement says ratification on 2021-03-09" in flag.says
    assert "the record ratification on 2021-03-01" in flag.says


@pytest.mark.parametrize("day", ["1799-12-31", "2201-01-01", "0001-01-01", "9999-12-31"])
def test_no_act_is_of_an_impossible_day(day: str) -> None:
    """A slip of the pen in another's log stops no arithmetic here."""
    found = status(treaty(opened=None), (*THREE, act("ZAF", Deed.RATIFICATION, day)), DAY)
    assert row_of(found, "KHM").standing is Standing.PARTY
    assert codes(found) == ["impossible_day"]


def test_nothing_is_before_the_opening() -> None:
    """A treaty cannot be ratified before it is there."""
    found = status(treaty(), ratified("KHM", on="2019-12-31"), DAY)
    assert codes(found) == ["before_opening"]
    assert found.members == ()


def test_acts_to_come_are_listed_and_do_not_count() -> None:
    """Asked of a day, only what was done by that day counts."""
    found = status(treaty(), ratified("KHM", on="2025-01-01"), DAY)
    assert (len(found.later), found.members) == (1, ())


def test_who_may_not_join_does_not() -> None:
    """A treaty among ten is not open to the eleventh."""
    found = status(treaty(open_to=frozenset({"KHM"})), ratified("BRA"), DAY)
    assert codes(found) == ["no_consent"]
    assert found.of(Standing.CONTRACTING) == ()


def test_an_act_that_is_no_consent_here_binds_nobody() -> None:
    """Where accession is not provided for."""
    agreement = treaty(consent=frozenset({Deed.RATIFICATION}))
    found = status(agreement, [act("KHM", Deed.ACCESSION, "2021-01-01")], DAY)
    assert "accession is no act by which" in found.anomalies[0].says


def test_where_it_is_not_known_whether_an_act_binds_it_is_in_doubt() -> None:
    """It neither counts silently nor is refused."""
    agreement = treaty(
        consent=frozenset({Deed.RATIFICATION}), unsure=frozenset({Deed.ACCESSION})
    )
    acceding = act("ZAF", Deed.ACCESSION, "2021-03-01")
    found = status(agreement, (*ratified("KHM", "LAO"), acceding), DAY)
    assert row_of(found, "ZAF").notes == (
        "in doubt: whether a state becomes bound by accession is not known",
    )
    assert found.in_force.truth is Truth.UNDETERMINED


def test_a_ratification_without_a_signature_is_in_doubt() -> None:
    """Who did not sign accedes; but the record may lack the signature."""
    signed = act("KHM", Deed.SIGNATURE, "2020-02-01")
    found = status(treaty(), (signed, *ratified("KHM", "LAO")), DAY)
    assert row_of(found, "LAO").notes == (
        "in doubt: a ratification without a signature on record",
    )
    assert row_of(found, "KHM").notes == ()


def test_a_signature_may_itself_bind() -> None:
    """Definitive signature, Vienna Convention 12."""
    agreement = treaty(consent=frozenset({Deed.SIGNATURE}))
    signed = [act(state, Deed.SIGNATURE, "2020-02-01") for state in ("KHM", "LAO", "BRA")]
    assert len(status(agreement, signed, DAY).of(Standing.PARTY)) == 3


LEFT = act("KHM", Deed.DENUNCIATION, "2022-06-01")


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2022-05-31", Standing.PARTY),
        ("2022-06-01", Standing.LEAVING),
        ("2023-05-31", Standing.LEAVING),
        ("2023-06-01", Standing.FORMER),
    ],
)
def test_who_leaves_is_bound_until_the_notice_is_over(day: str, standing: Standing) -> None:
    """Twelve months to the day."""
    found = status(treaty(), (*THREE, LEFT), dt.date.fromisoformat(day))
    assert row_of(found, "KHM").standing is standing
    assert row_of(found, "LAO").standing is Standing.PARTY


def test_entry_into_force_survives_who_leaves() -> None:
    """A treaty does not end because parties fall below the number (Vienna Convention 55)."""
    found = status(treaty(), (*THREE, LEFT), DAY)
    assert found.in_force.on == dt.date(2021, 3, 31)


@pytest.mark.parametrize(
    ("leaving", "code"),
    [
        (act("ZAF", Deed.DENUNCIATION, "2022-06-01"), "not_party"),
        (act("KHM", Deed.DENUNCIATION, "2021-03-15"), "not_party"),
        (act("KHM", Deed.DENUNCIATION, "2022-03-30"), "too_early"),
        (act("KHM", Deed.DENUNCIATION_WITHDRAWN, "2022-06-01"), "not_leaving"),
        (act("KHM", Deed.PROVISIONAL_ENDED, "2022-06-01"), "not_provisional"),
    ],
)
def test_leaving_where_one_cannot_is_flagged(leaving: Act, code: str) -> None:
    """Before being bound, before the time is over, without having begun."""
    found = status(treaty(), (*THREE, leaving), DAY)
    assert codes(found) == [code]
    assert row_of(found, "KHM").standing is Standing.PARTY


@pytest.mark.parametrize(
    ("state", "day", "code"),
    [
        ("KHM", "2022-03-30", ["too_early"]),  # bound with the instrument, on 2021-03-31
        ("KHM", "2022-03-31", []),
        ("ZAF", "2022-03-31", ["too_early"]),  # bound on 2022-01-30, by its later accession
        ("ZAF", "2023-01-29", ["too_early"]),
        ("ZAF", "2023-01-30", []),
    ],
)
def test_the_time_before_leaving_may_run_for_each_party(
    state: str, day: str, code: list[str]
) -> None:
    """SOLAS XI(a): five years from when the Convention entered into force for that State."""
    leaving = Exit(notice=Delay(months=12), not_before=Delay(months=12), for_each_party=True)
    acceded = act("ZAF", Deed.ACCESSION, "2021-12-31")
    acts = (*THREE, acceded, act(state, Deed.DENUNCIATION, day))
    assert codes(status(treaty(exit=leaving), acts, DAY)) == code


def test_an_act_after_leaving_is_flagged() -> None:
    """A former party has nothing left to object to."""
    objecting = act("KHM", Deed.AMENDMENT_ACCEPTED, "2023-07-01", amendment="a")
    found = status(treaty(), (*THREE, LEFT, objecting), DAY)
    assert "after_leaving" in codes(found)


def test_who_left_may_come_back() -> None:
    """By consenting anew, from its own day."""
    again = act("KHM", Deed.ACCESSION, "2023-09-01")
    found = status(treaty(), (*THREE, LEFT, again), DAY)
    assert codes(found) == []
    assert row_of(found, "KHM").standing is Standing.PARTY
    assert row_of(found, "KHM").bound_from == dt.date(2023, 10, 1)


def test_a_denunciation_may_be_taken_back_in_time() -> None:
    """Vienna Convention 68."""
    back = act("KHM", Deed.DENUNCIATION_WITHDRAWN, "2023-01-01")
    found = status(treaty(), (*THREE, LEFT, back), DAY)
    assert row_of(found, "KHM").standing is Standing.PARTY

    late = act("KHM", Deed.DENUNCIATION_WITHDRAWN, "2023-07-01")
    assert codes(status(treaty(), (*THREE, LEFT, late), DAY)) == ["not_party"]


def test_where_the_text_has_no_way_out_a_denunciation_is_flagged() -> None:
    """Vienna Convention 56: it is not for a tool to say that there is one."""
    found = status(treaty(exit=NotProvided()), (*THREE, LEFT), DAY)
    assert codes(found) == ["no_clause"]


def test_where_the_way_out_is_unknown_no_day_is_made_up() -> None:
    """It is leaving; until when is not known."""
    found = status(treaty(exit=Unknown(reason="not public")), (*THREE, LEFT), DAY)
    row = row_of(found, "KHM")
    assert (row.standing, row.bound_until) == (Standing.LEAVING, None)
    assert "not known: not public" in row.notes[0]


def test_notice_may_be_without_a_first_day() -> None:
    """At any time, with six months."""
    exit_ = Exit(notice=Delay(months=6))
    early = act("KHM", Deed.DENUNCIATION, "2021-04-01")
    found = status(treaty(exit=exit_), (*THREE, early), DAY)
    assert row_of(found, "KHM").bound_until == dt.date(2021, 10, 1)


def test_provisional_application_begins_and_ends() -> None:
    """Where the treaty has it, and while the state is not bound."""
    begun = act("KHM", Deed.PROVISIONAL, "2020-05-01")
    agreement = treaty(provisional=True)
    assert row_of(status(agreement, [begun], DAY), "KHM").standing is Standing.PROVISIONAL

    ended = act("KHM", Deed.PROVISIONAL_ENDED, "2020-06-01")
    assert row_of(status(agreement, [begun, ended], DAY), "KHM").standing is Standing.NONE
    assert codes(status(treaty(), [begun], DAY)) == ["no_clause"]
    unknown = treaty(provisional=Unknown(reason="not public"))
    assert codes(status(unknown, [begun], DAY)) == ["unknown_clause"]
