# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a consultation says, ready to be shown: opinions with their bars, groups, the plane."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from comity.council.consult.bound import MILLION, lower_bound, smoothed
from comity.council.consult.bridge import consensus, represent
from comity.council.consult.consultation import Consultation, Thresholds
from comity.council.consult.opinion import LeftOut, Opinion
from comity.council.consult.outcome import (
    State,
    Tally,
    Weighing,
    is_enough_on_side,
    missing_answers,
    reaches,
    worst_group,
    worst_stratum,
)
from comity.council.consult.picture import Dot, hull
from comity.council.consult.result import Result, weighings
from comity.desk.council.consult.conclusion import Concluded
from comity.desk.log.shelf import place_of
from comity.kernel.canonical import Json
from comity.kernel.ids import MemberId
from comity.kernel.instant import to_rfc3339
from comity.kernel.truth import Truth

TELLING = 5
"""So many opinions are shown by which a found group is told from the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How one group answered one opinion.

    Args:
        share: Lower bound of a declared group, smoothed share of a found one; in millionths.
        reached: Whether it surely reaches the threshold; of a found group, whether it does.
        missing: Answers that would settle it at the share so far; None where none would.
    """

    group: str
    tally: Tally
    share: int
    reached: Truth
    missing: int | None = 0

    def to_json(self) -> dict[str, Json]:
        """Write the bar as plain JSON values."""
        return {
            "group": self.group,
            "agree": self.tally.agree,
            "disagree": self.tally.disagree,
            "pass": self.tally.passed,
            "seen": self.tally.seen,
            "share_millionths": self.share,
            "reached": self.reached.value,
            "missing_answers": self.missing,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One opinion with its three numbers.

    Args:
        worst_stratum: The declared group that agrees least surely, first of the numbers.
        worst_group: The found group that agrees least, second; "" where none was found.
        consensus: Product of the found groups' shares, in millionths.
        intercept: Third; in millionths; decides nothing.
        strata: Bars of the declared groups.
        groups: Bars of the found groups.
        sides: Bars of the sides of the main divide; none where there is no divide.
    """

    opinion: Opinion
    state: State
    worst_stratum: str
    bound: int
    worst_group: str
    share: int
    consensus: int
    intercept: int
    strata: tuple[Bar, ...]
    groups: tuple[Bar, ...]
    sides: tuple[Bar, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Write the opinion as plain JSON values."""
        return {
            "name": self.opinion.name,
            "text": self.opinion.text,
            "language": self.opinion.language,
            "seed": self.opinion.is_seed,
            "state": self.state.value,
            "worst_declared_group": self.worst_stratum,
            "bound_millionths": self.bound,
            "worst_found_group": self.worst_group,
            "share_millionths": self.share,
            "consensus_millionths": self.consensus,
            "intercept_millionths": self.intercept,
            "declared": [bar.to_json() for bar in self.strata],
            "found": [bar.to_json() for bar in self.groups],
            "sides": [bar.to_json() for bar in self.sides],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One declared group.

    Args:
        place: Where its signed count stands; "" where it has not handed in.
        is_counted: Whether that count's checkpoint meets the reader's quorum.
    """

    name: str
    member: MemberId
    signer: str
    people: int
    place: str
    is_counted: bool

    def to_json(self) -> dict[str, Json]:
        """Write the group as plain JSON values."""
        return {
            "name": self.name,
            "member": self.member,
            "signer": self.signer,
            "people": self.people,
            "place": self.place or None,
            "quorum_met": self.is_counted,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One group found in the answers.

    Args:
        hull: Corners of its shape on the plane, in thousandths.
        agrees_apart: Opinions it is told by, as it agrees with them more than others do.
        disagrees_apart: The same of disagreeing.
    """

    name: str
    people: int
    hull: tuple[tuple[int, int], ...]
    agrees_apart: tuple[str, ...]
    disagrees_apart: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Write the group as plain JSON values."""
        return {
            "name": self.name,
            "people": self.people,
            "hull_thousandths": [list(corner) for corner in self.hull],
            "told_by_agreeing": list(self.agrees_apart),
            "told_by_disagreeing": list(self.disagrees_apart),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationSheet:
    """A consultation and what came of it.

    Args:
        place: Where the consultation stands.
        result: Where the result stands; "" where it was only just computed.
        rows: Opinions by state, then by bound.
        dots: The plane: cells with how many people lie in each.
        remarks: What does not count and why, in sentences.
    """

    place: str
    asked: Consultation
    result: str
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]
    found: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]
    dots: tuple[Dot, ...]
    remarks: tuple[str, ...]

    def of(self, state: State) -> tuple[Row, ...]:
        """Return the opinions in one state."""
        return tuple(row for row in self.rows if row.state is state)

    def to_json(self) -> dict[str, Json]:
        """Write the sheet as plain JSON values; shares and coordinates are integers."""
        limits = self.asked.thresholds
        return {
            "consultation": self.place,
            "result": self.result or None,
            "question": self.asked.question,
            "groups_are": self.asked.kind,
            "opens": to_rfc3339(self.asked.opens),
            "closes": to_rfc3339(self.asked.closes),
            "adding": self.asked.adding or None,
            "thresholds": {
                "agree": str(limits.agree),
                "found": str(limits.found),
                "least_seen": limits.least_seen,
                "both_sides": limits.both_sides,
            },
            "groups": [one.to_json() for one in self.parts],
            "opinions": [row.to_json() for row in self.rows],
            "counts": {state.value: len(self.of(state)) for state in State},
            "found_groups": [one.to_json() for one in self.found],
            "left_out": [_left_json(one) for one in self.left_out],
            "dots_thousandths": [[d.across, d.up, d.people, d.group] for d in self.dots],
            "remarks": list(self.remarks),
        }


def sheet_of(concluded: Concluded, names: Mapping[MemberId, str]) -> ConsultationSheet:
    """Return a conclusion as it is shown.

    Args:
        names: What members are called here.
    """
    standing, result = concluded.standing, concluded.result
    said = concluded.said
    rows = list(_rows(result, standing.opinions))
    order = list(State)
    rows.sort(key=lambda row: (order.index(row.state), -row.bound, row.opinion.name))
    return ConsultationSheet(
        place=place_of(standing.reference),
        asked=standing.asked,
        result="" if said is None else place_of(said.reference),
        parts=tuple(_parts(concluded, names)),
        rows=tuple(rows),
        found=tuple(_found(result, concluded.dots)),
        left_out=tuple(standing.left_out.values()),
        dots=concluded.dots,
        remarks=concluded.gathered.refused,
    )


def _rows(result: Result, opinions: Mapping[str, Opinion]) -> Iterator[Row]:
    every = zip(result.opinions, weighings(result), strict=True)
    for place, (name, weighing) in enumerate(every):
        stratum, bound = worst_stratum(weighing)
        group, share = worst_group(weighing)
        agree = [one.agree for one in weighing.groups]
        product = consensus(agree, [one.seen for one in weighing.groups])
        yield Row(
            opinion=opinions[name],
            state=result.states[place],
            worst_stratum=result.strata[stratum],
            bound=bound,
            worst_group=letter(group) if weighing.groups else "",
            share=share,
            consensus=int(product * MILLION),
            intercept=result.intercept[place],
            strata=tuple(_declared_bars(result.strata, weighing, result.thresholds)),
            groups=tuple(_found_bars(weighing, result.thresholds)),
            sides=tuple(_side_bars(weighing, result.thresholds)),
        )


def _declared_bars(
    strata: Sequence[str], weighing: Weighing, thresholds: Thresholds
) -> Iterator[Bar]:
    for name, tally in zip(strata, weighing.strata, strict=True):
        yield Bar(
            group=name,
            tally=tally,
            share=lower_bound(tally.agree, tally.seen),
            reached=reaches(tally, thresholds),
            missing=missing_answers(tally, thresholds),
        )


def _found_bars(weighing: Weighing, thresholds: Thresholds) -> Iterator[Bar]:
    for place, tally in enumerate(weighing.groups):
        share = smoothed(tally.agree, tally.seen)
        yield Bar(
            group=letter(place),
            tally=tally,
            share=int(share * MILLION),
            reached=Truth.from_bool(share >= thresholds.found),
        )


def _side_bars(weighing: Weighing, thresholds: Thresholds) -> Iterator[Bar]:
    for place, tally in enumerate(weighing.sides):
        yield Bar(
            group=f"side {place + 1}",
            tally=tally,
            share=int(smoothed(tally.agree, tally.seen) * MILLION),
            reached=Truth.from_bool(is_enough_on_side(tally, thresholds)),
        )


def _parts(concluded: Concluded, names: Mapping[MemberId, str]) -> Iterator[Part]:
    for one in sorted(concluded.standing.asked.strata, key=lambda each: each.name):
        handed = concluded.gathered.counted.get(one.name)
        yield Part(
            name=one.name,
            member=one.signer,
            signer=names.get(one.signer, one.signer[:16]),
            people=0 if handed is None else handed.count.people,
            place="" if handed is None else place_of(handed.said.reference),
            is_counted=handed is not None and handed.said.is_counted,
        )


def _found(result: Result, dots: Sequence[Dot]) -> Iterator[Found]:
    agreeing = represent(result.by_group)
    disagreeing = represent(result.by_group, by_disagreement=True)
    for group in range(len(result.by_group.agree)):
        own = [dot for dot in dots if dot.group == group]
        yield Found(
            name=letter(group),
            people=sum(dot.people for dot in own),
            hull=hull([(dot.across, dot.up) for dot in own]),
            agrees_apart=_named(result, agreeing.sets_apart(group)),
            disagrees_apart=_named(result, disagreeing.sets_apart(group)),
        )


def _named(result: Result, places: Sequence[int]) -> tuple[str, ...]:
    return tuple(result.opinions[place] for place in places[:TELLING])


def letter(group: int) -> str:
    """Name a found group."""
    return "ABCDE"[group]


def _left_json(left: LeftOut) -> dict[str, Json]:
    return {
        "name": left.name,
        "sha256": left.sha256.hex(),
        "reason": left.reason,
        "text": left.text,
    }
